import type { Resource } from '../resource-store';
import type { ClusterPlan } from './names';

export const roles = {
  contributor: 'b24988ac-6180-42a0-ab88-20f7382dd24c',
  networkContributor: '4d97b98b-1d4f-4787-a291-c67834d212e7',
  acrPull: '7f951dda-4ed3-4680-a7ca-43fe172d538d',
  managedIdentityOperator: 'f1a07417-d97a-45cb-824c-7a7467783830',
} as const;

export interface Grant {
  readonly role: string;
  readonly principalId: string;
  readonly scope: string;
}

/** A role assignment made long ago by a person, under a random name as portals and tools choose them. */
export function roleAssignment(plan: ClusterPlan, { role, principalId, scope }: Grant): Resource {
  const name = plan.seed.guid('role assignment', scope, principalId, role);
  const made = '2025-02-11T09:12:44.1230000Z';
  return {
    id: `${scope}/providers/Microsoft.Authorization/roleAssignments/${name}`,
    name,
    type: 'Microsoft.Authorization/roleAssignments',
    properties: {
      roleDefinitionId: `/subscriptions/${plan.subscription.id}/providers/Microsoft.Authorization/roleDefinitions/${role}`,
      principalId,
      principalType: 'ServicePrincipal',
      scope,
      condition: null,
      conditionVersion: null,
      description: null,
      createdOn: made,
      updatedOn: made,
      delegatedManagedIdentityResourceId: null,
    },
  };
}
