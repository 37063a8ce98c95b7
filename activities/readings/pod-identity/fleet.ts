import type { Clients } from '../../../clients';
import { callArm, readArm } from '../../../clients/arm-errors';
import { aksApiVersion } from '../../../clients/clusters';
import { inventoryQuery } from '../../../domain/fleet-query';
import { canonicalArmId, clusterIdParts } from '../../../domain/ids';
import type { ClusterId } from '../../../domain/ids';
import type { Json, SubscriptionReading } from '../../../domain/migration/snapshot';
import { objectIn, objectsIn } from '../../../domain/migration/json';
import { podIdentityFeature } from '../../../domain/policy';
import { unlessForbidden } from '../optional';
import { featureState } from '../features';
import { eachOf, rawList } from './raw-list';

/** Clusters as GET answers; one that is gone is left out. */
export async function readClusters(
  clients: Clients,
  clusterIds: readonly ClusterId[],
): Promise<readonly Json[]> {
  const found = await eachOf(clusterIds, async (path) => {
    const arm = await clients.arm(clusterIdParts(path).subscriptionId);
    const answer = await readArm(path, () =>
      arm({ method: 'GET', path, apiVersion: aksApiVersion }),
    );
    return answer && objectIn(answer.body);
  });
  return found.filter((one) => one !== undefined);
}

/**
 * All other clusters that Steward sees, with the little that a plan asks about clusters that are not in scope: who they
 * are, what they issue, and whether they have the add-on. Resource Graph may be minutes behind.
 */
export async function readOtherClusters(
  clients: Clients,
  inScope: readonly ClusterId[],
): Promise<readonly Json[]> {
  const graph = await clients.resourceGraph();
  const known = new Set<string>(inScope);
  const found: Json[] = [];
  let skipToken: string | undefined;
  do {
    const page = await callArm('/providers/Microsoft.ResourceGraph', () =>
      graph.resources({
        query: inventoryQuery,
        options: { top: 1000, resultFormat: 'objectArray', ...(skipToken && { skipToken }) },
      }),
    );
    found.push(...objectsIn(page.data));
    skipToken = page.skipToken;
  } while (skipToken !== undefined && skipToken !== '');
  return found.filter(({ id }) => !known.has(canonicalArmId(String(id))));
}

const computeApiVersion = '2024-07-01';

/** Scale sets of the node resource groups of these clusters: who they are and which identities they carry. */
export async function readScaleSets(
  clients: Clients,
  clusters: readonly Json[],
): Promise<readonly Json[]> {
  const found = await eachOf(clusters, async (cluster) => {
    const group = nodeGroup(cluster);
    const arm = await clients.arm(group.split('/')[2] ?? '');
    const path = `${group}/providers/Microsoft.Compute/virtualMachineScaleSets`;
    return rawList(arm, { path, apiVersion: computeApiVersion });
  });
  return found.flat().map(({ id, name, location, identity }) => ({ id, name, location, identity }));
}

/** ARM id of a cluster's node resource group. */
export function nodeGroup({ id, properties }: Json): string {
  const subscription = String(id).split('/').slice(0, 3).join('/');
  return `${subscription}/resourceGroups/${String(objectIn(properties)['nodeResourceGroup'])}`;
}

const [namespace = '', flag = ''] = podIdentityFeature.split('/');

/** The state of the add-on's preview flag; nothing of it where Steward may not ask. */
export async function readSubscriptions(
  clients: Clients,
  subscriptionIds: readonly string[],
): Promise<readonly SubscriptionReading[]> {
  return eachOf(subscriptionIds, async (subscriptionId) => {
    const feature = `${namespace}/${flag}`;
    const state = await unlessForbidden(() => featureState(clients, { subscriptionId, feature }));
    return { subscriptionId, features: state === undefined ? {} : { [flag]: state } };
  });
}
