import { partsOf } from '../../arm-id';
import { objectsAt, textAt } from '../../json';
import type { Resource } from '../../resource-store';
import { roles } from '../../scenarios/role-assignment';
import { clustersIn, ofType } from './clusters-in';
import type { Mending } from './filling';
import { controlPlaneOf, kubeletOf } from './identities-of';

interface Grant {
  readonly role: string;
  readonly principalId: string;
  readonly scope: string;
}

/**
 * The roles without which a cluster could not have been written, where the export has no role assignment at all: those of
 * its control plane on the subnets of its pools and on its own kubelet identity.
 */
export function fillRoles({ resources, seed, add }: Mending): void {
  if (ofType(resources, 'microsoft.authorization/roleassignments').length > 0) return;
  for (const cluster of clustersIn(resources)) {
    for (const grant of grantsOf(cluster)) {
      const name = seed.guid('imported', grant.scope, grant.principalId, grant.role);
      add('role assignments', assignment(grant, name));
    }
  }
}

function grantsOf(cluster: Resource): readonly Grant[] {
  const principalId = controlPlaneOf(cluster)?.principalId;
  if (principalId === undefined) return [];
  const subnets = objectsAt(cluster, 'properties', 'agentPoolProfiles').flatMap((pool) =>
    [textAt(pool, 'vnetSubnetID'), textAt(pool, 'podSubnetID')].flatMap((id) => id ?? []),
  );
  const kubelet = kubeletOf(cluster)?.id;
  return [
    ...[...new Set(subnets)].map((scope) => ({
      role: roles.networkContributor,
      principalId,
      scope,
    })),
    ...(kubelet === undefined
      ? []
      : [{ role: roles.managedIdentityOperator, principalId, scope: kubelet }]),
  ];
}

function assignment({ role, principalId, scope }: Grant, name: string): Resource {
  const { subscriptionId = '' } = partsOf(scope);
  return {
    id: `${scope}/providers/Microsoft.Authorization/roleAssignments/${name}`,
    name,
    type: 'Microsoft.Authorization/roleAssignments',
    properties: {
      roleDefinitionId: `/subscriptions/${subscriptionId}/providers/Microsoft.Authorization/roleDefinitions/${role}`,
      principalId,
      principalType: 'ServicePrincipal',
      scope,
    },
  };
}
