import type { ClusterFacts, ControlPlaneIdentity, DesiredIdentity } from '../domain/cluster';
import { sameArmId } from '../domain/ids';
import type { ClusterId } from '../domain/ids';
import { FailureError } from '../domain/outcome';
import { principalsOf } from '../domain/roles/principals';
import type { Principals } from '../domain/roles/principals';
import type { RoleRequirement } from '../domain/roles/requirement';
import type { FormerPrincipal, ServicePrincipalReading } from '../domain/snapshot';
import { patientWrite } from './patient-write';
import { settle } from './steps';
import type { Run, Workflow } from './workflow';

export interface EnableManagedIdentityInput {
  readonly clusterId: ClusterId;
  readonly identity: DesiredIdentity;
  /** Roles of a principal that the switch brings into being: assigned as soon as it exists. */
  readonly roles: readonly RoleRequirement[];
  /** Roles were assigned in this run, and Azure may not honour them everywhere yet. */
  readonly rolesAreNew: boolean;
  readonly resourceUid: string;
  /** Rights of the principal before that its successor gets as well. */
  readonly passesOn?: readonly RoleRequirement[];
  /** Who the control plane was. */
  readonly before?: {
    readonly controlPlane: ControlPlaneIdentity;
    readonly servicePrincipal?: ServicePrincipalReading;
  };
}

const attempts = 10;
const pollSeconds = 30;

/**
 * Moves the control plane to a managed identity and checks what came of it. From a service principal nodes
 * keep the old credentials until their pool is re-imaged; from another identity the control plane uses the
 * old one until its token ends, which is why that one keeps its roles for a while.
 *
 * @returns object ids of the identities that the cluster has from now on.
 * @throws FailureError `NotVerified` when Azure reports success but the cluster does not show it.
 */
export function* enableManagedIdentity(
  workflow: Workflow,
  input: EnableManagedIdentityInput,
): Run<Principals> {
  const { clusterId, identity, roles, rolesAreNew } = input;
  const { activities } = workflow;
  yield* noteFormer(workflow, input); // a run that breaks down later has not forgotten who it was
  const operation = yield* patientWrite(workflow, rolesAreNew, () =>
    activities.switchIdentity({ clusterId, identity }),
  );
  if (roles.length > 0) yield* assignAtOnce(workflow, input);
  yield* settle(workflow, operation, { suffix: 'switch', deadlineMinutes: 60 });
  const now = yield* verified(workflow, input);
  yield* noteFormer(workflow, input);
  return now;
}

/** From the moment that Azure accepts the write the control plane may need its roles. */
function* assignAtOnce(
  workflow: Workflow,
  { clusterId, identity, roles }: EnableManagedIdentityInput,
): Run<void> {
  const { activities, sleepSeconds } = workflow;
  for (let attempt = 0; attempt < attempts; attempt += 1) {
    const { controlPlane } = yield* activities.readCluster({ clusterId });
    const principalId = 'principalId' in controlPlane ? controlPlane.principalId : '';
    if (principalId !== '' && controlPlane.kind === identity.kind) {
      for (const requirement of roles) {
        yield* activities.assignRole({ clusterId, principalId, requirement });
      }
      return;
    }
    yield* sleepSeconds(pollSeconds);
  }
  throw notShown(clusterId);
}

/** The principal of a new identity may appear a little after the operation has ended. */
function* verified(
  workflow: Workflow,
  { clusterId, identity }: EnableManagedIdentityInput,
): Run<Principals> {
  const { activities, sleepSeconds } = workflow;
  for (let attempt = 0; attempt < attempts; attempt += 1) {
    const seen = yield* activities.readCluster({ clusterId });
    if (isSwitched(seen, identity)) return principalsOf(seen);
    yield* sleepSeconds(pollSeconds);
  }
  throw notShown(clusterId);
}

function isSwitched(
  { controlPlane, kubelet, shown }: ClusterFacts,
  identity: DesiredIdentity,
): boolean {
  if (!('principalId' in controlPlane) || controlPlane.principalId === '' || !kubelet) return false;
  if (controlPlane.kind !== identity.kind || shown.clientId.toLowerCase() !== 'msi') return false;
  if (controlPlane.kind !== 'userAssigned' || identity.kind !== 'userAssigned') return true;
  return sameArmId(controlPlane.resourceId, identity.resourceId);
}

function* noteFormer(
  workflow: Workflow,
  { clusterId, resourceUid, before, passesOn }: EnableManagedIdentityInput,
): Run<void> {
  const until = workflow.now().toISOString();
  const former = before && formerOf(before, until);
  if (!former || former.objectId === '') return;
  yield* workflow.activities.noteIdentityChange({
    ...{ clusterId, resourceUid },
    former: { ...former, ...(passesOn && { passesOn }) },
  });
}

function formerOf(
  { controlPlane, servicePrincipal }: NonNullable<EnableManagedIdentityInput['before']>,
  until: string,
): FormerPrincipal {
  if (controlPlane.kind !== 'servicePrincipal') {
    return { kind: controlPlane.kind, objectId: controlPlane.principalId, until };
  }
  const { clientId: appId, kind } = controlPlane;
  return { kind, objectId: servicePrincipal?.objectId ?? '', appId, until };
}

function notShown(clusterId: ClusterId): FailureError {
  return new FailureError({
    code: 'NotVerified',
    message: 'Azure reports the identity switch as done, but the cluster does not show it.',
    next: 'Look at the identity of the cluster in the Azure portal, then onboard it again.',
    target: clusterId,
  });
}
