import { getCluster } from '../clients/clusters';
import type { ClusterFacts } from '../domain/cluster';
import type { ClusterId } from '../domain/ids';
import { defineActivity } from './activity';

/** Reads the managed cluster itself, and nothing around it: the evidence after a step. */
export const readCluster = defineActivity(
  ['Microsoft.ContainerService/managedClusters/read'],
  async ({ clusterId }: { readonly clusterId: ClusterId }, { clients }): Promise<ClusterFacts> =>
    (await getCluster(clients, clusterId)).facts,
);
