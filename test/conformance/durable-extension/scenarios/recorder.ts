import { app } from '@azure/functions';
import { appendFileSync } from 'node:fs';

/** One call of a function: what the engine gave it, and what the SDK gave back. */
export interface Invocation {
  readonly function: string;
  readonly kind: string;
  readonly input: unknown;
  readonly result?: unknown;
  readonly error?: string;
}

/** Writes each call of an orchestrator or entity into a file, as a line of JSON. */
export function recordInvocations(file: string): void {
  app.hook.preInvocation(({ hookData, inputs }) => {
    hookData['input'] = JSON.stringify(inputs[0]); // now, since the SDK changes what it is given
  });
  app.hook.postInvocation(({ hookData, invocationContext, result, error }) => {
    const { functionName, options } = invocationContext;
    const kind = options.trigger.type.replace('Trigger', '');
    if (kind !== 'orchestration' && kind !== 'entity') return;
    const invocation: Invocation = {
      ...{ function: functionName, kind, input: JSON.parse(String(hookData['input'])) as unknown },
      ...(error instanceof Error ? { error: error.message } : { result: result }),
    };
    appendFileSync(file, `${JSON.stringify(invocation)}\n`);
  });
}
