import type { Json, JsonObject } from '../json';
import type { Resource } from '../resource-store';
import type { Identities } from './identities';
import type { ClusterPlan, PoolPlan } from './names';
import { routeTableId, subnetId } from './network';

const kubernetesVersion = '1.35.4';

/** The managed cluster itself, as its GET answers. */
export function clusterBody(plan: ClusterPlan, identities: Identities): Resource {
  const { name, region, seed, team, id } = plan;
  return {
    id,
    location: region.name,
    name,
    tags: { team, env: seed.fraction('env', name) < 0.7 ? 'prod' : 'test' },
    type: 'Microsoft.ContainerService/ManagedClusters',
    properties: {
      ...ordinaryProperties(plan),
      agentPoolProfiles: plan.pools.map((pool) => poolBody(plan, pool)),
      ...identityProperties(identities),
      ...podIdentityProperties(plan, identities),
      networkProfile: networkProfile(plan),
    },
    ...controlPlaneIdentity(identities),
    sku: { name: 'Base', tier: 'Standard' },
    kind: 'Base',
    eTag: seed.guid('etag', id),
    $truth: truth(plan, identities),
  };
}

function ordinaryProperties({
  name,
  region,
  traits,
  nodeGroup,
  id,
  seed,
  tenantId,
}: ClusterPlan): JsonObject {
  const dnsPrefix = `${name}-dns`;
  const host = `${dnsPrefix}-${seed.guid('dns', name).slice(0, 8)}`;
  return {
    provisioningState: 'Succeeded',
    powerState: { code: traits.has('stopped') ? 'Stopped' : 'Running' },
    kubernetesVersion,
    currentKubernetesVersion: kubernetesVersion,
    dnsPrefix,
    fqdn: `${host}.hcp.${region.name}.azmk8s.io`,
    azurePortalFQDN: `${host}.portal.hcp.${region.name}.azmk8s.io`,
    nodeResourceGroup: nodeGroup,
    enableRBAC: true,
    supportPlan: 'KubernetesOfficial',
    maxAgentPools: 100,
    autoUpgradeProfile: { upgradeChannel: 'none', nodeOSUpgradeChannel: 'None' },
    ...(traits.has('localAccounts')
      ? { disableLocalAccounts: false }
      : {
          aadProfile: { managed: true, enableAzureRBAC: true, tenantID: tenantId },
          disableLocalAccounts: true,
        }),
    securityProfile: {},
    oidcIssuerProfile: { enabled: false },
    workloadAutoScalerProfile: {},
    resourceUID: seed.guid('uid', id).replaceAll('-', '').slice(0, 24),
  };
}

function controlPlaneIdentity({ controlPlane }: Identities): JsonObject {
  if (controlPlane === undefined) return {};
  const { id, clientId, principalId } = controlPlane;
  const userAssignedIdentities = { [id]: { clientId, principalId } };
  return { identity: { type: 'UserAssigned', userAssignedIdentities } };
}

function poolBody(plan: ClusterPlan, pool: PoolPlan): JsonObject {
  const subnet = subnetId(plan);
  return {
    name: pool.name,
    count: pool.count,
    vmSize: 'Standard_D4ds_v5',
    osDiskSizeGB: 128,
    osDiskType: 'Ephemeral',
    maxPods: 110,
    type: 'VirtualMachineScaleSets',
    availabilityZones: ['1', '2', '3'],
    enableAutoScaling: false,
    provisioningState: 'Succeeded',
    powerState: { code: 'Running' },
    orchestratorVersion: kubernetesVersion,
    currentOrchestratorVersion: kubernetesVersion,
    mode: pool.mode,
    osType: 'Linux',
    osSKU: 'Ubuntu',
    nodeImageVersion: pool.image,
    upgradeSettings: { maxSurge: pool.mode === 'System' ? '1' : '33%', maxUnavailable: '0' },
    enableFIPS: false,
    eTag: plan.seed.guid('etag', plan.id, pool.name),
    ...(subnet !== undefined && { vnetSubnetID: subnet }),
  };
}

function identityProperties({ servicePrincipal, kubelet }: Identities): JsonObject {
  if (kubelet === undefined) {
    return { servicePrincipalProfile: { clientId: servicePrincipal.clientId } };
  }
  const { id: resourceId, clientId, principalId: objectId } = kubelet;
  return {
    servicePrincipalProfile: { clientId: 'msi' },
    identityProfile: { kubeletidentity: { resourceId, clientId, objectId } },
  };
}

function podIdentityProperties({ team }: ClusterPlan, { podIdentities }: Identities): JsonObject {
  if (podIdentities.length === 0) return {};
  const entries = podIdentities.map(({ id, clientId, principalId, dead }, index): Json => {
    const name = `${team}-${index === 0 ? 'api' : 'worker'}`;
    return {
      name,
      namespace: team,
      bindingSelector: name,
      identity: { resourceId: id, clientId, objectId: principalId },
      provisioningState: dead ? 'Failed' : 'Assigned',
      ...(dead && { provisioningInfo: { error: { error: identityGone(id) } } }),
    };
  });
  return {
    podIdentityProfile: {
      enabled: true,
      allowNetworkPluginKubenet: true,
      userAssignedIdentities: entries,
      userAssignedIdentityExceptions: [
        {
          name: 'aks-addon-exception',
          namespace: 'kube-system',
          podLabels: { 'kubernetes.azure.com/managedby': 'aks' },
        },
      ],
    },
  };
}

function identityGone(id: string): Json {
  return {
    code: 'PodIdentityAddonIdentitiesAssignmentError',
    message: `The identity ${id} was not found.`,
  };
}

function networkProfile(plan: ClusterPlan): JsonObject {
  const kubenet = routeTableId(plan) !== undefined;
  return {
    networkPlugin: kubenet ? 'kubenet' : 'azure',
    ...(!kubenet && { networkPluginMode: 'overlay' }),
    loadBalancerSku: 'standard',
    podCidr: '10.244.0.0/16',
    serviceCidr: '10.0.0.0/16',
    dnsServiceIP: '10.0.0.10',
    outboundType: 'loadBalancer',
    ipFamilies: ['IPv4'],
  };
}

/** A half-migrated cluster is one whose nodes still use the service principal. */
function truth(plan: ClusterPlan, { servicePrincipal, kubelet }: Identities): JsonObject {
  const rolled = !plan.traits.has('halfMigrated');
  const kubeletClientId = (rolled ? kubelet : undefined)?.clientId ?? servicePrincipal.clientId;
  return {
    servicePrincipalObjectId: servicePrincipal.principalId,
    pools: Object.fromEntries(plan.pools.map(({ name }) => [name, { kubeletClientId }])),
  };
}
