import { randomUUID } from 'node:crypto';

import type { AppFunction, FunctionHandler } from '../loading/function-metadata';
import type { LoadedApp } from '../loading/load-app';
import type {
  CoreInvocation,
  InvocationAnswer,
  InvocationModel,
  NamedData,
  TypedData,
} from '../loading/programming-model';
import type { HostLog, LogLevel } from '../log';
import { within } from './function-timeout';
import { withHiddenHistory } from './hidden-history';

/** What a function is called with. */
export interface Invocation {
  readonly function: AppFunction;
  /** Values that the SDK converts */
  readonly inputData?: readonly NamedData[];
  /** A trigger value handed over as it is, instead of through `inputData` */
  readonly trigger?: unknown;
  readonly triggerMetadata?: Readonly<Record<string, TypedData>>;
  /** The orchestration or entity instance on whose behalf it runs */
  readonly instance?: string;
  /** Given the context before the handler runs */
  readonly watch?: (context: object) => void;
}

export interface InvocationResult {
  /** What the handler returned */
  readonly result: unknown;
  /** The handler threw `undefined` or `null`, which counts as returning nothing */
  readonly threwNothing?: boolean;
  /** The same in the form in which the SDK sends it to the host */
  readonly answer: () => Promise<InvocationAnswer>;
}

/** Runs one function; rejects with what it threw, or with `FunctionTimeout`. */
export type Invoke = (invocation: Invocation) => Promise<InvocationResult>;

type CoreLog = (level: LogLevel, category: string, message: string) => void;

/** What the hooks of one invocation share. */
interface HookScope {
  readonly hookData: object;
  readonly appHookData: object;
  /** Missing until the SDK has made it */
  invocationContext?: object;
}

/** Runs functions through the worker's pipeline: arguments, hooks, handler, hooks, answer. */
export function createInvoke(app: LoadedApp, log: HostLog, functionTimeoutMs: number): Invoke {
  return (invocation) => {
    const invocationId = randomUUID();
    const { name } = invocation.function;
    const scope: HookScope = { hookData: {}, appHookData: app.hookData };
    const about = {
      function: name,
      invocation: invocationId,
      ...(invocation.instance === undefined ? {} : { instance: invocation.instance }),
    };
    const core = toCore(invocation, invocationId, (level, category, message) => {
      const line = { ...scope, level, category, message };
      app.hooks.runLog(line);
      const subject = isReplaying(scope) ? { ...about, replay: true as const } : about;
      if (category === 'user') log.app(line.level, line.message, subject);
      else log.write(line.level, line.message, subject);
    });
    const call = { limitMs: functionTimeoutMs, functionName: name, invocationId };
    return within(run(app, { core, invocation, scope }), call);
  };
}

/** The SDK of Durable Functions says so in the context of an orchestrator. */
function isReplaying({ invocationContext }: HookScope): boolean {
  const { df } = (invocationContext ?? {}) as { df?: { isReplaying?: unknown } };
  return df?.isReplaying === true;
}

function toCore(invocation: Invocation, invocationId: string, log: CoreLog): CoreInvocation {
  return {
    invocationId,
    metadata: invocation.function.metadata,
    request: {
      invocationId,
      functionId: invocation.function.id,
      inputData: invocation.inputData ?? [],
      triggerMetadata: invocation.triggerMetadata ?? {},
    },
    log,
  };
}

interface Prepared {
  readonly core: CoreInvocation;
  readonly invocation: Invocation;
  readonly scope: HookScope;
}

async function run(app: LoadedApp, prepared: Prepared): Promise<InvocationResult> {
  const { core, invocation, scope } = prepared;
  const model = app.model.getInvocationModel(core);
  const { context, inputs } = await model.getArguments();
  if (invocation.trigger !== undefined) inputs.push(invocation.trigger);
  scope.invocationContext = context;
  invocation.watch?.(context);

  core.state = 'preInvocationHooks';
  const before = { ...scope, functionCallback: invocation.function.handler, inputs };
  await app.hooks.run('preInvocation', before);

  core.state = 'invocation';
  const call = { context, inputs: before.inputs, handler: before.functionCallback };
  const ended = await withHiddenHistory(invocation.trigger, () => attempt(model, call));
  const after = { ...scope, inputs: before.inputs, ...ended };

  core.state = 'postInvocationHooks';
  await app.hooks.run('postInvocation', after);
  if (after.error !== undefined && after.error !== null) throw after.error as Error;
  const { result, threwNothing } = after;
  return { result, threwNothing, answer: () => model.getResponse(context, result) };
}

interface HandlerCall {
  readonly context: object;
  readonly inputs: unknown[];
  readonly handler: FunctionHandler;
}

/** Throwing `undefined` or `null` counts as returning nothing, as in the worker. */
async function attempt(
  model: InvocationModel,
  { context, inputs, handler }: HandlerCall,
): Promise<{ result: unknown; error: unknown; threwNothing: boolean }> {
  try {
    const result = await model.invokeFunction(context, inputs, handler);
    return { result, error: undefined, threwNothing: false };
  } catch (error) {
    const threwNothing = error === undefined || error === null;
    return { result: undefined, error, threwNothing };
  }
}
