import { textAt } from '../../json';
import type { JsonObject } from '../../json';
import { nodesOfPool } from '../../kubernetes/nodes/nodes-of';
import { notFound, param } from '../../provider';
import type { ArmResponse } from '../../provider';
import { pageAnswer } from '../../paging';
import type { World } from '../../world';
import { nameOf, onCluster, onPool, poolsOf } from './cluster';
import type { PoolOf } from './cluster';

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

/** The machines of a pool, one for each node that ARM counts; only the nodes themselves know what they really run. */
export const listMachines = onPool((found, request, world) =>
  pageAnswer(request, machinesOf(found, world), world),
);

export const getMachine = onPool((found, request, world) => {
  const name = param(request, 'machine').toLowerCase();
  const machine = machinesOf(found, world).find((one) => one.name === name);
  return machine ? { status: 200, body: machine } : notFound(request.id);
});

function machinesOf({ cluster, pool, id }: PoolOf, world: World) {
  return nodesOfPool({ cluster, pool }, world).map(({ name }) => ({
    id: `${id}/machines/${name}`,
    name,
    type: 'Microsoft.ContainerService/managedClusters/agentPools/machines',
    properties: {
      resourceId: `${id}/machines/${name}`,
      nodeImageVersion: pool['nodeImageVersion'],
      network: { ipAddresses: [] },
    },
  }));
}
