import { getCluster } from '../clients/clusters';
import type { ClusterId } from '../domain/ids';
import { defineActivity } from './activity';
import { poolsBeforeSwitch } from './readings/scale-sets';

export interface PoolReading {
  readonly imageVersion: string;
  /** The nodes carry the cluster's kubelet identity: they were imaged after the switch. */
  readonly usesKubeletIdentity: boolean;
}

/** Reads what the nodes of a pool are now: the evidence after a roll. */
export const readPool = defineActivity(
  [
    'Microsoft.ContainerService/managedClusters/read',
    'Microsoft.Compute/virtualMachineScaleSets/read',
  ],
  async (
    { clusterId, pool }: { readonly clusterId: ClusterId; readonly pool: string },
    { clients },
  ): Promise<PoolReading> => {
    const { facts } = await getCluster(clients, clusterId);
    const before = await poolsBeforeSwitch(clients, facts);
    return {
      imageVersion: facts.nodePools.find(({ name }) => name === pool)?.imageVersion ?? '',
      usesKubeletIdentity: facts.controlPlane.kind !== 'servicePrincipal' && !before.includes(pool),
    };
  },
);
