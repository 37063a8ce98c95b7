/**
 * The typed surface an orchestration is written against. This file is the only one in
 * `orchestrations/` that touches `durable-functions` at run time.
 */
import { RetryOptions } from 'durable-functions';
import type {
  DurableOrchestrationContext,
  OrchestrationContext,
  OrchestrationHandler,
  Task,
} from 'durable-functions';

import type { Activities } from '../activities';
import { correlationOf, runNameOf } from '../domain/correlation';
import { jsonLog } from '../domain/log';
import type { Log } from '../domain/log';
import { FailureError, failureOf } from '../domain/outcome';
import type { Outcome } from '../domain/outcome';
import type { Progress } from '../domain/progress';
import type { Wire } from '../domain/wire';
import { retryPolicyFor, steps } from './retry-policies';
import type { RetryPolicy } from './retry-policies';

/** Work recorded by the durable engine. `yield*` waits for it and has the type of its result. */
export interface Durable<T> {
  readonly task: Task;
  readonly decode: (raw: unknown) => T;
  [Symbol.iterator](): Generator<Task, T, unknown>;
}

/** Body of an orchestration, or of a part of one. It waits only by `yield*`. */
export type Run<T> = Generator<Task, T, unknown>;

/** An orchestration: its registered name is the name of the function. */
export type Orchestration<I, O> = (workflow: Workflow, input: I) => Run<O>;

/** Every activity, callable by its own name, with its own input and result types. */
export type ActivityCalls = {
  readonly [Name in keyof Activities]: (
    input: Parameters<Activities[Name]>[0],
  ) => Durable<Wire<Awaited<ReturnType<Activities[Name]>>>>;
};

export interface Workflow {
  readonly instanceId: string;
  readonly activities: ActivityCalls;
  /** The same, as patient as a step: for a run that has begun to change a cluster. */
  readonly patiently: ActivityCalls;
  readonly log: Log;
  /** Time of the current replay step: the same on every replay. */
  readonly now: () => Date;
  readonly sleepSeconds: (seconds: number) => Durable<void>;
  /**
   * Runs another orchestration as a child. Its instance id is this one's, a dot and `suffix`: unique,
   * because the engine silently replaces a live instance of the same id.
   */
  readonly child: <I, O>(
    orchestration: Orchestration<I, O>,
    input: I,
    suffix: string,
  ) => Durable<Wire<O>>;
  /** Starts everything at once and waits for all of it, whatever becomes of each part. */
  readonly allSettled: <T>(parts: readonly Durable<T>[]) => Run<readonly Outcome<T>[]>;
  /** What the run is doing, for the status endpoint. At most 16 KB of JSON. */
  readonly report: (progress: Progress) => void;
  /** Begins again with a fresh history; nothing may follow. */
  readonly continueAsNew: (input: object) => void;
}

/**
 * Makes an orchestration out of its body. A decided failure becomes a value, so that it crosses to
 * the parent whole; anything else that is thrown is a bug and fails the instance.
 */
export function orchestrator<I, O>(body: Orchestration<I, O>): OrchestrationHandler {
  return function* (context) {
    try {
      const value = yield* body(createWorkflow(context), context.df.getInput<I>());
      return { ok: true, value } satisfies Outcome<O>;
    } catch (error) {
      if (!(error instanceof FailureError)) throw error;
      return { ok: false, failure: error.failure };
    }
  };
}

export function createWorkflow(context: OrchestrationContext): Workflow {
  const { df } = context;
  return {
    instanceId: df.instanceId,
    activities: activityCalls(context, retryPolicyFor),
    patiently: activityCalls(context, () => steps),
    log: replaySafeLog(context),
    now: () => df.currentUtcDateTime,
    sleepSeconds: (seconds) => {
      const wakeAt = new Date(df.currentUtcDateTime.getTime() + Math.ceil(seconds) * 1000);
      return durable(df.createTimer(wakeAt), () => undefined);
    },
    child: <I, O>({ name }: Orchestration<I, O>, input: I, suffix: string) => {
      const task = df.callSubOrchestrator(name, input, `${df.instanceId}.${suffix}`);
      return durable(task, unwrap<Wire<O>>);
    },
    allSettled: (parts) => allSettled(df, parts),
    report: (progress) => {
      df.setCustomStatus(progress);
    },
    continueAsNew: (input) => {
      df.continueAsNew(input);
    },
  };
}

function activityCalls(
  { df }: OrchestrationContext,
  policyOf: (name: keyof Activities) => RetryPolicy,
): ActivityCalls {
  return new Proxy({} as ActivityCalls, {
    get: (_target, name: keyof Activities) => (input: unknown) => {
      const { firstDelaySeconds, attempts, factor, maxDelaySeconds } = policyOf(name);
      const retry = new RetryOptions(firstDelaySeconds * 1000, attempts);
      retry.backoffCoefficient = factor;
      retry.maxRetryIntervalInMilliseconds = maxDelaySeconds * 1000;
      return patient(durable(df.callActivityWithRetry(name, retry, input), unwrap), name);
    },
  });
}

function durable<T>(task: Task, decode: (raw: unknown) => T): Durable<T> {
  return {
    task,
    decode,
    *[Symbol.iterator]() {
      return decode(yield task);
    },
  };
}

/**
 * An activity throws only what is worth repeating, so what arrives here has been repeated in vain: that
 * is Azure's doing, or the store's, and no bug.
 */
function patient<T>(call: Durable<T>, name: string): Durable<T> {
  const { task, decode } = call;
  return {
    task,
    decode,
    *[Symbol.iterator]() {
      let raw: unknown;
      try {
        raw = yield task;
      } catch (error) {
        const reason = error instanceof Error ? error.message : String(error);
        const [cause = ''] = reason.replace(/^Activity function '[^']*' failed: /, '').split('\n');
        throw new FailureError({
          code: 'Unavailable',
          message: `${name} was repeated in vain, last because of: ${cause.trim().slice(0, 200)}`,
          next: 'Wait until Azure answers again, then onboard the cluster again.',
        });
      }
      return decode(raw);
    },
  };
}

function* allSettled<T>(
  df: DurableOrchestrationContext,
  parts: readonly Durable<T>[],
): Run<readonly Outcome<T>[]> {
  if (parts.length === 0) return []; // the engine refuses an empty list
  try {
    yield df.Task.all(parts.map((part) => part.task));
  } catch {
    // By now every part is under way. Each is waited for, and judged, below.
  }

  const outcomes: Outcome<T>[] = [];
  for (const part of parts) {
    try {
      outcomes.push({ ok: true, value: yield* part });
    } catch (error) {
      outcomes.push({ ok: false, failure: failureOf(error) });
    }
  }
  return outcomes;
}

/** A decided failure crosses the history as a value and becomes an exception again here. */
function unwrap<T>(raw: unknown): T {
  const outcome = raw as Outcome<T>;
  if (!outcome.ok) throw new FailureError(outcome.failure);
  return outcome.value;
}

/** Silent while the history is replayed, so that every entry is written once. */
function replaySafeLog(context: OrchestrationContext): Log {
  const { df } = context;
  const run = runNameOf(df.instanceId);
  const { id: correlationId } = correlationOf(df.instanceId);
  const unlessReplayed =
    (level: 'debug' | 'info' | 'warn' | 'error') =>
    (line: string): void => {
      if (!df.isReplaying) context[level](line);
    };
  return jsonLog(
    {
      debug: unlessReplayed('debug'),
      info: unlessReplayed('info'),
      warn: unlessReplayed('warn'),
      error: unlessReplayed('error'),
    },
    { now: () => df.currentUtcDateTime, about: { run, correlationId } },
  );
}
