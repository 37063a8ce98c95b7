import { createHash } from 'node:crypto';

import { objects, options, podIdentities } from './pod-identity-workloads';

const subscriptionId = '3c5b0d1e-7a42-4f7e-9d3c-5b1e0d7a4201';
const tenantId = 'c3b1a7de-52f4-4c0e-9a61-0d7b3e5f9a10';
const clusterName = 'aks-shop-weu-01';
const group = `/subscriptions/${subscriptionId}/resourceGroups/rg-shop`;
const nodeGroup = `MC_rg-shop_${clusterName}_westeurope`;
const identities = `${group}/providers/Microsoft.ManagedIdentity/userAssignedIdentities`;
const clusterId = `${group}/providers/Microsoft.ContainerService/managedClusters/${clusterName}`;
const kubernetesVersion = '1.35.4';
const operatorRole = 'f1a07417-d97a-45cb-824c-7a7467783830'; // Managed Identity Operator

/** The same words give the same GUID. */
function guid(...words: readonly string[]): string {
  const hex = createHash('sha256').update(words.join('/')).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

const principalId = guid('principal', clusterName);

/** What a migration off pod identity is asked for, and approves beforehand. */
export const migration = { clusters: [clusterId], options };

/** One cluster with the pod-identity add-on and thirty workloads that use it. */
export function podIdentityScenario(seed: number): object {
  return {
    seed,
    tenantId,
    resources: [
      {
        id: `/subscriptions/${subscriptionId}/providers/Microsoft.Features/providers/Microsoft.ContainerService/features/EnablePodIdentityPreview`,
        name: 'Microsoft.ContainerService/EnablePodIdentityPreview',
        type: 'Microsoft.Features/providers/features',
        properties: { state: 'Registered' },
        $truth: { effective: true },
      },
      {
        id: `/subscriptions/${subscriptionId}`,
        subscriptionId,
        tenantId,
        displayName: 'shop',
        state: 'Enabled',
      },
      { id: group, name: 'rg-shop', location: 'westeurope', properties: {} },
      {
        id: `/subscriptions/${subscriptionId}/resourceGroups/${nodeGroup}`,
        name: nodeGroup,
        location: 'westeurope',
        properties: {},
      },
      ...podIdentities.filter((one) => !('dead' in one)).flatMap(({ name }) => identityOf(name)),
      cluster(),
    ],
    kubernetes: { [clusterId]: { serverVersion: `v${kubernetesVersion}`, objects } },
    behaviour: {
      kubernetes: { probe: true, apps: { 'web/Deployment/edge-cache': { uses: 'sdk' } } },
    },
  };
}

/** An identity and the role on it that the add-on needs. */
function identityOf(name: string): readonly object[] {
  const id = `${identities}/${name}`;
  return [
    {
      id,
      name,
      type: 'Microsoft.ManagedIdentity/userAssignedIdentities',
      location: 'westeurope',
      tags: {},
      properties: {
        tenantId,
        principalId: guid('principal', name),
        clientId: guid('client', name),
      },
    },
    {
      id: `${id}/providers/Microsoft.Authorization/roleAssignments/${guid('assignment', name)}`,
      name: guid('assignment', name),
      type: 'Microsoft.Authorization/roleAssignments',
      properties: {
        roleDefinitionId: `/subscriptions/${subscriptionId}/providers/Microsoft.Authorization/roleDefinitions/${operatorRole}`,
        principalId,
        principalType: 'ServicePrincipal',
        scope: id,
        description: 'aks-identity-steward: RR-PODID-MIO',
      },
    },
  ];
}

function cluster(): object {
  return {
    id: clusterId,
    name: clusterName,
    type: 'Microsoft.ContainerService/ManagedClusters',
    location: 'westeurope',
    tags: { team: 'shop' },
    sku: { name: 'Base', tier: 'Standard' },
    eTag: guid('etag', clusterName),
    identity: { type: 'SystemAssigned', principalId, tenantId },
    properties: {
      provisioningState: 'Succeeded',
      powerState: { code: 'Running' },
      kubernetesVersion,
      currentKubernetesVersion: kubernetesVersion,
      dnsPrefix: clusterName,
      fqdn: `${clusterName}.hcp.westeurope.azmk8s.io`,
      nodeResourceGroup: nodeGroup,
      enableRBAC: true,
      disableLocalAccounts: true,
      aadProfile: { managed: true, enableAzureRBAC: true, tenantID: tenantId },
      agentPoolProfiles: ['system', 'apps'].map((name, i) => pool(name, i === 0)),
      servicePrincipalProfile: { clientId: 'msi' },
      networkProfile: { networkPlugin: 'azure', networkPluginMode: 'overlay' },
      oidcIssuerProfile: { enabled: false },
      securityProfile: {},
      podIdentityProfile: {
        enabled: true,
        userAssignedIdentities: podIdentities.map(entry),
        userAssignedIdentityExceptions: [],
      },
      identityProfile: { kubeletidentity: kubelet() },
    },
  };
}

function pool(name: string, system: boolean): object {
  return {
    name,
    count: 3,
    vmSize: 'Standard_D4ds_v5',
    osType: 'Linux',
    osSKU: 'Ubuntu',
    mode: system ? 'System' : 'User',
    type: 'VirtualMachineScaleSets',
    provisioningState: 'Succeeded',
    powerState: { code: 'Running' },
    nodeImageVersion: 'AKSUbuntu-2204gen2containerd-202611.10.0',
  };
}

function entry({ namespace, name, ...more }: (typeof podIdentities)[number]): object {
  return {
    namespace,
    name,
    bindingSelector: 'selector' in more ? more.selector : name,
    identity: {
      resourceId: `${identities}/${name}`,
      clientId: guid('client', name),
      objectId: guid('principal', name),
    },
    provisioningState: 'Assigned',
  };
}

function kubelet(): object {
  const name = `${clusterName}-agentpool`;
  return {
    resourceId: `/subscriptions/${subscriptionId}/resourceGroups/${nodeGroup}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/${name}`,
    clientId: guid('client', name),
    objectId: guid('principal', name),
  };
}
