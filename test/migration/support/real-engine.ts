import type { OrchestrationContext, RetryOptions } from 'durable-functions';

import { InvocationContext } from '@azure/functions';

import { activities } from '../../../activities';
import { toHandler } from '../../../activities/activity';
import type { Activity } from '../../../activities/activity';
import type { Clients } from '../../../clients';
import { orchestrator } from '../../../orchestrations/workflow';
import type { Orchestration } from '../../../orchestrations/workflow';
import { registry } from '../../support/orchestrations';

/** Where time comes from, and goes. */
export interface EngineClock {
  now(): number;
  advance(milliseconds: number): void;
}

/**
 * What happens around an activity: `before` it is called, and `after` it is done and before anybody knows. Whatever is thrown
 * there is a crash: the activity is called once more.
 */
export interface Disturbance {
  readonly before?: (call: ActivityCall) => void;
  readonly after?: (call: ActivityCall) => void | Promise<void>;
  /** Is told every line that an activity logs, and what it answers. */
  readonly told?: (text: string) => void;
}

export interface ActivityCall {
  readonly name: string;
  readonly nth: number;
  readonly input: unknown;
}

export class Crash extends Error {
  override readonly name = 'Crash';
}

type FakeTask =
  | {
      readonly kind: 'activity';
      readonly name: keyof typeof activities;
      readonly retry: RetryOptions;
      readonly input: unknown;
    }
  | { readonly kind: 'child'; readonly name: string; readonly input: unknown; readonly id: string }
  | { readonly kind: 'timer'; readonly at: Date }
  | { readonly kind: 'all'; readonly tasks: readonly FakeTask[] };

type Settled = { readonly value: unknown } | { readonly error: unknown };

/**
 * Runs orchestrations with the real activities and a clock of which timers and retries are the only ones to move it. One
 * thing after the other: what an orchestration starts at once is done in turn.
 */
export class RealEngine {
  readonly calls: ActivityCall[] = [];
  readonly #clients: Clients;
  readonly #clock: EngineClock;
  readonly #disturbance: Disturbance;
  readonly #settled = new Map<FakeTask, Settled>();

  constructor(clients: Clients, clock: EngineClock, disturbance: Disturbance = {}) {
    this.#clients = clients;
    this.#clock = clock;
    this.#disturbance = disturbance;
  }

  /** @returns what the instance ends with. */
  async run<I, O>(body: Orchestration<I, O>, instanceId: string, input: I): Promise<unknown> {
    return this.#instance(orchestrator(body as Orchestration<unknown, unknown>), instanceId, input);
  }

  async #instance(
    body: ReturnType<typeof orchestrator>,
    instanceId: string,
    first: unknown,
  ): Promise<unknown> {
    let next: { readonly input: unknown } | undefined = { input: json(first) };
    let output: unknown;
    while (next) {
      const again: { input?: unknown } = {};
      output = await this.#replay(body(this.#context(instanceId, next.input, again)));
      next = 'input' in again ? { input: json(again.input) } : undefined;
    }
    return json(output);
  }

  async #replay(run: Generator<unknown, unknown, unknown>): Promise<unknown> {
    let turn = run.next();
    while (!turn.done) {
      const end = await this.#settle(turn.value as FakeTask);
      turn = 'error' in end ? run.throw(end.error) : run.next(end.value);
    }
    return turn.value;
  }

  #context(instanceId: string, input: unknown, again: { input?: unknown }): OrchestrationContext {
    const clock = this.#clock;
    const df = {
      instanceId,
      isReplaying: false,
      get currentUtcDateTime() {
        return new Date(clock.now());
      },
      getInput: () => input,
      setCustomStatus: () => undefined,
      continueAsNew: (value: unknown) => {
        again.input = value;
      },
      callActivityWithRetry: (name: string, retry: RetryOptions, value: unknown) => ({
        ...{ kind: 'activity', name, retry },
        input: value,
      }),
      callSubOrchestrator: (name: string, value: unknown, id: string) => ({
        ...{ kind: 'child', name, id },
        input: value,
      }),
      createTimer: (at: Date) => ({ kind: 'timer', at }),
      Task: { all: (tasks: unknown[]) => ({ kind: 'all', tasks }) },
    };
    return { df, info: () => undefined, warn: () => undefined } as unknown as OrchestrationContext;
  }

  /** A task ends once: whoever waits for it again gets the same end. */
  async #settle(task: FakeTask): Promise<Settled> {
    const known = this.#settled.get(task) ?? (await attempt(() => this.#perform(task)));
    this.#settled.set(task, known);
    return known;
  }

  async #perform(task: FakeTask): Promise<unknown> {
    switch (task.kind) {
      case 'activity':
        return this.#callActivity(task);
      case 'child': {
        const body = registry.get(task.name);
        if (!body) throw new Error(`no orchestration is called ${task.name}`);
        return this.#instance(body, task.id, task.input);
      }
      case 'timer':
        this.#clock.advance(Math.max(0, task.at.getTime() - this.#clock.now()));
        return undefined;
      case 'all': {
        const values: unknown[] = [];
        for (const each of task.tasks) values.push(valueOf(await this.#settle(each)));
        return values;
      }
    }
  }

  async #callActivity({ name, retry, input }: Extract<FakeTask, { kind: 'activity' }>) {
    for (let failed = 1; ; failed += 1) {
      const end = await attempt(() => this.#once(name, input));
      if (!('error' in end) || failed >= retry.maxNumberOfAttempts) {
        if ('error' in end) throw new Error(String(end.error), { cause: end.error });
        return end.value;
      }
      const { firstRetryIntervalInMilliseconds: delay, backoffCoefficient } = retry;
      const wait = delay * backoffCoefficient ** (failed - 1);
      this.#clock.advance(Math.min(wait, retry.maxRetryIntervalInMilliseconds));
    }
  }

  /** A crash loses what an activity has answered, and it is called again. */
  async #once(name: keyof typeof activities, input: unknown): Promise<unknown> {
    for (;;) {
      const nth = this.calls.filter((each) => each.name === name).length;
      const call = { name, nth, input };
      this.calls.push(call);
      try {
        this.#disturbance.before?.(call);
        const activity = activities[name] as Activity<unknown, unknown>;
        const invocation = new InvocationContext({
          functionName: name,
          logHandler: (_level, line) => this.#disturbance.told?.(String(line)),
          triggerMetadata: { instanceId: 'mig_1' },
        });
        const outcome: unknown = await toHandler(activity, this.#clients)(json(input), invocation);
        this.#disturbance.told?.(JSON.stringify(outcome));
        await this.#disturbance.after?.(call);
        return json(outcome);
      } catch (error) {
        if (!(error instanceof Crash)) throw error;
      }
    }
  }
}

async function attempt(work: () => Promise<unknown>): Promise<Settled> {
  try {
    return { value: await work() };
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
