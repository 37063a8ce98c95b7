import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { createClients } from '../../clients';
import { viaGateway } from '../../clients/gateway';
import { toClusterId } from '../../domain/ids';
import { MigrationOptions } from '../../domain/migration/options';
import { migrateFleet } from '../../orchestrations/migration/migrate-fleet';
import { objectAt } from '../../simulator/json';
import type { JsonObject } from '../../simulator/json';
import { byEntra } from '../clients/kubernetes/by-entra';
import { aPolicy } from '../support/clusters';
import { everything, migrating, migrationId } from './support/migration';
import type { Migrating } from './support/migration';
import { RealEngine } from './support/real-engine';

const { given } = JSON.parse(
  readFileSync(join(__dirname, '../data/pod-identity/01-addon-simple.json'), 'utf8'),
) as { given: JsonObject };
const clusters = Object.keys(objectAt(given, 'kubernetes'));
const options = objectAt(given, 'options');

/** What a migration changes for workloads: their templates and accounts, and federated credentials. */
async function trustOf(steward: Migrating): Promise<readonly unknown[]> {
  const world = Object.keys(await steward.control('GET', 'world'));
  const objects = await Promise.all(clusters.map((cluster) => steward.objects(cluster)));
  return [
    ...world.filter((id) => id.includes('/federatedidentitycredentials/')).sort(),
    ...objects.flat().flatMap(trustIn),
  ];
}

function trustIn({ kind, metadata, spec }: JsonObject): readonly unknown[] {
  const { namespace, annotations } = objectAt(metadata);
  if (namespace === 'kube-system') return []; // there AKS keeps the webhook
  if (kind === 'ServiceAccount') return [annotations];
  return kind === 'Deployment' || kind === 'StatefulSet' ? [objectAt(spec)['template']] : [];
}

/** Writes that Azure and its clusters have accepted. */
async function writesOf(steward: Migrating): Promise<number> {
  const calls = Object.values(await steward.control('GET', 'calls')) as JsonObject[];
  return calls.filter(({ target }) => target !== undefined).length;
}

/** Clients whose kill switch can be thrown while they are used. */
function switchable(steward: Migrating) {
  let isOff = false;
  const readOnly = createClients({
    credential: byEntra,
    endpoint: 'https://management.azure.com',
    httpClient: viaGateway(steward.simulator.url),
    readOnly: true,
    records: steward.clients.records,
  });
  return {
    clients: new Proxy(steward.clients, {
      get: (on, name): unknown => Reflect.get(isOff ? readOnly : on, name),
    }),
    throwSwitch: () => {
      isOff = true;
    },
    isOff: () => isOff,
  };
}

describe('a migration whose kill switch is thrown', () => {
  it.each(['writeCredential', 'prepareAccount', 'patchWorkload', 'steerRollout'])(
    'after %s changes nothing any more, and is rolled back to where it began once it is on again',
    async (last) => {
      await using steward = await migrating(given);
      await steward.plan(clusters, options);
      const begin = await trustOf(steward);
      const { clients, throwSwitch, isOff } = switchable(steward);
      let then: readonly unknown[] = [];
      const engine = new RealEngine(
        clients,
        {
          now: () => steward.simulator.clock.now(),
          advance: (milliseconds) => {
            steward.simulator.clock.advance(milliseconds);
          },
        },
        {
          after: async ({ name }) => {
            if (name !== last || isOff()) return;
            throwSwitch();
            then = [await trustOf(steward), await writesOf(steward)];
          },
        },
      );

      await engine.run(migrateFleet, `${migrationId}_a`, {
        migrationId,
        clusterIds: clusters.flatMap((id) => toClusterId(id) ?? []),
        clustersAtOnce: 2,
        options: MigrationOptions.parse(options),
        approvals: everything,
        policy: aPolicy(),
        ends: [],
      });

      expect(isOff()).toBe(true);
      expect([await trustOf(steward), await writesOf(steward)]).toEqual(then);
      // Said of the cluster while it is prepared, and of each workload later on.
      const said = JSON.stringify([await steward.failures(), await steward.states()]);
      expect(said).toContain('Steward is switched off by STEWARD_ENABLED');

      await steward.rollBack();

      expect(await trustOf(steward)).toEqual(begin);
    },
    120_000,
  );
});
