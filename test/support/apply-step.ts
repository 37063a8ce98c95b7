import type { Step } from '../../domain/plan/steps';
import { assignmentName } from '../../domain/roles/assignment-name';
import { roles } from '../../domain/roles/built-in-roles';
import { principalsOf } from '../../domain/roles/principals';
import type { RoleRequirement } from '../../domain/roles/requirement';
import type { ClusterSnapshot, RoleAssignment } from '../../domain/snapshot';
import { controlPlanePrincipal, kubelet, ofNodeGroup } from './clusters';

export const ownKubeletPrincipal = '44444444-4444-4444-8444-444444444444';

type StepOf<K extends Step['kind']> = Extract<Step, { kind: K }>;

type Effects = {
  readonly [K in Step['kind']]: (snapshot: ClusterSnapshot, step: StepOf<K>) => ClusterSnapshot;
};

const effects: Effects = {
  registerFeature: withFeature,
  unregisterFeature: withFeature,
  retirePodIdentity: withoutAddOn,
  enablePodIdentity: (snapshot) => ({
    ...snapshot,
    podIdentity: { ...snapshot.podIdentity, enabled: true },
  }),
  changePodIdentities: notOfOnboarding,
  grantDemoRole: notOfOnboarding,
  createIdentity: withIdentity,
  assignRoles: withRoles,
  enableManagedIdentity: switched,
  adoptKubeletIdentity: adopted,
  rollNodeImages: (snapshot, { pools }) =>
    pools.reduce((before, { name }) => rolled(before, name), snapshot),
  removeRoles: withoutRoles,
  createResourceGroup: notOfAPresentCluster,
  createCluster: notOfAPresentCluster,
};

/** The cluster as it is once a step has done what it says. */
export function applied(snapshot: ClusterSnapshot, step: Step): ClusterSnapshot {
  const effect = effects[step.kind] as (before: ClusterSnapshot, step: Step) => ClusterSnapshot;
  return effect(snapshot, step);
}

function notOfAPresentCluster(_snapshot: ClusterSnapshot, { kind }: Step): never {
  throw new Error(`${kind} is no step of a cluster that is there`);
}

function notOfOnboarding(_snapshot: ClusterSnapshot, { kind }: Step): never {
  throw new Error(`${kind} is no step of onboarding`);
}

function withoutRoles(snapshot: ClusterSnapshot, step: StepOf<'removeRoles'>): ClusterSnapshot {
  const gone = step.assignments.map(({ id }) => id);
  return { ...snapshot, assignments: snapshot.assignments.filter(({ id }) => !gone.includes(id)) };
}

function withFeature(
  snapshot: ClusterSnapshot,
  { kind, feature }: StepOf<'registerFeature' | 'unregisterFeature'>,
): ClusterSnapshot {
  const state = kind === 'registerFeature' ? 'Registered' : 'Unregistered';
  return { ...snapshot, features: { ...snapshot.features, [feature]: { state, usedBy: 0 } } };
}

function withoutAddOn(snapshot: ClusterSnapshot): ClusterSnapshot {
  const features = Object.entries(snapshot.features).map(([name, { state, usedBy }]) => [
    name,
    { state, usedBy: Math.max(0, usedBy - 1) },
  ]);
  return {
    ...snapshot,
    podIdentity: { enabled: false, entries: [] },
    features: Object.fromEntries(features) as ClusterSnapshot['features'],
  };
}

function withIdentity(
  snapshot: ClusterSnapshot,
  { principal, resourceId }: StepOf<'createIdentity'>,
): ClusterSnapshot {
  return principal === 'kubelet'
    ? { ...snapshot, targetKubelet: { resourceId, principalId: ownKubeletPrincipal } }
    : { ...snapshot, targetIdentity: { resourceId, principalId: controlPlanePrincipal } };
}

function withRoles(snapshot: ClusterSnapshot, step: StepOf<'assignRoles'>): ClusterSnapshot {
  const added = step.roles.map((role) => assignment(role, holderOf(snapshot, step)));
  return { ...snapshot, assignments: [...snapshot.assignments, ...added] };
}

/** An identity that is to be taken on gets its roles before; one that AKS makes, after. */
function holderOf(snapshot: ClusterSnapshot, { principal }: StepOf<'assignRoles'>): string {
  const { targetIdentity, targetKubelet } = snapshot;
  if (principal === 'kubelet') {
    return targetKubelet?.principalId ?? snapshot.kubelet?.objectId ?? kubelet.objectId;
  }
  if (principal !== 'controlPlane') return principalsOf(snapshot)[principal] ?? '';
  if (targetIdentity) return targetIdentity.principalId;
  if (snapshot.controlPlane.kind === 'servicePrincipal') {
    throw new Error('roles are assigned before there is an identity');
  }
  return snapshot.controlPlane.principalId;
}

export function assignment({ scope, role }: RoleRequirement, principalId: string): RoleAssignment {
  const id = assignmentName(scope, principalId, role);
  return { id, scope, principalId, role: roles[role], conditional: false };
}

/** The switch leaves every node with the old credentials. AKS gives the new identity its role on the node group. */
function switched(
  snapshot: ClusterSnapshot,
  { identity, roles: atOnce }: StepOf<'enableManagedIdentity'>,
): ClusterSnapshot {
  const principalId =
    identity.kind === 'userAssigned'
      ? (snapshot.targetIdentity?.principalId ?? '')
      : '33333333-3333-4333-8333-333333333333';
  const fromServicePrincipal = snapshot.controlPlane.kind === 'servicePrincipal';
  return {
    ...snapshot,
    controlPlane: { ...identity, principalId },
    shown: {
      type: identity.kind === 'userAssigned' ? 'UserAssigned' : 'SystemAssigned',
      clientId: 'msi',
      userAssigned: identity.kind === 'userAssigned' ? [identity.resourceId] : [],
    },
    kubelet: snapshot.kubelet ?? kubelet,
    ...(fromServicePrincipal && {
      poolsBeforeSwitch: snapshot.nodePools.map(({ name }) => name),
    }),
    assignments: [
      ...snapshot.assignments,
      ofNodeGroup(principalId),
      ...atOnce.map((role) => assignment(role, principalId)),
    ],
  };
}

/** Azure re-images every pool. */
function adopted(
  snapshot: ClusterSnapshot,
  { resourceId }: StepOf<'adoptKubeletIdentity'>,
): ClusterSnapshot {
  const objectId = snapshot.targetKubelet?.principalId ?? '';
  return { ...snapshot, kubelet: { resourceId, objectId }, poolsBeforeSwitch: [] };
}

export function rolled(snapshot: ClusterSnapshot, pool: string): ClusterSnapshot {
  return {
    ...snapshot,
    poolsBeforeSwitch: snapshot.poolsBeforeSwitch.filter((name) => name !== pool),
    nodePools: snapshot.nodePools.map((each) =>
      each.name === pool
        ? { ...each, imageVersion: snapshot.latestImages[pool] ?? each.imageVersion }
        : each,
    ),
  };
}
