import { sameArmId } from '../domain/ids';
import type { ClusterId } from '../domain/ids';
import { FailureError } from '../domain/outcome';
import type { Principals } from '../domain/roles/principals';
import type { RoleRequirement } from '../domain/roles/requirement';
import { patientWrite } from './patient-write';
import { settle } from './steps';
import type { Run, Workflow } from './workflow';

export interface AdoptKubeletInput {
  readonly clusterId: ClusterId;
  /** ARM id of the identity that the nodes are to have. */
  readonly resourceId: string;
  readonly pools: readonly { readonly name: string; readonly nodes: number }[];
  /** Roles were assigned in this run, and Azure may not honour them everywhere yet. */
  readonly rolesAreNew: boolean;
  readonly resourceUid: string;
  /** Object id of the identity that the nodes had; empty for none. */
  readonly former: string;
  /** Rights of that identity that the new one gets as well. */
  readonly passesOn?: readonly RoleRequirement[];
}

/**
 * Gives the nodes an identity of yours, which re-images every pool, and checks that the cluster and the
 * scale sets of all running pools show it.
 *
 * @throws FailureError `NotVerified` when Azure reports success but a pool does not carry the identity.
 */
export function* adoptKubelet(workflow: Workflow, input: AdoptKubeletInput): Run<Principals> {
  const { clusterId, resourceId, pools, rolesAreNew } = input;
  const { activities } = workflow;
  yield* noteFormer(workflow, input);
  const operation = yield* patientWrite(workflow, rolesAreNew, () =>
    activities.adoptKubeletIdentity({ clusterId, resourceId }),
  );
  // Azure works on the pools one after the other: half an hour of drain and re-image for each node at most.
  const nodes = pools.reduce((sum, pool) => sum + pool.nodes, 0);
  yield* settle(workflow, operation, { suffix: 'kubelet', deadlineMinutes: 60 + 30 * nodes });

  const { kubelet } = yield* activities.readCluster({ clusterId });
  if (!kubelet || !sameArmId(kubelet.resourceId, resourceId)) {
    throw notVerified(clusterId, 'the cluster shows another kubelet identity');
  }
  for (const { name } of pools) {
    const { usesKubeletIdentity } = yield* activities.readPool({ clusterId, pool: name });
    if (!usesKubeletIdentity) throw notVerified(clusterId, `pool ${name} does not carry it`);
  }
  yield* noteFormer(workflow, input);
  return { kubelet: kubelet.objectId };
}

/** Before the change, so that a run that breaks down has not forgotten it; and after it, when grace begins. */
function* noteFormer(
  { activities, now }: Workflow,
  { clusterId, resourceUid, former, passesOn }: AdoptKubeletInput,
): Run<void> {
  if (former === '') return;
  yield* activities.noteIdentityChange({
    clusterId,
    resourceUid,
    former: {
      ...{ kind: 'kubelet', objectId: former, until: now().toISOString() },
      ...(passesOn && { passesOn }),
    },
  });
}

function notVerified(clusterId: ClusterId, what: string): FailureError {
  return new FailureError({
    code: 'NotVerified',
    message: `Azure reports the change of the kubelet identity as done, but ${what}.`,
    next: 'Look at the node pools in the Azure portal, then onboard the cluster again.',
    target: clusterId,
  });
}
