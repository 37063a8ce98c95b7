import { InvocationContext } from '@azure/functions';

import type { TokenCredential } from '@azure/core-auth';

import { toHandler } from '../../../activities/activity';
import type { Activity } from '../../../activities/activity';
import { createClients } from '../../../clients';
import type { ClientOptions, Clients } from '../../../clients';
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
  readonly call: <I, O>(activity: Activity<I, O>, input: I) => Promise<Outcome<O>>;
  /** The value of an activity that does not fail. */
  readonly value: <I, O>(activity: Activity<I, O>, input: I) => Promise<O>;
  readonly fail: (...rules: readonly FaultRule[]) => Promise<void>;
  readonly calls: () => Promise<readonly Call[]>;
  /** Writes that Azure accepted, in order: `PUT managedClusters/write`. */
  readonly writes: () => Promise<readonly string[]>;
  readonly resource: (id: string) => Promise<JsonObject>;
  readonly behave: (behaviour: NonNullable<Scenario['behaviour']>) => Promise<void>;
  /** Lets something happen after the activity decided on a request and before Azure sees it. */
  readonly beforeNext: (method: string, happen: () => Promise<unknown>) => void;
  /** Somebody else's request to Azure. */
  readonly somebody: (method: string, path: string, body?: JsonObject) => Promise<JsonObject>;
  readonly advanceMinutes: (minutes: number) => void;
}

/**
 * @param world resources, or a cluster fixture with its context; subscriptions and groups are added.
 * @param more of the clients' options.
 */
export async function anAzure(
  world: readonly JsonObject[] | object,
  credential: TokenCredential | ((url: string) => TokenCredential) = anyone,
  more: Partial<ClientOptions> = {},
): Promise<TestAzure> {
  const now = '2026-11-24T08:00:00Z';
  const simulator = await startSimulator({ port: 0, control: true, speed: 1, scenario: { now } });
  simulator.clock.setMode('stepped');
  const control = controlOf(simulator.url);
  await control('PUT', 'world', Array.isArray(world) ? { resources: world as unknown } : world);
  const wire = new Wire(viaGateway(simulator.url));
  const records = openSqliteRecords(':memory:');
  const clients = createClients({
    credential: typeof credential === 'function' ? credential(simulator.url) : credential,
    endpoint: 'https://management.azure.com',
    httpClient: wire,
    records,
    pause: (milliseconds) => {
      simulator.clock.advance(milliseconds);
      return Promise.resolve();
    },
    ...more,
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
    somebody: (method, path, body) =>
      answerOf(`${simulator.url}${path}?api-version=2026-06-01`, { method, body }),
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
  return (method: string, path: string, body?: unknown): Promise<JsonObject> =>
    answerOf(`${url}/_simulator/${path}`, { method, body });
}

async function answerOf(
  url: string,
  { method, body }: { readonly method: string; readonly body: unknown },
): Promise<JsonObject> {
  const response = await fetch(url, {
    method,
    headers: { authorization: 'Bearer somebody' },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  const answer = JSON.parse(text === '' ? '{}' : text) as JsonObject;
  if (!response.ok) throw new Error(JSON.stringify(answer));
  return answer;
}
