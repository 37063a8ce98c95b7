import * as df from 'durable-functions';

/** Registers an orchestrator whose waits are written `yield`. */
export function orchestrator(
  name: string,
  code: (df: df.OrchestrationContext['df']) => Generator<df.Task, unknown, unknown>,
): void {
  df.app.orchestration(name, (context: df.OrchestrationContext) => code(context.df));
}

export function activity<Input>(name: string, handler: (input: Input) => unknown): void {
  df.app.activity(name, { handler: (input) => handler(input as Input) });
}

/** Waits for the task: `const n = yield* wait<number>(df.callActivity(...))`. */
export function* wait<Value>(task: df.Task): Generator<df.Task, Value, unknown> {
  return (yield task) as Value;
}

/** A wait that may fail: its message, or its value. */
export function* attempt(task: df.Task): Generator<df.Task, unknown, unknown> {
  try {
    return yield task;
  } catch (error) {
    return error instanceof Error ? error.message : error;
  }
}

/** The first line of a failure's text: what follows is made by .NET. */
export const firstLine = (text: unknown): string => String(text).split(' \n')[0] ?? '';
