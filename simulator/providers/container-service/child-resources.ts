import { isObject, objectAt, textAt, withAt } from '../../json';
import { listAnswer } from '../../paging';
import { aksError, notFound, param } from '../../provider';
import type { ArmRequest, ArmResponse } from '../../provider';
import { visible } from '../../resource-store';
import type { World } from '../../world';
import { onCluster } from './cluster';
import { startSmall } from './small-operations';

export const listChildren = onCluster((_cluster, request, world) =>
  listAnswer(request, world.resources.in(request.id), world),
);

export function getChild({ id }: ArmRequest, { resources }: World): ArmResponse {
  const found = resources.get(id);
  return found ? { status: 200, body: visible(found) } : notFound(id);
}

export function deleteChild({ id }: ArmRequest, { resources }: World): ArmResponse {
  return { status: resources.delete(id) ? 200 : 204 };
}

/** Maintenance configurations: written at once, 201 for a new one. */
export const putMaintenance = onCluster((_cluster, request, { resources }) => {
  const { id, body } = request;
  if (!isObject(body) || !isObject(body['properties'])) {
    return aksError(400, 'InvalidParameter', 'The request body must have properties.');
  }
  const existing = resources.get(id);
  const saved = resources.put({
    ...body,
    id,
    name: param(request, 'name'),
    type: 'Microsoft.ContainerService/managedClusters/maintenanceConfigurations',
    properties: body['properties'],
  });
  return { status: existing ? 200 : 201, body: visible(saved) };
});

/** Identity bindings: the managed identity they name must exist; its ids are filled in. */
export const putBinding = onCluster((cluster, request, world) => {
  const { id, body } = request;
  const identityId = textAt(body, 'properties', 'managedIdentity', 'resourceId') ?? '';
  const identity = world.resources.get(identityId);
  if (identity === undefined) {
    return aksError(400, 'InvalidParameter', `The managed identity ${identityId} was not found.`);
  }
  const { clientId, principalId, tenantId } = objectAt(identity, 'properties');
  const existing = world.resources.get(id);
  const managedIdentity = {
    ...objectAt(body, 'properties', 'managedIdentity'),
    resourceId: identityId,
    clientId,
    objectId: principalId,
    tenantId,
  };
  const issuer = `https://ib.oic.prod-aks.azure.com/${world.tenantId}/${textAt(identity, 'properties', 'clientId') ?? ''}`;
  const properties = { ...objectAt(body, 'properties'), managedIdentity };
  const saved = world.resources.put({
    ...objectAt(body),
    id,
    name: param(request, 'name'),
    type: 'Microsoft.ContainerService/managedClusters/identityBindings',
    eTag: world.guid(),
    properties: withAt(
      { ...properties, provisioningState: existing ? 'Updating' : 'Creating' },
      ['oidcIssuer', 'oidcIssuerUrl'],
      issuer,
    ),
  });
  const headers = startSmall(request, world, { cluster, kind: 'Settling' });
  return {
    status: existing ? 200 : 201,
    body: visible(saved),
    headers: { 'azure-asyncoperation': headers['azure-asyncoperation'] },
  };
});

export const deleteBinding = onCluster((cluster, request, world) => {
  const found = world.resources.get(request.id);
  if (found === undefined) return { status: 204 };
  world.resources.put(withAt(found, ['properties', 'provisioningState'], 'Deleting'));
  const { location } = startSmall(request, world, { cluster, kind: 'Vanishing' });
  return { status: 202, headers: { location } };
});
