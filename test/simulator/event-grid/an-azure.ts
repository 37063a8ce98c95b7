import { once } from 'node:events';
import type { AddressInfo } from 'node:net';

import { ResourceManagementClient } from '@azure/arm-resources';

import { ArmEndpoint } from '../../../simulator/arm-endpoint';
import { defaultBehaviour } from '../../../simulator/behaviour';
import { CallLog } from '../../../simulator/call-log';
import { SimulatedClock } from '../../../simulator/clock';
import { createWorld } from '../../../simulator/create-world';
import type { ManagedWorld } from '../../../simulator/create-world';
import type { EventGrid } from '../../../simulator/event-grid/event-grid';
import { Faults } from '../../../simulator/faults/faults';
import { createHttpServer } from '../../../simulator/http-server';
import { Journal } from '../../../simulator/journal';
import { textAt } from '../../../simulator/json';
import type { Json } from '../../../simulator/json';
import { eventGridService } from '../../../simulator/providers/event-grid/service';
import { resourcesProvider } from '../../../simulator/providers/resources';
import type { Resource } from '../../../simulator/resource-store';
import { Router } from '../../../simulator/router';
import type { WorldEvent } from '../../../simulator/world';
import { anyone, httpClientTo } from '../support/http-client';
import { cluster, start } from './a-grid';

export const version = '2025-02-15';
export const systemTopics =
  '/subscriptions/1/resourceGroups/rg/providers/Microsoft.EventGrid/systemTopics';
export const onCluster = `${cluster}/providers/Microsoft.EventGrid/eventSubscriptions/steward`;

export interface TestAzure extends AsyncDisposable {
  readonly world: ManagedWorld;
  readonly grid: EventGrid;
  readonly calls: CallLog;
  readonly faults: Faults;
  readonly failures: unknown[];
  readonly client: ResourceManagementClient;
  arm(
    method: string,
    path: string,
    body?: unknown,
  ): Promise<{ status: number; headers: Headers; body: Json }>;
  /** Polls an operation until its receiver has answered. */
  operationEnd(statusUrl: string): Promise<Json>;
  /** Writes an event subscription and waits for its operation; resolves with the operation's answer. */
  subscribe(id: string, properties: unknown): Promise<Json>;
}

/** A simulated Azure of one cluster and Event Grid, whose time stands still. */
export async function anAzure(folder?: string): Promise<TestAzure> {
  const failures: unknown[] = [];
  const failed = (error: unknown) => failures.push(error);
  const journal = new Journal(folder);
  const clock = new SimulatedClock({ start, speed: 1 });
  clock.setMode('stepped');
  const service = eventGridService({ journal, clock, functionUrl, failed });
  const providers = [service.provider, resourcesProvider];
  const world = createWorld({ journal, clock, providers, emit: service.emit });
  if (!world.restore()) {
    world.replace({ seed: 1, tenantId: 'tenant', behaviour: defaultBehaviour, resources });
  }
  const grid = service.start(world);
  const faults = new Faults(journal, clock);
  const calls = new CallLog(journal);
  const router = new Router(providers, 'Microsoft.Resources');
  const arm = new ArmEndpoint({ world, key: world.key, router, faults, calls });
  const server = createHttpServer({
    handle: (request) => arm.handle(request),
    settled: () => journal.committed(),
    failed,
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const send = armRequests(url);
  return {
    world,
    grid,
    calls,
    faults,
    failures,
    client: new ResourceManagementClient(anyone, '1', { httpClient: httpClientTo(url) }),
    arm: send,
    operationEnd: (statusUrl) => operationEnd(send, statusUrl),
    subscribe: async (id, properties) => {
      const put = await send('PUT', `${id}?api-version=${version}`, { properties });
      return operationEnd(send, put.headers.get('azure-asyncoperation') ?? '');
    },
    [Symbol.asyncDispose]: async () => {
      await service.close();
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
      clock.close();
      journal.close();
    },
  };
}

export function webhook(
  endpointUrl: string,
  others: Record<string, unknown> = {},
): Record<string, unknown> {
  return {
    destination: { endpointType: 'WebHook', properties: { endpointUrl } },
    eventDeliverySchema: 'CloudEventSchemaV1_0',
    ...others,
  };
}

export function rollStarted(overrides: Partial<WorldEvent> = {}): WorldEvent {
  return {
    type: 'Microsoft.ContainerService.NodePoolRollingStarted',
    topic: cluster,
    subject: 'aks-1',
    time: start,
    data: { nodePoolName: 'apps' },
    ...overrides,
  };
}

const resources: readonly Resource[] = [
  { id: '/subscriptions/1', subscriptionId: '1', state: 'Enabled' },
  { id: '/subscriptions/1/resourceGroups/rg', name: 'rg', location: 'westeurope' },
  { id: cluster, name: 'aks-1', location: 'westeurope', properties: {} },
];

/** The functions of this Azure are receivers of the test: their resource id ends in the port. */
function functionUrl(resourceId: string): string | undefined {
  const port = /\/functions\/on(\d+)$/.exec(resourceId)?.[1];
  return port && `http://127.0.0.1:${port}/hook?code=s3cret`;
}

function armRequests(url: string): TestAzure['arm'] {
  return async (method, path, body) => {
    const response = await fetch(`${url}${path}`, {
      method,
      headers: { authorization: 'Bearer test', 'content-type': 'application/json' },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    const parsed = text === '' ? null : (JSON.parse(text) as Json);
    return { status: response.status, headers: response.headers, body: parsed };
  };
}

/** Polls until the receiver has answered: at most as often as any test receiver needs. */
async function operationEnd(send: TestAzure['arm'], statusUrl: string): Promise<Json> {
  const { pathname, search } = new URL(statusUrl);
  for (let polls = 0; polls < 1_000; polls += 1) {
    const { body } = await send('GET', pathname + search);
    if (textAt(body, 'status') !== 'InProgress') return body;
  }
  throw new Error(`The operation ${pathname} does not end.`);
}
