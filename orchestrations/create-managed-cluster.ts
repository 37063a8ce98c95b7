import type { ClusterFacts } from '../domain/cluster';
import type { ClusterId } from '../domain/ids';
import { FailureError } from '../domain/outcome';
import type { ClusterBody } from '../domain/plan/steps';
import { principalsOf } from '../domain/roles/principals';
import type { Principals } from '../domain/roles/principals';
import { patientWrite } from './patient-write';
import { settle } from './steps';
import type { Run, Workflow } from './workflow';

export interface CreateManagedClusterInput {
  readonly clusterId: ClusterId;
  /** The id as ARM shall spell it. */
  readonly armId: string;
  readonly body: ClusterBody;
  /** Roles were assigned in this run, and Azure may not honour them everywhere yet. */
  readonly rolesAreNew: boolean;
}

const attempts = 10;

/**
 * Creates a cluster and checks that it acts as managed identities, with principals that can hold roles.
 *
 * @returns object ids of its identities.
 * @throws FailureError `NotVerified` when Azure reports success but the cluster does not show them.
 */
export function* createManagedCluster(
  workflow: Workflow,
  { clusterId, armId, body, rolesAreNew }: CreateManagedClusterInput,
): Run<Principals> {
  const { activities, sleepSeconds } = workflow;
  const operation = yield* patientWrite(workflow, rolesAreNew, () =>
    activities.createCluster({ clusterId, armId, body }),
  );
  yield* settle(workflow, operation, { suffix: 'create', deadlineMinutes: 120 });
  for (let attempt = 0; attempt < attempts; attempt += 1) {
    const seen = yield* activities.readCluster({ clusterId });
    if (isComplete(seen)) return principalsOf(seen);
    yield* sleepSeconds(30);
  }
  throw new FailureError({
    code: 'NotVerified',
    message: 'Azure reports the cluster as created, but it does not show its managed identities.',
    next: 'Look at the identity of the cluster in the Azure portal, then onboard it.',
    target: clusterId,
  });
}

function isComplete({ controlPlane, kubelet, shown }: ClusterFacts): boolean {
  const principal = 'principalId' in controlPlane ? controlPlane.principalId : '';
  return (
    shown.clientId.toLowerCase() === 'msi' && principal !== '' && (kubelet?.objectId ?? '') !== ''
  );
}
