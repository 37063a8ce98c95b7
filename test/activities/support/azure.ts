import { InvocationContext } from '@azure/functions';

import { toHandler } from '../../../activities/activity';
import type { Activity } from '../../../activities/activity';
import { createClients } from '../../../clients';
import type { Clients } from '../../../clients';
import { viaGateway } from '../../../clients/gateway';
import { openSqliteRecords } from '../../../clients/records/sqlite-records';
import { FailureError } from '../../../domain/outcome';
import type { Outcome } from '../../../domain/outcome';
import { startSimulator } from '../../../simulator';
import type { Scenario } from '../../../simulator';
import type { JsonObject } from '../../../simulator/json';
import { anyone } from '../../simulator/support/http-client';
import { Wire } from './wire';
import type { Sent } from './wire';

/** A request as the simulated Azure answered it. */
export interface Call {
  readonly provider: string;
  readonly operation: string;
  readonly method: string;
  readonly path: string;
  readonly status: number;
  /** Absent for reads. */
  readonly target?: string;
}

type FaultRule = NonNullable<Scenario['faults']>[number];

/** The product's clients on a simulated Azure whose time moves only when the test says so. */
export interface TestAzure extends AsyncDisposable {
  readonly clients: Clients;
  readonly sent: readonly Sent[];
  /** Runs an activity as the Functions runtime does; what it throws would be repeated. */
  call<I, O>(activity: Activity<I, O>, input: I): Promise<Outcome<O>>;
  /** The value of an activity that does not fail. */
  value<I, O>(activity: Activity<I, O>, input: I): Promise<O>;
  fail(...rules: readonly FaultRule[]): Promise<void>;
  calls(): Promise<readonly Call[]>;
  /** Writes that Azure accepted, in order: `PUT managedClusters/write`. */
  writes(): Promise<readonly string[]>;
  resource(id: string): Promise<JsonObject>;
  behave(behaviour: NonNullable<Scenario['behaviour']>): Promise<void>;
  /** Lets something happen after the activity decided on a request and before Azure sees it. */
  beforeNext(method: string, happen: () => Promise<unknown>): void;
  /** Somebody else changes the tags of a cluster. */
  patchTags(id: string, tags: JsonObject): Promise<void>;
  advanceMinutes(minutes: number): void;
}

/** @param world resources, or a cluster fixture with its context; subscriptions and groups are added. */
export async function anAzure(
  world: readonly JsonObject[] | object,
  credential = anyone,
): Promise<TestAzure> {
  const now = '2026-11-24T08:00:00Z';
  const simulator = await startSimulator({ port: 0, control: true, speed: 1, scenario: { now } });
  simulator.clock.setMode('stepped');
  const control = controlOf(simulator.url);
  await control('PUT', 'world', Array.isArray(world) ? { resources: world as unknown } : world);
  const wire = new Wire(viaGateway(simulator.url));
  const records = openSqliteRecords(':memory:');
  const clients = createClients({
    credential,
    endpoint: 'https://management.azure.com',
    httpClient: wire,
    records,
  });
  const calls = async () => Object.values(await control('GET', 'calls')) as unknown as Call[];
  return {
    ...runner(clients),
    clients,
    sent: wire.sent,
    calls,
    beforeNext: (method, happen) => {
      wire.beforeNext(method, happen);
    },
    fail: async (...rules) => {
      await control('POST', 'faults', rules);
    },
    writes: async () =>
      (await calls())
        .filter(({ target, status }) => target !== undefined && status < 300)
        .map(({ method, operation }) => `${method} ${operation}`),
    resource: async (id) => ((await control('GET', 'world'))[id.toLowerCase()] ?? {}) as JsonObject,
    behave: async (behaviour) => {
      await control('PATCH', 'behaviour', behaviour);
    },
    patchTags: async (id, tags) => {
      await fetch(`${simulator.url}${id}?api-version=2026-06-01`, {
        method: 'PATCH',
        headers: { authorization: 'Bearer somebody' },
        body: JSON.stringify({ tags }),
      });
    },
    advanceMinutes: (minutes) => {
      simulator.clock.advance(minutes * 60_000);
    },
    [Symbol.asyncDispose]: async () => {
      await simulator.close();
      records.close();
    },
  };
}

/** Instance id of the run that every activity here belongs to. */
export const instanceId = 'fleet_1.run_1';

function runner(clients: Clients): Pick<TestAzure, 'call' | 'value'> {
  const call = async <I, O>(activity: Activity<I, O>, input: I): Promise<Outcome<O>> => {
    const invocation = new InvocationContext({
      functionName: 'activity',
      logHandler: () => undefined,
      triggerMetadata: { instanceId },
    });
    // What crosses the history is JSON, in both directions.
    const outcome: unknown = await toHandler(activity, clients)(overTheWire(input), invocation);
    return overTheWire(outcome) as Outcome<O>;
  };
  return {
    call,
    value: async (activity, input) => {
      const outcome = await call(activity, input);
      if (outcome.ok) return outcome.value;
      throw new FailureError(outcome.failure);
    },
  };
}

function overTheWire<T>(value: T): T {
  return JSON.parse(JSON.stringify(value)) as T;
}

function controlOf(url: string) {
  return async (method: string, path: string, body?: unknown): Promise<JsonObject> => {
    const response = await fetch(`${url}/_simulator/${path}`, {
      method,
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const answer = (await response.json()) as JsonObject;
    if (response.status !== 200) throw new Error(JSON.stringify(answer));
    return answer;
  };
}
