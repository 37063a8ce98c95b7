import { InvocationContext } from '@azure/functions';
import type { OrchestrationContext } from 'durable-functions';

import { activities } from '../../activities';
import type { Activities } from '../../activities';
import { toHandler } from '../../activities/activity';
import type { Activity } from '../../activities/activity';
import type { Clients } from '../../clients';
import type { Outcome } from '../../domain/outcome';
import { orchestrator } from '../../orchestrations/workflow';
import type { Orchestration } from '../../orchestrations/workflow';
import type { TestAzure } from '../activities/support/azure';
import { registry } from './orchestrations';

/** Is told of each call of an activity, and may break it down: before its effect, or after. */
export type Watch = (name: string, nth: number, moment: 'before' | 'after') => void;

interface Stage {
  readonly azure: TestAzure;
  readonly clients?: Clients;
  /** When the first activity begins, by the clock of the simulated Azure; as soon as it can if that is over. */
  readonly startedAt?: number;
  readonly watch?: Watch;
}

type FakeTask =
  | { readonly kind: 'activity'; readonly name: keyof Activities; readonly input: unknown }
  | { readonly kind: 'child'; readonly name: string; readonly input: unknown; readonly id: string }
  | { readonly kind: 'timer'; readonly at: Date };

const mostAttempts = 30;

/**
 * Runs an orchestration to its end with the real activities on a simulated Azure, whose time moves with the timers of
 * the run alone. What is thrown by an activity is repeated a minute later.
 */
export async function runOnAzure<I, O>(
  body: Orchestration<I, O>,
  input: I & { readonly runId: string },
  stage: Stage,
): Promise<Outcome<O>> {
  const run = orchestrator(body as Orchestration<unknown, unknown>);
  const engine = new AzureEngine(stage);
  return (await engine.run(run, `fleet_1.${input.runId}`, input)) as Outcome<O>;
}

const worldBegins = Date.UTC(2026, 10, 24, 8);
/** What the clock of each simulated Azure says, once a run has moved it. */
const times = new WeakMap<TestAzure, number>();

class AzureEngine {
  readonly #stage: Stage;
  #now: number;
  #calls = 0;

  constructor(stage: Stage) {
    this.#stage = stage;
    this.#now = times.get(stage.azure) ?? worldBegins;
    this.#advanceTo(stage.startedAt ?? this.#now);
  }

  async run(
    body: ReturnType<typeof orchestrator>,
    instanceId: string,
    first: unknown,
  ): Promise<unknown> {
    let next: { input: unknown } | undefined = { input: first };
    let output: unknown;
    while (next) {
      const again: { input?: unknown } = {};
      output = await this.#replay(body(this.#context(instanceId, next.input, again)), instanceId);
      next = 'input' in again ? { input: again.input } : undefined;
    }
    return json(output);
  }

  async #replay(run: Generator<unknown, unknown, unknown>, instanceId: string): Promise<unknown> {
    let turn = run.next();
    while (!turn.done) {
      const task = turn.value as FakeTask;
      try {
        const value = await this.#perform(task, instanceId);
        turn = run.next(value);
      } catch (error) {
        if (error instanceof Killed) throw error;
        turn = run.throw(error);
      }
    }
    return turn.value;
  }

  async #perform(task: FakeTask, instanceId: string): Promise<unknown> {
    switch (task.kind) {
      case 'timer':
        this.#advanceTo(task.at.getTime());
        return undefined;
      case 'child': {
        const body = registry.get(task.name);
        if (!body) throw new Error(`no orchestration is called ${task.name}`);
        return this.run(body, task.id, json(task.input));
      }
      case 'activity':
        return this.#call(task, instanceId);
    }
  }

  async #call({ name, input }: Extract<FakeTask, { kind: 'activity' }>, instanceId: string) {
    const { azure, watch, clients = azure.clients } = this.#stage;
    const invocation = new InvocationContext({
      functionName: name,
      logHandler: () => undefined,
      triggerMetadata: { instanceId },
    });
    const handler = toHandler(activities[name] as unknown as Activity<unknown, unknown>, clients);
    this.#calls += 1;
    const nth = this.#calls;
    watch?.(name, nth, 'before');
    for (let attempt = 1; ; attempt += 1) {
      try {
        const outcome: unknown = await handler(json(input), invocation);
        watch?.(name, nth, 'after');
        return json(outcome);
      } catch (error) {
        if (error instanceof Killed || attempt === mostAttempts) throw error;
        this.#advanceTo(this.#now + 60_000);
      }
    }
  }

  #advanceTo(time: number): void {
    if (time <= this.#now) return;
    this.#stage.azure.advanceMinutes((time - this.#now) / 60_000);
    this.#now = time;
    times.set(this.#stage.azure, time);
  }

  #context(instanceId: string, input: unknown, again: { input?: unknown }): OrchestrationContext {
    const timeOf = () => new Date(this.#now);
    const df = {
      instanceId,
      isReplaying: false,
      get currentUtcDateTime() {
        return timeOf();
      },
      getInput: () => json(input),
      setCustomStatus: () => undefined,
      continueAsNew: (value: unknown) => {
        again.input = value;
      },
      callActivityWithRetry: (name: string, _retry: unknown, value: unknown) => ({
        kind: 'activity',
        name,
        input: value,
      }),
      callSubOrchestrator: (name: string, value: unknown, id: string) => ({
        kind: 'child',
        name,
        input: value,
        id,
      }),
      createTimer: (at: Date) => ({ kind: 'timer', at }),
    };
    const quiet = () => undefined;
    return { df, info: quiet, warn: quiet } as unknown as OrchestrationContext;
  }
}

/** The process ends: nothing of the run happens any more. */
export class Killed extends Error {
  override readonly name = 'Killed';
}

function json(value: unknown): unknown {
  return value === undefined ? undefined : (JSON.parse(JSON.stringify(value)) as unknown);
}
