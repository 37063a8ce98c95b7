import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { migrationActivities } from '../../activities/migration';
import { clusterWriteNeeds } from '../../activities/cluster-write-needs';
import type { JsonObject } from '../../simulator/json';
import { actionOf, lower } from '../activities/support/actions';
import type { Call } from '../activities/support/azure';
import { everything, migrating } from './support/migration';

const folder = join(__dirname, '../data/pod-identity');
const scenarios = [
  '01-addon-simple.json',
  '02-default-service-account.json',
  '04-oss-standard-cross-namespace.json',
];

/** Activities that were seen inside of clusters. */
const inside = new Set<string>();

/** ARM actions that each activity has used in whole migrations that are taken back in the end. */
async function usedActions(): Promise<ReadonlyMap<string, ReadonlySet<string>>> {
  const used = new Map<string, Set<string>>();
  for (const name of scenarios) {
    const text = readFileSync(join(folder, name), 'utf8');
    const { given } = JSON.parse(text) as { given: JsonObject };
    await using steward = await migrating(given);
    let seen = 0;
    const note = async (activity: string): Promise<void> => {
      const calls = Object.values(
        await steward.control('GET', 'calls?limit=100000'),
      ) as unknown as Call[];
      const own = calls.slice(seen);
      if (own.some(({ provider }) => provider === 'Kubernetes')) inside.add(activity);
      seen = calls.length;
      const known = used.get(activity) ?? new Set<string>();
      for (const call of own) {
        if (call.provider !== 'Kubernetes') known.add(actionOf(call));
      }
      used.set(activity, known);
    };
    const watch = { after: ({ name: activity }: { readonly name: string }) => note(activity) };
    await steward.plan(Object.keys(given['kubernetes'] as object), { probeImage: 'steward-probe' });
    await note('before');
    await steward.apply(everything, watch);
    await note('between');
    await steward.rollBack(watch);
  }
  return used;
}

// Asked for in other states of a cluster than these: a busy one, one with dead entries, nodes that NMI has left a redirect on,
// an identity that managed pod identity has put on a scale set.
const elsewhere: readonly string[] = [
  'removeScaleSetIdentities',
  'planPoolRolls',
  'undoChange',
  'restorePodIdentities',
];
const linked = new Set(
  clusterWriteNeeds.filter((one) => !one.includes('/managedClusters/')).map(lower),
);

/** Asked for once for each cluster, by whichever activity comes first. */
const entering = lower(
  'Microsoft.ContainerService/managedClusters/listClusterUserCredential/action',
);

it('the activities of a migration use the ARM actions that they declare, and no others', async () => {
  const used = await usedActions();

  for (const [name, { needs }] of Object.entries(migrationActivities)) {
    const declared = new Set(needs.map(lower));
    if (used.has(name)) {
      const enters = declared.has(entering);
      expect({ name, enters }).toEqual({ name, enters: inside.has(name) });
    }
    const seen = [...(used.get(name) ?? [])];
    expect({ name, undeclared: seen.filter((one) => !declared.has(one)) }).toEqual({
      name,
      undeclared: [],
    });
    if (elsewhere.includes(name)) continue;
    const unused = [...declared].filter(
      (one) => !seen.includes(one) && !linked.has(one) && one !== entering,
    );
    expect({ name, unused }).toEqual({ name, unused: [] });
  }
}, 120_000);
