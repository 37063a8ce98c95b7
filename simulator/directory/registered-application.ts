import { objectAt, textAt } from '../json';
import type { Resource } from '../resource-store';
import type { World } from '../world';
import { credentialsIn } from './credentials';
import { application, servicePrincipal } from './entry';
import type { Entry } from './entry';

export const applicationType = 'Microsoft.Graph/applications';

/** The ids of an application of the scenario. Without a principal it is registered, but nowhere at home. */
export function registeredIds(
  { id, properties }: Resource,
  { seed }: World,
): { readonly appId: string; readonly principalId: string | undefined; readonly id: string } {
  const appId = textAt(properties, 'clientId') ?? id.slice(id.lastIndexOf('/') + 1);
  return {
    appId,
    principalId: textAt(properties, 'principalId'),
    id: textAt(properties, 'id') ?? seed.guid('application object', appId.toLowerCase()),
  };
}

/**
 * An application that a scenario names. One that belongs to another tenant is not here, only its service principal is;
 * the credentials are the application's, those of the principal stand in `properties.servicePrincipal`.
 */
export function registeredEntry(resource: Resource, world: World): Entry {
  const { appId, principalId, id } = registeredIds(resource, world);
  const properties = objectAt(resource, 'properties');
  const displayName = textAt(properties, 'displayName') ?? appId;
  const owner = textAt(properties, 'appOwnerOrganizationId') ?? world.tenantId;
  const own = objectAt(properties, 'servicePrincipal');
  const isForeign = owner.toLowerCase() !== world.tenantId.toLowerCase();
  const principal =
    principalId === undefined
      ? undefined
      : {
          ...servicePrincipal({
            id: principalId,
            appId,
            displayName: textAt(own, 'displayName') ?? displayName,
            servicePrincipalType: 'Application',
            appOwnerOrganizationId: owner,
            alternativeNames: [],
          }),
          ...credentialsIn(own),
        };
  return {
    principal,
    application: isForeign
      ? undefined
      : { ...application({ id, appId, displayName }), ...credentialsIn(properties) },
  };
}
