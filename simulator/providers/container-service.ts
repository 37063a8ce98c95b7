import type { ResourceProvider } from '../provider';
import {
  deleteMachines,
  deletePool,
  getPool,
  listPools,
  poolDeletion,
  poolWrite,
  putPool,
} from './container-service/agent-pools';
import {
  deleteBinding,
  deleteChild,
  getChild,
  listChildren,
  putBinding,
  putMaintenance,
} from './container-service/child-resources';
import { settling, vanishing } from './container-service/small-operations';
import {
  abortOperation,
  deleteCluster,
  deleting,
  getCluster,
  listClusters,
  listClustersOfGroup,
  patchCluster,
  resetServicePrincipal,
  startCluster,
  starting,
  stopCluster,
  stopping,
} from './container-service/clusters';
import { adminCredential, userCredential } from './container-service/credentials';
import {
  nodeImageUpgrade,
  poolUpgradeProfile,
  upgradeNodeImage,
} from './container-service/node-images';
import { getOperation, getOperationResult } from './container-service/operation-status';
import { moreRoutes } from './container-service/more-routes';
import { clusterWrite, putCluster } from './container-service/put-cluster';
import { getCommandResult, runCommand } from './container-service/run-command';
import {
  availablePoolVersions,
  clusterUpgradeProfile,
  kubernetesVersions,
  listMachines,
} from './container-service/versions';

const namespace = 'Microsoft.ContainerService';
const inSubscription = `/subscriptions/{subscription}/providers/${namespace}`;
const clusters = `/subscriptions/{subscription}/resourceGroups/{group}/providers/${namespace}/managedClusters`;
const cluster = `${clusters}/{cluster}`;
const pool = `${cluster}/agentPools/{pool}`;
const location = `${inSubscription}/locations/{location}`;

/** Microsoft.ContainerService: managed clusters, their node pools and the operations on both. */
export const containerServiceProvider: ResourceProvider = {
  namespace,
  routes: {
    [`GET ${inSubscription}/managedClusters`]: listClusters,
    [`GET ${clusters}`]: listClustersOfGroup,
    [`GET ${cluster}`]: getCluster,
    [`PUT ${cluster}`]: putCluster,
    [`PATCH ${cluster}`]: patchCluster,
    [`DELETE ${cluster}`]: deleteCluster,
    [`POST ${cluster}/start`]: startCluster,
    [`POST ${cluster}/stop`]: stopCluster,
    [`POST ${cluster}/abort`]: abortOperation,
    [`POST ${cluster}/resetServicePrincipalProfile`]: resetServicePrincipal,
    [`POST ${cluster}/listClusterUserCredential`]: userCredential,
    [`POST ${cluster}/listClusterAdminCredential`]: adminCredential,
    [`POST ${cluster}/runCommand`]: runCommand,
    [`GET ${cluster}/commandResults/{command}`]: getCommandResult,
    [`GET ${cluster}/upgradeProfiles/default`]: clusterUpgradeProfile,
    [`GET ${cluster}/availableAgentPoolVersions`]: availablePoolVersions,

    [`GET ${cluster}/agentPools`]: listPools,
    [`GET ${pool}`]: getPool,
    [`PUT ${pool}`]: putPool,
    [`DELETE ${pool}`]: deletePool,
    [`POST ${pool}/upgradeNodeImageVersion`]: upgradeNodeImage,
    [`POST ${pool}/deleteMachines`]: deleteMachines,
    [`POST ${pool}/abort`]: abortOperation,
    [`GET ${pool}/upgradeProfiles/default`]: poolUpgradeProfile,
    [`GET ${pool}/machines`]: listMachines,

    [`GET ${cluster}/maintenanceConfigurations`]: listChildren,
    [`GET ${cluster}/maintenanceConfigurations/{name}`]: getChild,
    [`PUT ${cluster}/maintenanceConfigurations/{name}`]: putMaintenance,
    [`DELETE ${cluster}/maintenanceConfigurations/{name}`]: deleteChild,
    [`GET ${cluster}/identityBindings`]: listChildren,
    [`GET ${cluster}/identityBindings/{name}`]: getChild,
    [`PUT ${cluster}/identityBindings/{name}`]: putBinding,
    [`DELETE ${cluster}/identityBindings/{name}`]: deleteBinding,

    [`GET ${location}/kubernetesVersions`]: kubernetesVersions,
    [`GET ${location}/operations/{operation}`]: getOperation,
    [`GET ${location}/operationresults/{operation}`]: getOperationResult,
    ...moreRoutes,
  },
  operations: {
    Creating: clusterWrite,
    Updating: clusterWrite,
    Settling: settling,
    Vanishing: vanishing,
    Starting: starting,
    Stopping: stopping,
    Deleting: deleting,
    UpgradingNodeImageVersion: nodeImageUpgrade,
    CreatingPool: poolWrite,
    UpdatingPool: poolWrite,
    DeletingPool: poolDeletion,
  },
};
