import type { Resource } from '../resource-store';
import type { ClusterPlan } from './names';

/** What keeps a cluster from being changed: a lock, or a policy that denies cluster writes in its resource group. */
export function obstacles(plan: ClusterPlan): readonly Resource[] {
  return [
    ...(plan.traits.has('locked') ? [lock(plan)] : []),
    ...(plan.traits.has('denied') ? [denyAssignment(plan)] : []),
  ];
}

function lock({ id }: ClusterPlan): Resource {
  return {
    id: `${id}/providers/Microsoft.Authorization/locks/no-changes`,
    name: 'no-changes',
    type: 'Microsoft.Authorization/locks',
    properties: { level: 'ReadOnly', notes: 'Change freeze' },
  };
}

function denyAssignment({ subscription, group, seed }: ClusterPlan): Resource {
  const scope = `/subscriptions/${subscription.id}/resourceGroups/${group}`;
  const definition = seed.guid('policy', 'no-cluster-changes');
  return {
    id: `${scope}/providers/Microsoft.Authorization/policyAssignments/no-cluster-changes`,
    name: 'no-cluster-changes',
    type: 'Microsoft.Authorization/policyAssignments',
    properties: {
      displayName: 'Clusters of this group are not changed',
      policyDefinitionId: `/subscriptions/${subscription.id}/providers/Microsoft.Authorization/policyDefinitions/${definition}`,
      scope,
      enforcementMode: 'Default',
    },
    $truth: { denies: ['Microsoft.ContainerService/managedClusters'] },
  };
}
