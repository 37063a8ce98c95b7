import type { ClusterSnapshot, RoleAssignment } from '../../domain/cluster';
import { assignmentName, roles } from '../../domain/roles';
import type { RoleRequirement } from '../../domain/roles';
import type { Step } from '../../domain/steps';
import { controlPlanePrincipal, kubelet } from './clusters';

type StepOf<K extends Step['kind']> = Extract<Step, { kind: K }>;

/** The cluster as it is once a step has done what it says. */
export function applied(snapshot: ClusterSnapshot, step: Step): ClusterSnapshot {
  switch (step.kind) {
    case 'registerFeature':
      return withFeature(snapshot, step.feature, 'Registered');
    case 'unregisterFeature':
      return withFeature(snapshot, step.feature, 'Unregistered');
    case 'retirePodIdentity':
      return withoutAddOn(snapshot);
    case 'createIdentity':
      return { ...snapshot, targetIdentity: { ...step, principalId: controlPlanePrincipal } };
    case 'assignRoles':
      return withRoles(snapshot, step);
    case 'enableManagedIdentity':
      return switched(snapshot, step);
    case 'rollNodeImages':
      return step.pools.reduce((before, { name }) => rolled(before, name), snapshot);
  }
}

function withFeature(snapshot: ClusterSnapshot, feature: string, state: string): ClusterSnapshot {
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

function withRoles(snapshot: ClusterSnapshot, step: StepOf<'assignRoles'>): ClusterSnapshot {
  const principalId =
    step.principal === 'kubelet' ? kubelet.objectId : controlPlanePrincipalOf(snapshot);
  const added = step.roles.map((requirement) => assignment(requirement, principalId));
  return { ...snapshot, assignments: [...snapshot.assignments, ...added] };
}

function controlPlanePrincipalOf({ controlPlane, targetIdentity }: ClusterSnapshot): string {
  if (controlPlane.kind !== 'servicePrincipal') return controlPlane.principalId;
  if (!targetIdentity) throw new Error('roles are assigned before there is an identity');
  return targetIdentity.principalId;
}

export function assignment({ scope, role }: RoleRequirement, principalId: string): RoleAssignment {
  const id = assignmentName(scope, principalId, role);
  return { id, scope, principalId, role: roles[role], conditional: false };
}

/** The switch leaves every node with the old credentials. */
function switched(
  snapshot: ClusterSnapshot,
  { identity }: StepOf<'enableManagedIdentity'>,
): ClusterSnapshot {
  return {
    ...snapshot,
    controlPlane:
      identity.kind === 'userAssigned'
        ? { ...identity, principalId: snapshot.targetIdentity?.principalId ?? '' }
        : { ...identity, principalId: '33333333-3333-4333-8333-333333333333' },
    kubelet,
    poolsBeforeSwitch: snapshot.nodePools.map(({ name }) => name),
  };
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
