import { objectAt, textAt } from '../../json';
import type { JsonObject } from '../../json';
import { notFound, param } from '../../provider';
import type { ArmResponse } from '../../provider';
import { pageAnswer } from '../../paging';
import { nameOf, onCluster, onPool, poolsOf } from './cluster';
import type { PoolOf } from './cluster';

const mostMachines = 1000; // nodes of a pool
const minors = ['1.34', '1.35', '1.36'];

/** Kubernetes versions that a region offers. */
export function kubernetesVersions(): ArmResponse {
  const values = minors.map((version) => ({
    version,
    capabilities: { supportPlan: ['KubernetesOfficial'] },
    patchVersions: { [`${version}.2`]: { upgrades: [] } },
  }));
  return { status: 200, body: { values } };
}

/** Kubernetes versions that a cluster and its pools can go to. */
export const clusterUpgradeProfile = onCluster((cluster) => {
  const kubernetesVersion =
    textAt(cluster, 'properties', 'currentKubernetesVersion') ??
    textAt(cluster, 'properties', 'kubernetesVersion') ??
    '';
  const profile = (name: string): JsonObject => ({
    name,
    kubernetesVersion,
    osType: 'Linux',
    upgrades: [],
  });
  return {
    status: 200,
    body: {
      id: `${cluster.id}/upgradeProfiles/default`,
      name: 'default',
      type: 'Microsoft.ContainerService/managedClusters/upgradeProfiles',
      properties: {
        controlPlaneProfile: profile('master'),
        agentPoolProfiles: poolsOf(cluster).map((pool) => profile(nameOf(pool))),
      },
    },
  };
});

export const availablePoolVersions = onCluster((cluster) => ({
  status: 200,
  body: {
    id: `${cluster.id}/availableAgentPoolVersions`,
    name: 'default',
    type: 'Microsoft.ContainerService/managedClusters/availableAgentpoolVersions',
    properties: {
      agentPoolVersions: minors.map((minor) => ({ kubernetesVersion: `${minor}.2` })),
    },
  },
}));

/** The machines of a pool, one for each node. */
export const listMachines = onPool((found, request, world) =>
  pageAnswer(request, machinesOf(found), world),
);

export const getMachine = onPool((found, request) => {
  const name = param(request, 'machine').toLowerCase();
  const machine = machinesOf(found).find((one) => one.name === name);
  return machine ? { status: 200, body: machine } : notFound(request.id);
});

function machinesOf({ pool, id }: PoolOf) {
  const asked = Math.trunc(Number(pool['count'] ?? 0));
  const count = Math.max(0, Math.min(mostMachines, asked || 0));
  return Array.from({ length: count }, (_, index) => {
    const name = `aks-${nameOf(pool)}-vmss${index.toString(36).padStart(6, '0')}`;
    return {
      id: `${id}/machines/${name}`,
      name,
      type: 'Microsoft.ContainerService/managedClusters/agentPools/machines',
      properties: {
        resourceId: `${id}/machines/${name}`,
        nodeImageVersion: objectAt(pool)['nodeImageVersion'],
        network: { ipAddresses: [] },
      },
    };
  });
}
