import { armName, toClusterId } from '../ids';
import { targetIdentityId, targetKubeletId } from '../identities/target-identity';
import type { CreationSpec } from '../creation-spec';
import type { Policy } from '../policy';
import type { ClusterBody, Step } from './steps';

/** Tag of a cluster that Steward has created: the run that did it. */
export const ownershipTag = 'aks-identity-steward-run';

/** The body of a new cluster as ARM takes it. @param runId empty for a cluster that is only thought of. */
export function clusterBody(spec: CreationSpec, policy: Policy, runId: string): ClusterBody {
  const id = toClusterId(spec.cluster);
  if (!id) throw new Error(`not a managed cluster: ${spec.cluster}`);
  const { controlPlane, kubelet, network, privateCluster } = spec;
  return {
    location: spec.location,
    tags: { ...spec.tags, ...(runId !== '' && { [ownershipTag]: runId }) },
    sku: { name: 'Base', tier: 'Standard' },
    identity:
      controlPlane === 'systemAssigned'
        ? { type: 'SystemAssigned' }
        : {
            type: 'UserAssigned',
            userAssignedIdentities: { [targetIdentityId({ id }, policy)]: {} },
          },
    properties: {
      ...(spec.kubernetesVersion !== undefined && { kubernetesVersion: spec.kubernetesVersion }),
      dnsPrefix: spec.dnsPrefix ?? armName(spec.cluster),
      enableRBAC: true,
      ...accessProfile(spec),
      agentPoolProfiles: spec.pools.map((pool) => poolBody(pool, network.subnetId)),
      networkProfile: networkProfile(network),
      oidcIssuerProfile: { enabled: true },
      securityProfile: { workloadIdentity: { enabled: true } },
      ...(kubelet === 'own' && {
        identityProfile: { kubeletidentity: { resourceId: targetKubeletId({ id }, policy) } },
      }),
      ...(privateCluster && {
        apiServerAccessProfile: {
          enablePrivateCluster: true,
          privateDNSZone: privateCluster.dnsZoneId ?? 'system',
        },
      }),
      ...podIdentityProfile(spec),
    },
  };
}

/** Whoever signs in is known to Microsoft Entra, and Azure roles say what they may. */
function accessProfile({ access }: CreationSpec): object {
  return access === 'localAccounts'
    ? {}
    : { aadProfile: { managed: true, enableAzureRBAC: true }, disableLocalAccounts: true };
}

function poolBody(pool: CreationSpec['pools'][number], subnetId: string | undefined): object {
  const { zones, ...rest } = pool;
  return {
    ...rest,
    type: 'VirtualMachineScaleSets',
    osType: 'Linux',
    ...(zones.length > 0 && { availabilityZones: zones }),
    ...(subnetId !== undefined && { vnetSubnetID: subnetId }),
  };
}

export function pluginOf({ mode }: Pick<CreationSpec['network'], 'mode'>): 'kubenet' | 'azure' {
  return mode === 'kubenet' ? 'kubenet' : 'azure';
}

function networkProfile({ mode, subnetId: _subnet, ...rest }: CreationSpec['network']): object {
  return {
    networkPlugin: pluginOf({ mode }),
    ...(mode === 'overlay' && { networkPluginMode: 'overlay' }),
    loadBalancerSku: 'standard',
    ...rest,
  };
}

/** The add-on that a new cluster comes with. */
export function addOnOf(
  { network }: CreationSpec,
  { expires, exceptions }: NonNullable<CreationSpec['podIdentity']>,
): NonNullable<Extract<Step, { kind: 'createCluster' }>['podIdentity']> {
  const kubenet = network.mode === 'kubenet';
  const edits = exceptions.map((one) => ({ edit: 'addException' as const, ...one }));
  return { until: expires, kubenet, edits };
}

/** Under kubenet with the add-on that carries policies into the cluster, so that they hold from the first pod on. */
function podIdentityProfile({ network, podIdentity }: CreationSpec): object {
  if (!podIdentity) return {};
  const kubenet = network.mode === 'kubenet';
  const { exceptions } = podIdentity;
  return {
    podIdentityProfile: {
      enabled: true,
      ...(kubenet && { allowNetworkPluginKubenet: true }),
      ...(exceptions.length > 0 && { userAssignedIdentityExceptions: exceptions }),
    },
    ...(kubenet && { addonProfiles: { azurepolicy: { enabled: true } } }),
  };
}
