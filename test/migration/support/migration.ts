import type { TokenCredential } from '@azure/core-auth';
import type { HttpClient } from '@azure/core-rest-pipeline';

import { createClients } from '../../../clients';
import type { Clients } from '../../../clients';
import { viaGateway } from '../../../clients/gateway';
import type { Records } from '../../../clients/records/records';
import { openSqliteRecords } from '../../../clients/records/sqlite-records';
import { toClusterId } from '../../../domain/ids';
import type { ClusterId } from '../../../domain/ids';
import type { Approval } from '../../../domain/migration/approvals';
import { approvalCodes } from '../../../domain/migration/approvals';
import type { MigrationPlan } from '../../../domain/migration/document';
import { MigrationOptions } from '../../../domain/migration/options';
import type { MigrationRecord } from '../../../domain/records';
import { migrationPlan } from '../../../activities/migration/plans';
import { drawUpMigration } from '../../../orchestrations/migration/draw-up-migration';
import { migrateFleet } from '../../../orchestrations/migration/migrate-fleet';
import { rollBackMigration } from '../../../orchestrations/migration/roll-back-migration';
import type { Orchestration } from '../../../orchestrations/workflow';
import { startSimulator } from '../../../simulator';
import type { RunningSimulator, SimulatedClock } from '../../../simulator';
import { objectAt } from '../../../simulator/json';
import type { JsonObject } from '../../../simulator/json';
import { aPolicy } from '../../support/clusters';
import { byEntra } from '../../clients/kubernetes/by-entra';
import { RealEngine } from './real-engine';
import type { Disturbance } from './real-engine';

export const migrationId = 'mig_1';
export const everything: readonly Approval[] = approvalCodes.map((code) => ({ code }));

/** Steward's orchestrations and activities over a simulated Azure with clusters that live, in virtual time. */
export interface Migrating extends AsyncDisposable {
  readonly simulator: RunningSimulator;
  readonly clients: Clients;
  /** Plans a migration of clusters. @returns the plan. */
  plan(
    clusters: readonly string[],
    options?: object,
    disturbance?: Disturbance,
  ): Promise<MigrationPlan>;
  /** Carries the plan out. @returns the state it ends with. */
  apply(approvals?: readonly Approval[], disturbance?: Disturbance): Promise<string>;
  rollBack(disturbance?: Disturbance): Promise<string>;
  /** Asks to stop what runs, as a request to roll back does. */
  stop(): Promise<void>;
  /** Writes that Azure accepted more than once. */
  repeatedWrites(): Promise<readonly unknown[]>;
  /** Why clusters failed. */
  failures(): Promise<readonly unknown[]>;
  /** State and reason of each workload: `namespace/Kind/name`. */
  states(): Promise<Readonly<Record<string, string>>>;
  record(): Promise<MigrationRecord | undefined>;
  control(method: string, path: string, body?: unknown): Promise<JsonObject>;
  /** Objects of a cluster as its API server has them. */
  objects(clusterId: string): Promise<readonly JsonObject[]>;
  pass(minutes: number): void;
}

/** What carries orchestrations out. */
export interface Engine {
  run<I, O>(body: Orchestration<I, O>, instanceId: string, input: I): Promise<unknown>;
}

/** Makes an engine whose timers move the time of the simulated Azure. */
export type MakeEngine = (
  clients: Clients,
  clock: SimulatedClock,
  disturbance?: Disturbance,
) => Engine;

const inTurn: MakeEngine = (clients, clock, disturbance) => {
  const time = {
    now: () => clock.now(),
    advance: (milliseconds: number) => {
      clock.advance(milliseconds);
    },
  };
  return new RealEngine(clients, time, disturbance);
};

/** What is other than usual. */
export interface MigratingOptions {
  readonly now?: string;
  readonly records?: Records;
  readonly makeEngine?: MakeEngine;
  /** Of the one who acts; by the address of the simulated Azure. */
  readonly credentialOf?: (url: string) => TokenCredential;
  /** Stands between Steward and the simulated Azure. */
  readonly through?: (http: HttpClient) => HttpClient;
}

export async function migrating(
  world: object,
  {
    now = '2026-11-24T08:00:00Z',
    records = openSqliteRecords(':memory:'),
    makeEngine = inTurn,
    credentialOf = () => byEntra,
    through = (http) => http,
  }: MigratingOptions = {},
): Promise<Migrating> {
  const scenario = { now, clock: 'stepped' } as const;
  const simulator = await startSimulator({ port: 0, control: true, speed: 1, scenario });
  const control = async (method: string, path: string, body?: unknown): Promise<JsonObject> => {
    const response = await fetch(`${simulator.url}/_simulator/${path}`, {
      method,
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path}: ${text}`);
    return JSON.parse(text === '' ? '{}' : text) as JsonObject;
  };
  await control('PUT', 'world', world);
  await control('PATCH', 'behaviour', { kubernetes: { probe: true } });
  const clients = createClients({
    credential: credentialOf(simulator.url),
    endpoint: 'https://management.azure.com',
    httpClient: through(viaGateway(simulator.url)),
    records,
  });
  const pass = (minutes: number): void => {
    for (let i = 0; i < minutes; i += 1) simulator.clock.advance(60_000);
  };
  pass(5); // clusters settle
  const engine = (disturbance?: Disturbance) => makeEngine(clients, simulator.clock, disturbance);
  const stateOf = async () => (await records.get('migration', migrationId))?.value.state ?? 'none';
  let clusterIds: readonly ClusterId[] = [];
  let options = MigrationOptions.parse({});
  return {
    simulator,
    clients,
    control,
    pass,
    record: async () => (await records.get('migration', migrationId))?.value,
    plan: async (clusters, wanted = {}, disturbance = {}) => {
      clusterIds = clusters.map((id) => toClusterId(id) ?? fail(id));
      options = MigrationOptions.parse(wanted);
      await records.put('migration', migrationId, {
        id: migrationId,
        clusters: clusterIds.map((clusterId) => ({ clusterId, armId: clusterId })),
        options,
        requestedBy: 'test',
        createdAt: now,
        state: 'planning',
        instanceId: migrationId,
      });
      await engine(disturbance).run(drawUpMigration, migrationId, {
        migrationId,
        clusterIds,
        options,
      });
      const plan = await migrationPlan(records, migrationId);
      if (plan) return plan;
      throw new Error(JSON.stringify((await records.get('migration', migrationId))?.value.failure));
    },
    apply: async (approvals = everything, disturbance) => {
      const shared = {
        migrationId,
        clusterIds,
        clustersAtOnce: 2,
        options,
        approvals,
        policy: aPolicy(),
        ends: [],
      };
      await engine(disturbance).run(migrateFleet, `${migrationId}_a`, shared);
      return stateOf();
    },
    rollBack: async (disturbance) => {
      const record = (await records.get('migration', migrationId))?.value;
      if (record) {
        const value = { ...record, state: 'rolling-back', stopped: true } as const;
        await records.put('migration', migrationId, value);
      }
      const input = { migrationId, clusterIds };
      await engine(disturbance).run(rollBackMigration, `${migrationId}_b`, input);
      return stateOf();
    },
    stop: async () => {
      const record = (await records.get('migration', migrationId))?.value;
      if (record) await records.put('migration', migrationId, { ...record, stopped: true });
    },
    repeatedWrites: async () => {
      const { repeatedWrites } = await control('GET', 'calls?summary=true');
      return Object.values(objectAt(repeatedWrites));
    },
    failures: async () => {
      const { items } = await records.list('migrationCluster', { limit: 200 });
      return items.flatMap(({ failure }) => failure ?? []);
    },
    states: async () => {
      const { items } = await records.list('migrationWorkload', { limit: 200 });
      return Object.fromEntries(
        items.map(({ workload, state, reason }) => [
          `${workload.namespace}/${workload.kind}/${workload.name}`,
          reason === '' ? state : `${state}: ${reason}`,
        ]),
      );
    },
    objects: async (clusterId) => {
      const contents = (await control('GET', 'kubernetes')) as Record<
        string,
        { objects: JsonObject[] }
      >;
      const key = Object.keys(contents).find((id) => id.toLowerCase() === clusterId.toLowerCase());
      return contents[key ?? '']?.objects ?? [];
    },
    [Symbol.asyncDispose]: async () => {
      await simulator.close();
      records.close();
    },
  };
}

function fail(id: string): never {
  throw new Error(`${id} is no cluster`);
}
