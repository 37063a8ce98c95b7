import { InvocationContext } from '@azure/functions';
import * as df from 'durable-functions';

import { activities } from '../../../activities';
import { toHandler } from '../../../activities/activity';
import type { Activity } from '../../../activities/activity';
import type { Clients } from '../../../clients';
import type { DurableCall, HistoryEvent } from '../../../host/durable/contract';
import { Driver } from '../../host/durable/support/driver';
import type { ManualClock } from '../../host/durable/support/manual-clock';
import { invokeRegistered } from '../../host/durable/support/worker';
import { registry } from '../../support/orchestrations';
import type { RecordedExecution } from './recorded';
import { decisionsOver, inputOf, turnsOf } from './replay';

type AnyActivity = Activity<unknown, unknown>;

/** What an activity is in a recording. */
export type Cast = (name: string) => { readonly activity: AnyActivity; readonly clients: Clients };

let cast: Cast = (name) => {
  throw new Error(`Nobody plays ${name}.`);
};

/** Registers the orchestrations as the app does, and activities that whoever records chooses. */
export function registerOnce(): void {
  for (const [name, handler] of registry) df.app.orchestration(name, handler);
  for (const name of Object.keys(activities)) {
    df.app.activity(name, {
      handler: (input: unknown, { triggerMetadata = {} }) => {
        const { activity, clients } = cast(name);
        const invocation = new InvocationContext({
          functionName: name,
          logHandler: () => undefined,
          triggerMetadata,
        });
        return toHandler(activity, clients)(input, invocation) as Promise<unknown>;
      },
    });
  }
}

/** The real activities, on a simulated Azure. */
export function realCast(clients: Clients): Cast {
  return (name) => ({
    activity: activities[name as keyof typeof activities] as AnyActivity,
    clients,
  });
}

interface Seen {
  readonly orchestration: string;
  readonly trigger: Trigger;
}

interface Trigger {
  readonly history: HistoryEvent[];
  readonly input: unknown;
  readonly instanceId: string;
  readonly parentInstanceId: string | null;
}

/** An engine that remembers the history of every execution of every instance. */
export class Recorder {
  readonly driver: Driver;
  readonly #cast: Cast;
  readonly #seen: Seen[] = [];

  constructor(as: Cast, { clock, databasePath = ':memory:' }: Place = {}) {
    this.#cast = as;
    this.driver = new Driver({
      ...(clock && { clock }),
      databasePath,
      invoke: (call) => Promise.resolve(this.#invoke(call)),
    });
    this.driver.engine.open();
  }

  /** Starts an instance and lets it end. @returns its output, as text. */
  async run(
    orchestration: string,
    instanceId: string,
    input: unknown,
  ): Promise<string | undefined> {
    const { output } = await this.driver.run(orchestration, input, { instanceId });
    return output;
  }

  async executions(): Promise<readonly RecordedExecution[]> {
    const all: RecordedExecution[] = [];
    for (const seen of this.#seen) all.push(await recorded(seen));
    return all;
  }

  #invoke(call: DurableCall): unknown {
    cast = this.#cast;
    if (call.kind === 'orchestration') this.#remember(call);
    return invokeRegistered(call);
  }

  /** The engine's own history goes on growing until the execution has ended; a copy of it is left out. */
  #remember({ trigger, functionName: orchestration }: DurableCall): void {
    const { history } = trigger as Trigger;
    if (!(history[0]?.Timestamp instanceof Date)) return;
    if (this.#seen.some((each) => each.trigger.history === history)) return;
    // Replayed code may change its input.
    const input = structuredClone((trigger as Trigger).input);
    this.#seen.push({ orchestration, trigger: { ...(trigger as Trigger), input } });
  }
}

interface Place {
  readonly clock?: ManualClock;
  readonly databasePath?: string;
}

async function recorded({ orchestration, trigger }: Seen): Promise<RecordedExecution> {
  const { history, input, instanceId, parentInstanceId } = trigger;
  const known = {
    ...{ orchestration, instanceId, parentInstanceId: parentInstanceId ?? undefined, input },
    history,
  };
  const calledWith: Record<string, unknown> = {};
  let continued: { readonly input: unknown } | undefined;
  for (const { before } of turnsOf(history)) {
    const outcome = await decisionsOver({ ...known, calledWith }, before);
    for (const decision of outcome.decisions) {
      const value = inputOf(decision);
      if (value !== undefined) calledWith[decision.id] = value;
    }
    continued = outcome.continuation;
  }
  return { ...known, calledWith, ...(continued && { continuedWith: continued.input }) };
}
