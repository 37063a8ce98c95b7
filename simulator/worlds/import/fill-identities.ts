import { partsOf } from '../../arm-id';
import type { Resource } from '../../resource-store';
import { clustersIn, ofType } from './clusters-in';
import type { Filling } from './filling';
import { controlPlaneOf, kubeletOf } from './identities-of';
import type { NamedIdentity } from './identities-of';

/**
 * Identities that clusters name, where the export has none at all. An export that has identities has all of them: what
 * it does not have was deleted.
 */
export function fillIdentities({ resources, tenantId, add }: Filling): void {
  if (ofType(resources, 'microsoft.managedidentity/userassignedidentities').length > 0) return;
  for (const cluster of clustersIn(resources)) {
    for (const identity of [controlPlaneOf(cluster), kubeletOf(cluster)]) {
      const made = identity && identityResource(identity, cluster, tenantId);
      if (made) add('identities', made);
    }
  }
}

function identityResource(
  { id, clientId, principalId }: NamedIdentity,
  { location = 'westeurope' }: Resource,
  tenantId: string,
): Resource | undefined {
  if (id === undefined || clientId === undefined || principalId === undefined) return undefined;
  return {
    id,
    name: partsOf(id).name,
    type: 'Microsoft.ManagedIdentity/userAssignedIdentities',
    location,
    tags: {},
    properties: { tenantId, clientId, principalId },
  };
}
