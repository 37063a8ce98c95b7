import { join } from 'node:path';

import { createClients } from '../../../clients';
import type { Clients } from '../../../clients';
import { viaGateway } from '../../../clients/gateway';
import { openSqliteRecords } from '../../../clients/records/sqlite-records';
import { startSimulator } from '../../../simulator';
import { objectAt } from '../../../simulator/json';
import type { JsonObject } from '../../../simulator/json';
import { byEntra } from '../../clients/kubernetes/by-entra';
import { Recorder, realCast } from './recorder';
import { SharedClock } from './shared-clock';

/** The orchestrations and the real activities on a simulated Azure, all in one virtual time. */
export interface AzureStage extends AsyncDisposable {
  readonly recorder: Recorder;
  readonly clients: Clients;
  /** Writes that Azure accepted more than once. */
  readonly repeatedWrites: () => Promise<readonly unknown[]>;
}

/** @param folder that keeps histories, records and the simulated Azure; nothing is kept without one. */
export async function anAzureStage(
  world: readonly JsonObject[] | object | undefined,
  folder?: string,
): Promise<AzureStage> {
  const simulator = await startSimulator({
    ...{ port: 0, control: true, speed: 1 },
    ...(folder !== undefined && { dataDirectory: join(folder, 'azure') }),
    scenario: { now: '2026-11-24T08:00:00Z', clock: 'stepped' },
  });
  const control = async (method: string, path: string, body?: unknown): Promise<JsonObject> => {
    const response = await fetch(`${simulator.url}/_simulator/${path}`, {
      method,
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(text);
    return (text === '' ? {} : JSON.parse(text)) as JsonObject;
  };
  if (world) {
    await control('PUT', 'world', Array.isArray(world) ? { resources: world as unknown } : world);
  }
  const records = openSqliteRecords(folder === undefined ? ':memory:' : join(folder, 'steward.db'));
  const clients = createClients({
    credential: byEntra,
    endpoint: 'https://management.azure.com',
    httpClient: viaGateway(simulator.url),
    records,
    pause: (milliseconds) => {
      simulator.clock.advance(milliseconds);
      return Promise.resolve();
    },
  });
  const recorder = new Recorder(realCast(clients), {
    clock: new SharedClock(simulator.clock),
    ...(folder !== undefined && { databasePath: join(folder, 'durable.db') }),
  });
  return {
    recorder,
    clients,
    repeatedWrites: async () => {
      const { repeatedWrites } = await control('GET', 'calls?summary=true');
      return Object.values(objectAt(repeatedWrites));
    },
    [Symbol.asyncDispose]: async () => {
      await recorder.driver.engine.close(0);
      await simulator.close();
      records.close();
    },
  };
}
