import type { Route } from '../../provider';
import { operationsOf } from '../operation-list';
import { storedRoutes } from '../stored-resources';
import { accessProfile, resetAadProfile, resolvePrivateLink, rotate } from './cluster-actions';
import { userCredential } from './credentials';
import {
  getMeshRevision,
  listMeshRevisions,
  listNodeImages,
  listTrustedAccessRoles,
  osOptions,
} from './location-lists';
import { outboundEndpoints, privateLinkResources } from './network-facts';
import { listSnapshots, snapshotValues } from './snapshots';
import { getMachine } from './versions';

const namespace = 'Microsoft.ContainerService';
const group = `/subscriptions/{subscription}/resourceGroups/{group}/providers/${namespace}`;
const cluster = `${group}/managedClusters/{cluster}`;
const pool = `${cluster}/agentPools/{pool}`;
const location = `/subscriptions/{subscription}/providers/${namespace}/locations/{location}`;
const inSubscription = `/subscriptions/{subscription}/providers/${namespace}`;
const childType = `${namespace}/managedClusters`;

/** What Microsoft.ContainerService offers beside clusters, pools and their operations. */
export const moreRoutes: Readonly<Record<string, Route>> = {
  [`POST ${cluster}/rotateClusterCertificates`]: rotate,
  [`POST ${cluster}/rotateServiceAccountSigningKeys`]: rotate,
  [`POST ${cluster}/resetAADProfile`]: resetAadProfile,
  [`POST ${cluster}/accessProfiles/{role}/listCredential`]: accessProfile,
  [`POST ${cluster}/listClusterMonitoringUserCredential`]: userCredential,
  [`POST ${cluster}/resolvePrivateLinkServiceId`]: resolvePrivateLink,
  [`GET ${cluster}/privateLinkResources`]: privateLinkResources,
  [`GET ${cluster}/outboundNetworkDependenciesEndpoints`]: outboundEndpoints,
  [`GET ${pool}/machines/{machine}`]: getMachine,
  ...storedRoutes({
    path: `${cluster}/privateEndpointConnections/{name}`,
    type: `${childType}/privateEndpointConnections`,
  }),
  ...storedRoutes({
    path: `${cluster}/trustedAccessRoleBindings/{name}`,
    type: `${childType}/trustedAccessRoleBindings`,
  }),
  ...storedRoutes({
    path: `${cluster}/managedNamespaces/{name}`,
    type: `${childType}/managedNamespaces`,
    methods: ['PUT', 'PATCH', 'DELETE'],
  }),
  [`POST ${cluster}/managedNamespaces/{name}/listCredential`]: userCredential,
  ...storedRoutes({
    path: `${cluster}/meshUpgradeProfiles/{name}`,
    type: `${childType}/meshUpgradeProfiles`,
    methods: [],
  }),
  [`GET ${inSubscription}/snapshots`]: listSnapshots,
  ...storedRoutes({
    path: `${group}/snapshots/{name}`,
    type: `${namespace}/snapshots`,
    firstValues: snapshotValues,
    methods: ['PUT', 'PATCH', 'DELETE'],
  }),
  [`GET ${location}/meshRevisionProfiles`]: listMeshRevisions,
  [`GET ${location}/meshRevisionProfiles/{mode}`]: getMeshRevision,
  [`GET ${location}/trustedAccessRoles`]: listTrustedAccessRoles,
  [`GET ${location}/nodeImageVersions`]: listNodeImages,
  [`GET ${location}/osOptions/default`]: osOptions,
  [`GET /providers/${namespace}/operations`]: operationsOf(namespace),
};
