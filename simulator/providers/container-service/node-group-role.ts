import { at, textAt } from '../../json';
import type { World } from '../../world';
import { controlPlanePrincipal, nodeGroupId } from './cluster';
import type { Cluster } from './cluster';

const contributor = 'b24988ac-6180-42a0-ab88-20f7382dd24c';

/**
 * Makes the control plane of a managed identity Contributor on the node resource group, as AKS does by itself. Source:
 * "Managed identities in AKS", overview.
 */
export function grantNodeGroup(cluster: Cluster, world: World): void {
  const principalId = controlPlanePrincipal(cluster, world);
  if (principalId === undefined || at(cluster, 'identity', 'type') === undefined) return;
  const scope = nodeGroupId(cluster);
  const type = 'Microsoft.Authorization/roleAssignments';
  const collection = `${scope}/providers/${type}`;
  const granted = world.resources
    .in(collection)
    .some(
      (one) =>
        textAt(one, 'properties', 'principalId') === principalId &&
        textAt(one, 'properties', 'roleDefinitionId')?.endsWith(contributor) === true,
    );
  if (granted) return;
  const name = world.seed.guid('node resource group', scope.toLowerCase(), principalId);
  const now = new Date(world.clock.now()).toISOString();
  const [, , subscription = ''] = scope.split('/');
  world.resources.put({
    id: `${collection}/${name}`,
    name,
    type,
    properties: {
      roleDefinitionId: `/subscriptions/${subscription}/providers/Microsoft.Authorization/roleDefinitions/${contributor}`,
      principalId,
      principalType: 'ServicePrincipal',
      scope,
      condition: null,
      conditionVersion: null,
      description: null,
      createdOn: now,
      updatedOn: now,
      delegatedManagedIdentityResourceId: null,
    },
  });
}
