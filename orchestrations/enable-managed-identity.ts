import type { DesiredIdentity } from '../domain/cluster';
import type { ClusterId } from '../domain/ids';
import { FailureError } from '../domain/outcome';
import { settle } from './steps';
import type { Run, Workflow } from './workflow';

export interface EnableManagedIdentityInput {
  readonly clusterId: ClusterId;
  readonly identity: DesiredIdentity;
}

/** Object ids of the identities that the cluster has from now on. */
export interface NewPrincipals {
  readonly principalId: string;
  readonly kubeletObjectId: string;
}

/**
 * Moves the control plane from its service principal to a managed identity and checks what came of
 * it. Nodes keep the old credentials until their pool is re-imaged.
 *
 * @throws FailureError `NotVerified` when Azure reports success but the cluster does not show it.
 */
export function* enableManagedIdentity(
  workflow: Workflow,
  { clusterId, identity }: EnableManagedIdentityInput,
): Run<NewPrincipals> {
  const { activities, sleepSeconds } = workflow;
  const operation = yield* activities.switchIdentity({ clusterId, identity });
  yield* settle(workflow, operation, { suffix: 'switch', deadlineMinutes: 60 });

  // The principal of a new identity may appear a little after the operation has ended.
  for (let attempt = 0; attempt < 5; attempt += 1) {
    const { controlPlane, kubelet } = yield* activities.readCluster({ clusterId });
    const principalId = 'principalId' in controlPlane ? controlPlane.principalId : '';
    if (principalId !== '' && controlPlane.kind === identity.kind && kubelet) {
      return { principalId, kubeletObjectId: kubelet.objectId };
    }
    yield* sleepSeconds(30);
  }
  throw new FailureError({
    code: 'NotVerified',
    message: 'Azure reports the identity switch as done, but the cluster shows no principal.',
    next: 'Look at the identity of the cluster in the Azure portal, then onboard it again.',
    target: clusterId,
  });
}
