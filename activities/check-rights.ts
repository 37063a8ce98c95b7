import { getCluster } from '../clients/clusters';
import { ownPermissionsNeeds } from '../clients/own-permissions';
import type { ClusterId } from '../domain/ids';
import { FailureError } from '../domain/outcome';
import { defineActivity } from './activity';
import { plannedCluster, rightsOfSteps } from './rights/plan-rights';
import { requireRights } from './rights/require-rights';

/**
 * Whether Steward's own identity may do all that a stored plan asks for. Called before the first step, so that a run does
 * not stop half-way for want of a right.
 *
 * @throws FailureError `Forbidden` that names what is missing.
 */
export const checkRights = defineActivity(
  [...ownPermissionsNeeds, 'Microsoft.ContainerService/managedClusters/read'],
  async (
    { clusterId, planId }: { readonly clusterId: ClusterId; readonly planId: string },
    { clients },
  ): Promise<{ readonly checked: number }> => {
    const plan = (await clients.records.get('plan', planId))?.value;
    if (!plan) throw notStored(clusterId, planId);
    if (plan.steps.length === 0) return { checked: 0 };
    const { armId, steps } = plan;
    const creates = steps.some(({ kind }) => kind === 'createCluster');
    const facts = creates
      ? plannedCluster(clusterId, armId, steps)
      : (await getCluster(clients, clusterId)).facts;
    const rights = rightsOfSteps(steps, facts);
    await requireRights(clients, rights, armId);
    return { checked: rights.length };
  },
);

function notStored(target: ClusterId, planId: string): FailureError {
  return new FailureError({
    code: 'NotFound',
    message: `The plan ${planId} is not stored.`,
    next: 'Onboard the cluster again.',
    target,
  });
}
