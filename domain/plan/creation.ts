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
import { enablingBlockers } from '../pod-identity/enabling';
import type { MitigationReading } from '../pod-identity/net-raw';
import { podIdentityFeature } from '../policy';
import type { Policy } from '../policy';
import { groupOf } from '../roles/matrix-row';
import { nothingAround } from '../snapshot';
import type { ClusterSnapshot, ExistingIdentity, Surroundings } from '../snapshot';
import { futureOf } from './future';
import type { OnboardingPlan } from './onboarding-plan';
import type { Step } from './steps';
import { addOnOf, clusterBody, pluginOf } from './creation-body';

/** What was read for the creation of a cluster. */
export interface CreationSurroundings extends Surroundings {
  /** Something has the name already. */
  readonly exists: boolean;
  /** Resource groups among those needed that do not exist. */
  readonly missingGroups: readonly string[];
  /** The subnet of the nodes, where it cannot be found. */
  readonly missingSubnet?: string;
  /** What keeps pods from using NET_RAW there; read where it matters. */
  readonly mitigation?: MitigationReading;
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

interface CreationContext {
  readonly around: CreationSurroundings;
  readonly policy: Policy;
  /** Time of the plan; ISO 8601. */
  readonly asOf: string;
}

/**
 * Plans a new cluster. Pure. Everything that can exist before the cluster does so: groups, identities, and
 * their roles, so that it is complete from its first minute.
 */
export function planCreation(
  spec: CreationSpec,
  { around, policy, runId, asOf }: CreationContext & { readonly runId: string },
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
    {
      kind: 'createCluster',
      resourceId: spec.cluster,
      body: clusterBody(spec, own, runId),
      ...(spec.podIdentity && { podIdentity: addOnOf(spec, spec.podIdentity) }),
    },
    ...(before ? [] : roles('controlPlane')),
    ...(nodesBefore ? [] : roles('kubelet')),
  ];
  return { steps, blockers: blockers(spec, facts, { around, policy, asOf }) };
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
  context: CreationContext,
): readonly Failure[] {
  const { exists, missingSubnet } = context.around;
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
    missingSubnet !== undefined && {
      code: 'NotFound',
      message: `There is no subnet ${missingSubnet}, or Steward may not read it.`,
      next: 'Create the subnet, or name another one.',
      target: spec.cluster,
    },
  ];
  return [...found.filter((one) => one !== false), ...addOnBlockers(spec, facts, context)];
}

function addOnBlockers(
  { podIdentity, network, cluster }: CreationSpec,
  facts: ClusterFacts,
  { around, policy, asOf }: CreationContext,
): readonly Failure[] {
  if (!podIdentity) return [];
  const { mitigation, features: readings = {} } = around;
  const reasons = enablingBlockers({ ...facts, features: readings }, podIdentity, {
    ...{ policy, asOf, networkPlugin: pluginOf(network) },
    ...(mitigation && { mitigation }),
  });
  return reasons.map((reason) => ({ ...reason, target: cluster }));
}
