import type { ClusterFacts } from '../domain/cluster';
import { FailureError } from '../domain/outcome';
import type { Step } from '../domain/plan/steps';
import type { Policy } from '../domain/policy';
import { identityName } from '../domain/roles/requirement';
import type { PrincipalKey } from '../domain/roles/requirement';
import type { ClusterSnapshot } from '../domain/snapshot';
import { adoptKubelet } from './adopt-kubelet';
import { assignRoles } from './assign-roles';
import type { AssignRolesInput } from './assign-roles';
import { changePodIdentities } from './change-pod-identities';
import { createManagedCluster } from './create-managed-cluster';
import { enableManagedIdentity } from './enable-managed-identity';
import { enablePodIdentity } from './enable-pod-identity';
import { registerFeature } from './register-feature';
import { removeRoles } from './remove-roles';
import { retirePodIdentity } from './retire-pod-identity';
import { rollNodeImages } from './roll-node-images';
import { unregisterFeature } from './unregister-feature';
import type { Run, Workflow } from './workflow';

/** The cluster as the plan was made for it; of one that is to be created the names only. */
export type PlannedCluster = Pick<ClusterFacts, 'id' | 'armId' | 'name'> &
  Partial<Omit<ClusterSnapshot, 'id' | 'armId' | 'name'>>;

/** What the steps of a plan share, and what they learn on the way. */
export interface Progressing {
  readonly cluster: PlannedCluster;
  readonly policy: Policy;
  /** Object ids: an identity is created before it gets its roles. */
  readonly principals: Map<PrincipalKey, string>;
  /** Some identity has got a role in this run, which Azure may not honour everywhere yet. */
  rolesAreNew: boolean;
}

type StepOf<K extends Step['kind']> = Extract<Step, { kind: K }>;

interface Context {
  readonly workflow: Workflow;
  readonly state: Progressing;
  /** Tells the step's own instance from those of the other steps. */
  readonly suffix: string;
}

type Appliers = {
  readonly [K in Step['kind']]: (step: StepOf<K>, context: Context) => Run<void>;
};

const appliers: Appliers = {
  *registerFeature({ subscriptionId, feature }, { workflow, suffix }) {
    yield* workflow.child(registerFeature, { subscriptionId, feature }, suffix);
  },
  *unregisterFeature({ subscriptionId, feature }, { workflow, suffix }) {
    yield* workflow.child(unregisterFeature, { subscriptionId, feature }, suffix);
  },
  *enablePodIdentity({ until, kubenet, edits }, { workflow, state, suffix }) {
    const { id: clusterId, name, resourceUid = '' } = state.cluster;
    const input = { clusterId, name, resourceUid, until, kubenet, edits };
    yield* workflow.child(enablePodIdentity, input, suffix);
  },
  *changePodIdentities({ edits }, { workflow, state, suffix }) {
    yield* workflow.child(changePodIdentities, { clusterId: state.cluster.id, edits }, suffix);
  },
  *grantDemoRole({ principalId, role: requirement }, { workflow, state }) {
    const { id: clusterId } = state.cluster;
    yield* workflow.activities.assignRole({ clusterId, principalId, requirement });
  },
  *retirePodIdentity({ deadEntries, liveEntries }, { workflow, state, suffix }) {
    const dead = { clusterId: state.cluster.id, deadEntries };
    const input = { ...dead, ...(liveEntries && { liveEntries }) };
    yield* workflow.child(retirePodIdentity, input, suffix);
  },
  *createResourceGroup({ resourceId, location }, { workflow }) {
    yield* workflow.activities.createResourceGroup({ resourceId, location });
  },
  *createIdentity({ resourceId, location, principal }, { workflow, state }) {
    const input = { clusterId: state.cluster.id, resourceId, location };
    const made = yield* workflow.activities.createIdentity(input);
    state.principals.set(principal, made.principalId);
  },
  *assignRoles(step, { workflow, state, suffix }) {
    const { created } = yield* workflow.child(assignRoles, rolesOf(step, state), suffix);
    if (created > 0) state.rolesAreNew = true;
  },
  *enableManagedIdentity({ identity, roles, passesOn }, { workflow, state, suffix }) {
    const { cluster, rolesAreNew } = state;
    const { id: clusterId, resourceUid = '', controlPlane, servicePrincipal } = cluster;
    const before = controlPlane && { controlPlane, ...(servicePrincipal && { servicePrincipal }) };
    const switching = { clusterId, identity, roles, rolesAreNew, resourceUid };
    const input = { ...switching, ...(before && { before }), ...(passesOn && { passesOn }) };
    learn(state, yield* workflow.child(enableManagedIdentity, input, suffix));
    if (roles.length > 0) state.rolesAreNew = true;
  },
  *adoptKubeletIdentity({ resourceId, pools, passesOn }, { workflow, state, suffix }) {
    const { cluster, rolesAreNew } = state;
    const { id: clusterId, resourceUid = '', kubelet } = cluster;
    const former = kubelet?.objectId ?? '';
    const adopting = { clusterId, resourceId, pools, rolesAreNew, resourceUid, former };
    const input = { ...adopting, ...(passesOn && { passesOn }) };
    learn(state, yield* workflow.child(adoptKubelet, input, suffix));
  },
  *rollNodeImages({ pools }, { workflow, state, suffix }) {
    yield* workflow.child(rollNodeImages, { clusterId: state.cluster.id, pools }, suffix);
  },
  *removeRoles({ assignments }, { workflow, state, suffix }) {
    yield* workflow.child(removeRoles, { clusterId: state.cluster.id, assignments }, suffix);
  },
  *createCluster({ body, podIdentity }, { workflow, state, suffix }) {
    const { cluster, rolesAreNew } = state;
    if (podIdentity) {
      const { until } = podIdentity;
      const accepted = { clusterId: cluster.id, until, resourceUid: '' };
      const asOf = workflow.now().toISOString();
      yield* workflow.activities.noteAcceptance({ ...accepted, asOf });
    }
    const input = { clusterId: cluster.id, armId: cluster.armId, body, rolesAreNew };
    learn(state, yield* workflow.child(createManagedCluster, input, suffix));
  },
};

/** Carries out one step, most of them as a child run of its own. @throws FailureError when it is refused. */
export function applyStep(step: Step, context: Context): Run<void> {
  return (appliers[step.kind] as (step: Step, context: Context) => Run<void>)(step, context);
}

function learn(
  { principals }: Progressing,
  seen: Readonly<Partial<Record<PrincipalKey, string>>>,
): void {
  for (const [key, id] of Object.entries(seen)) principals.set(key as PrincipalKey, id ?? '');
}

function rolesOf(
  { principal, roles }: StepOf<'assignRoles'>,
  { principals, policy, cluster }: Progressing,
): AssignRolesInput {
  const principalId = principals.get(principal) ?? '';
  if (principalId === '') {
    throw new FailureError({
      code: 'NotVerified',
      message: `The ${identityName(principal)} identity of ${cluster.name} has no object id yet.`,
      next: 'Wait a few minutes until Azure shows the principal, then onboard the cluster again.',
      target: cluster.armId,
    });
  }
  const { settleMinutes } = policy.roles;
  return { clusterId: cluster.id, principalId, roles, settleMinutes };
}
