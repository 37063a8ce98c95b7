import type { OrchestrationContext, RetryOptions } from 'durable-functions';

import type { Activities } from '../../activities';
import { TransientError, failureOf } from '../../domain/outcome';
import type { Outcome } from '../../domain/outcome';
import type { Progress } from '../../domain/progress';
import type { Wire } from '../../domain/wire';
import { orchestrator } from '../../orchestrations/workflow';
import type { Orchestration } from '../../orchestrations/workflow';
import { registry } from './orchestrations';

/** What activities do instead of the real ones; `nth` counts the calls of each from 0. */
export type Scripted = {
  readonly [Name in keyof Activities]?: (
    input: Parameters<Activities[Name]>[0],
    nth: number,
  ) => Awaited<ReturnType<Activities[Name]>>;
};

export interface Recording<O> {
  readonly outcome: Outcome<Wire<O>>;
  /** Names of the activities in the order they were called, each attempt counted. */
  readonly calls: readonly string[];
  readonly inputs: readonly { readonly activity: string; readonly input: unknown }[];
  /** Ids of the instances in the order they began, the orchestration's own first. */
  readonly instances: readonly string[];
  readonly reports: readonly { readonly instanceId: string; readonly progress: Progress }[];
  readonly log: readonly Readonly<Record<string, unknown>>[];
  readonly minutes: number;
  /** How often an instance began again with a fresh history. */
  readonly continued: number;
}

export const startedAt = Date.UTC(2026, 10, 24, 9);

/**
 * Runs an orchestration to its end with scripted activities and a clock that only timers and retry
 * delays move. Everything that crosses a history goes through JSON, and children run in place.
 *
 * @throws what the instance ends with when that is not a decided failure.
 */
export function runOrchestration<I, O>(
  body: Orchestration<I, O>,
  input: I,
  activities: Scripted,
): Recording<O> {
  const engine = new ScriptedEngine(activities);
  const run = orchestrator(body as Orchestration<unknown, unknown>);
  const outcome = engine.run(run, 'root', input) as Outcome<Wire<O>>;
  return { outcome, ...engine.recording, minutes: (engine.now - startedAt) / 60_000 };
}

type FakeTask =
  | {
      readonly kind: 'activity';
      readonly name: keyof Activities;
      readonly retry: RetryOptions;
      readonly input: unknown;
    }
  | { readonly kind: 'child'; readonly name: string; readonly input: unknown; readonly id: string }
  | { readonly kind: 'timer'; readonly at: Date }
  | { readonly kind: 'all'; readonly tasks: readonly FakeTask[] };

type Settled = { readonly value: unknown } | { readonly error: unknown };

class ScriptedEngine {
  now = startedAt;
  readonly recording = {
    calls: [] as string[],
    inputs: [] as { activity: string; input: unknown }[],
    instances: [] as string[],
    reports: [] as { instanceId: string; progress: Progress }[],
    log: [] as Record<string, unknown>[],
    continued: 0,
  };
  readonly #activities: Scripted;
  readonly #settled = new Map<FakeTask, Settled>();
  /** A hole in the script: must reach the test, whatever the orchestration catches. */
  #gap: Error | undefined;

  constructor(activities: Scripted) {
    this.#activities = activities;
  }

  run(body: ReturnType<typeof orchestrator>, instanceId: string, first: unknown): unknown {
    if (this.recording.instances.includes(instanceId)) {
      throw this.#missing(`the instance ${instanceId} is started twice`);
    }
    this.recording.instances.push(instanceId);
    let next: { input: unknown } | undefined = { input: json(first) };
    let output: unknown;
    while (next) {
      const again: { input?: unknown } = {};
      output = this.#replay(body(this.#context(instanceId, next.input, again)));
      next = 'input' in again ? { input: json(again.input) } : undefined;
      if (next) this.recording.continued += 1;
    }
    return json(output);
  }

  #replay(run: Generator<unknown, unknown, unknown>): unknown {
    let turn = run.next();
    while (!turn.done) {
      const end = this.#settle(turn.value as FakeTask);
      if (this.#gap) throw this.#gap;
      turn = 'error' in end ? run.throw(end.error) : run.next(end.value);
    }
    return turn.value;
  }

  #context(instanceId: string, input: unknown, again: { input?: unknown }): OrchestrationContext {
    const { log, reports } = this.recording;
    const write = (line: string) => log.push(JSON.parse(line) as Record<string, unknown>);
    const timeOf = () => new Date(this.now);
    const df = {
      instanceId,
      isReplaying: false,
      get currentUtcDateTime() {
        return timeOf();
      },
      getInput: () => input,
      setCustomStatus: (progress: Progress) =>
        reports.push({ instanceId, progress: json(progress) as Progress }),
      continueAsNew: (value: unknown) => {
        again.input = value;
      },
      callActivityWithRetry: (name: string, retry: RetryOptions, value: unknown) => ({
        kind: 'activity',
        name,
        retry,
        input: value,
      }),
      callSubOrchestrator: (name: string, value: unknown, id: string) => ({
        kind: 'child',
        name,
        input: value,
        id,
      }),
      createTimer: (at: Date) => ({ kind: 'timer', at }),
      Task: { all: (tasks: unknown[]) => ({ kind: 'all', tasks }) },
    };
    return { df, info: write, warn: write } as unknown as OrchestrationContext;
  }

  /** A task ends once: whoever waits for it again gets the same end. */
  #settle(task: FakeTask): Settled {
    const known = this.#settled.get(task) ?? attempt(() => this.#perform(task));
    this.#settled.set(task, known);
    return known;
  }

  #perform(task: FakeTask): unknown {
    switch (task.kind) {
      case 'activity':
        return this.#callActivity(task);
      case 'child': {
        const body = registry.get(task.name);
        if (!body) throw this.#missing(`no orchestration is called ${task.name}`);
        return plainErrors(() => this.run(body, task.id, task.input));
      }
      case 'timer':
        this.now = Math.max(this.now, task.at.getTime());
        return undefined;
      case 'all':
        return task.tasks.map((each) => valueOf(this.#settle(each)));
    }
  }

  #callActivity({ name, retry, input }: Extract<FakeTask, { kind: 'activity' }>): unknown {
    const activity = this.#activities[name] as
      ((value: unknown, nth: number) => unknown) | undefined;
    if (!activity) throw this.#missing(`the script has no activity ${name}`);
    const { calls, inputs } = this.recording;
    const once = (): unknown => {
      const nth = calls.filter((each) => each === name).length;
      calls.push(name);
      inputs.push({ activity: name, input: json(input) });
      return json(outcomeOf(() => activity(json(input), nth)));
    };
    for (let failed = 1; ; failed += 1) {
      const end = attempt(once);
      if (!('error' in end) || failed >= retry.maxNumberOfAttempts) {
        return plainErrors(() => valueOf(end));
      }
      this.now += delayMs(retry, failed);
    }
  }

  #missing(message: string): Error {
    this.#gap ??= new Error(message);
    return this.#gap;
  }
}

function delayMs(retry: RetryOptions, failed: number): number {
  const delay = retry.firstRetryIntervalInMilliseconds * retry.backoffCoefficient ** (failed - 1);
  return Math.min(delay, retry.maxRetryIntervalInMilliseconds);
}

/** What an activity leaves in the history: only transient errors are thrown. */
function outcomeOf(work: () => unknown): Outcome<unknown> {
  try {
    return { ok: true, value: work() };
  } catch (error) {
    if (error instanceof TransientError) throw error;
    return { ok: false, failure: failureOf(error) };
  }
}

/** Across a history an error keeps its message and loses its class. */
function plainErrors(work: () => unknown): unknown {
  try {
    return work();
  } catch (error) {
    throw new Error(error instanceof Error ? error.message : String(error), { cause: error });
  }
}

function attempt(work: () => unknown): Settled {
  try {
    return { value: work() };
  } catch (error) {
    return { error };
  }
}

function valueOf(end: Settled): unknown {
  if ('error' in end) throw end.error;
  return end.value;
}

function json(value: unknown): unknown {
  return value === undefined ? undefined : (JSON.parse(JSON.stringify(value)) as unknown);
}
