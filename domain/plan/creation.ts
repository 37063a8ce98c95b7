import { toClusterFacts } from '../arm/cluster-facts';
import type { ClusterFacts } from '../cluster';
import type { CreationSpec } from '../creation-spec';
import { isRegistered } from '../feature-state';
import {
  targetIdentityId,
  targetKubeletId,
  unfitForSystemAssigned,
} from '../identities/target-identity';
import { armName, clusterIdParts, sameArmId, toClusterId } from '../ids';
import type { Failure } from '../outcome';
import { podIdentityFeature } from '../policy';
import type { Policy } from '../policy';
import { groupOf } from '../roles/matrix-row';
import { nothingAround } from '../snapshot';
import type { ClusterSnapshot, ExistingIdentity, Surroundings } from '../snapshot';
import { futureOf } from './future';
import type { OnboardingPlan } from './onboarding-plan';
import type { ClusterBody, Step } from './steps';

/** Tag of a cluster that Steward has created: the run that did it. */
export const ownershipTag = 'aks-identity-steward-run';

/** What was read for the creation of a cluster. */
export interface CreationSurroundings extends Surroundings {
  /** Something has the name already. */
  readonly exists: boolean;
  /** Resource groups among those needed that do not exist. */
  readonly missingGroups: readonly string[];
  /** The subnet of the nodes, where it cannot be found. */
  readonly missingSubnet?: string;
  readonly targetIdentity?: ExistingIdentity;
  readonly targetKubelet?: ExistingIdentity;
}

/** What a specification asks of the policy: the cluster is to be in order by its own words. */
export function creationPolicy(spec: CreationSpec, policy: Policy): Policy {
  const { controlPlane, kubelet } = spec;
  return {
    ...policy,
    identity: { ...policy.identity, controlPlane, kubelet },
    ...(spec.podIdentity && { podIdentity: { ...policy.podIdentity, keepAlive: true } }),
  };
}

/** The cluster as it would be, with identities that may not exist yet. */
export function wouldBe(spec: CreationSpec, policy: Policy): ClusterFacts {
  const id = toClusterId(spec.cluster);
  if (!id) throw new Error(`not a managed cluster: ${spec.cluster}`);
  const body = clusterBody(spec, creationPolicy(spec, policy), '');
  const { resourceGroup, name } = clusterIdParts(id);
  const properties = {
    ...(body['properties'] as object),
    nodeResourceGroup: `MC_${resourceGroup}_${name}_${spec.location}`,
  };
  return toClusterFacts({ ...body, id: spec.cluster, name: armName(spec.cluster), properties });
}

/** Resource groups that have to be there: the cluster's, and that of its identities. */
export function neededGroups(spec: CreationSpec, policy: Policy): readonly string[] {
  const own = groupOf(spec.cluster);
  const id = toClusterId(spec.cluster);
  const identities =
    id && spec.controlPlane === 'userAssigned' ? groupOf(targetIdentityId({ id }, policy)) : own;
  return sameArmId(own, identities) ? [own] : [own, identities];
}

/**
 * Plans a new cluster. Pure. Everything that can exist before the cluster does so: groups, identities, and
 * their roles, so that it is complete from its first minute.
 */
export function planCreation(
  spec: CreationSpec,
  {
    around,
    policy,
    runId,
  }: {
    readonly around: CreationSurroundings;
    readonly policy: Policy;
    readonly runId: string;
  },
): OnboardingPlan {
  const own = creationPolicy(spec, policy);
  const facts = wouldBe(spec, policy);
  const snapshot = asSnapshot(facts, spec, around);
  const { missing } = futureOf(snapshot, own);
  const roles = (principal: 'controlPlane' | 'kubelet'): Step[] => {
    const wanted = missing.get(principal) ?? [];
    return wanted.length === 0 ? [] : [{ kind: 'assignRoles', principal, roles: wanted }];
  };
  const before = spec.controlPlane === 'userAssigned';
  const nodesBefore = spec.kubelet === 'own';
  const steps: Step[] = [
    ...features(spec, own, around),
    ...around.missingGroups.map((resourceId): Step => ({
      kind: 'createResourceGroup',
      resourceId,
      location: spec.location,
    })),
    ...identities(spec, facts, { around, policy: own }),
    ...(before ? roles('controlPlane') : []),
    ...(nodesBefore ? roles('kubelet') : []),
    { kind: 'createCluster', resourceId: spec.cluster, body: clusterBody(spec, own, runId) },
    ...(before ? [] : roles('controlPlane')),
    ...(nodesBefore ? [] : roles('kubelet')),
  ];
  return { steps, blockers: blockers(spec, facts, { around, policy }) };
}

function asSnapshot(
  facts: ClusterFacts,
  spec: CreationSpec,
  around: CreationSurroundings,
): ClusterSnapshot {
  const principalId = around.targetIdentity?.principalId ?? '';
  return {
    ...nothingAround,
    ...facts,
    ...around,
    ...(facts.controlPlane.kind === 'userAssigned' && {
      controlPlane: { ...facts.controlPlane, principalId },
    }),
    ...(spec.kubelet === 'own' &&
      facts.kubelet && {
        kubelet: { ...facts.kubelet, objectId: around.targetKubelet?.principalId ?? '' },
      }),
  };
}

function features(
  { podIdentity, cluster }: CreationSpec,
  policy: Policy,
  { features: readings = {} }: CreationSurroundings,
): Step[] {
  const [, , subscriptionId = ''] = cluster.split('/');
  const wanted = [...policy.features.required, ...(podIdentity ? [podIdentityFeature] : [])];
  return [...new Set(wanted)]
    .filter((feature) => !isRegistered(readings[feature]?.state ?? ''))
    .map((feature) => ({
      kind: 'registerFeature',
      subscriptionId: subscriptionId.toLowerCase(),
      feature,
    }));
}

function identities(
  spec: CreationSpec,
  { id }: ClusterFacts,
  { around, policy }: { readonly around: CreationSurroundings; readonly policy: Policy },
): Step[] {
  const { location, controlPlane, kubelet } = spec;
  const create = (principal: 'controlPlane' | 'kubelet', resourceId: string): Step => ({
    kind: 'createIdentity',
    principal,
    resourceId,
    location,
  });
  return [
    ...(controlPlane === 'userAssigned' && !around.targetIdentity
      ? [create('controlPlane', targetIdentityId({ id }, policy))]
      : []),
    ...(kubelet === 'own' && !around.targetKubelet
      ? [create('kubelet', targetKubeletId({ id }, policy))]
      : []),
  ];
}

function blockers(
  spec: CreationSpec,
  facts: ClusterFacts,
  { around, policy }: { readonly around: CreationSurroundings; readonly policy: Policy },
): readonly Failure[] {
  const { exists, missingSubnet } = around;
  const unfit = spec.controlPlane === 'systemAssigned' ? unfitForSystemAssigned(facts) : [];
  const found: (Failure | false)[] = [
    exists && {
      code: 'Conflict',
      message: `There is a cluster called ${facts.name} already.`,
      next: 'Choose another name, or onboard the cluster that is there.',
      target: spec.cluster,
    },
    unfit.length > 0 && {
      code: 'Unsupported',
      message: `AKS does not support a system-assigned identity here: ${unfit.join('; ')}.`,
      next: 'Ask for controlPlane: userAssigned.',
      target: spec.cluster,
    },
    spec.podIdentity &&
      policy.features.forbidden.includes(podIdentityFeature) && {
        code: 'DeniedByPolicy',
        message: `The policy forbids ${podIdentityFeature}, without which there is no pod identity.`,
        next: 'Leave podIdentity out and use Workload ID, or take the flag from features.forbidden.',
        target: spec.cluster,
      },
    missingSubnet !== undefined && {
      code: 'NotFound',
      message: `There is no subnet ${missingSubnet}, or Steward may not read it.`,
      next: 'Create the subnet, or name another one.',
      target: spec.cluster,
    },
  ];
  return found.filter((one) => one !== false);
}

/** The body as ARM takes it. @param runId empty for a cluster that is only thought of. */
function clusterBody(spec: CreationSpec, policy: Policy, runId: string): ClusterBody {
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
      ...(spec.podIdentity && { podIdentityProfile: { enabled: true } }),
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

function networkProfile({ mode, subnetId: _subnet, ...rest }: CreationSpec['network']): object {
  return {
    networkPlugin: 'azure',
    ...(mode === 'overlay' && { networkPluginMode: 'overlay' }),
    loadBalancerSku: 'standard',
    ...rest,
  };
}
