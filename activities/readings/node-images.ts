import type { Clients } from '../../clients';
import { callArm } from '../../clients/arm-errors';
import type { ClusterFacts } from '../../domain/cluster';
import { clusterIdParts } from '../../domain/ids';

/** The newest node image on offer for each pool that runs. */
export async function latestImages(
  clients: Clients,
  facts: ClusterFacts,
): Promise<Readonly<Record<string, string>>> {
  const pools = facts.nodePools.filter((pool) => !pool.stopped).map(({ name }) => name);
  const images = await Promise.all(pools.map((pool) => latestImage(clients, facts, pool)));
  return Object.fromEntries(pools.map((pool, i) => [pool, images[i] ?? '']));
}

export async function latestImage(
  clients: Clients,
  facts: ClusterFacts,
  pool: string,
): Promise<string> {
  const { subscriptionId, resourceGroup, name } = clusterIdParts(facts.id);
  const { agentPools } = await clients.containerService(subscriptionId);
  const profile = await callArm(`${facts.armId}/agentPools/${pool}`, () =>
    agentPools.getUpgradeProfile(resourceGroup, name, pool),
  );
  return profile.latestNodeImageVersion ?? '';
}
