import { at, isObject, objectAt, textAt, withAt } from '../json';
import { listAnswer } from '../paging';
import { armError, notFound, param } from '../provider';
import type { ArmRequest, ArmResponse, ResourceProvider } from '../provider';
import { visible } from '../resource-store';
import type { World } from '../world';
import { operationsOf } from './operation-list';
import { associatedResources } from './managed-identity/associated-resources';
import {
  deleteCredential,
  getCredential,
  listCredentials,
  putCredential,
} from './managed-identity/federated-credentials';

const namespace = 'Microsoft.ManagedIdentity';
const identities = `/subscriptions/{subscription}/resourceGroups/{group}/providers/${namespace}/userAssignedIdentities`;
const identity = `${identities}/{name}`;
const credentials = `${identity}/federatedIdentityCredentials`;
const type = `${namespace}/userAssignedIdentities`;
const namePattern = /^[A-Za-z0-9][A-Za-z0-9-_]{2,127}$/;

/** Microsoft.ManagedIdentity: user-assigned identities and their federated credentials. Synchronous, as in Azure. */
export const managedIdentityProvider: ResourceProvider = {
  namespace,
  routes: {
    [`GET /providers/${namespace}/operations`]: operationsOf(namespace),
    [`POST ${identity}/listAssociatedResources`]: associatedResources,
    [`GET /subscriptions/{subscription}/providers/${type}`]: (request, world) =>
      listAnswer(request, world.resources.ofType(type, param(request, 'subscription')), world),
    [`GET ${identities}`]: (request, world) =>
      listAnswer(request, world.resources.in(request.id), world),
    [`GET ${identity}`]: getIdentity,
    [`PUT ${identity}`]: putIdentity,
    [`PATCH ${identity}`]: patchIdentity,
    [`DELETE ${identity}`]: deleteIdentity,
    [`GET ${credentials}`]: listCredentials,
    [`GET ${credentials}/{credential}`]: getCredential,
    [`PUT ${credentials}/{credential}`]: putCredential,
    [`DELETE ${credentials}/{credential}`]: deleteCredential,
    [`GET {scope}/providers/${namespace}/identities/default`]: getSystemIdentity,
  },
};

function getIdentity({ id }: ArmRequest, { resources }: World): ArmResponse {
  const found = resources.get(id);
  return found ? { status: 200, body: visible(found) } : notFound(id);
}

/** 201 on creation, 200 on update. The principal never changes: role assignments depend on it. */
function putIdentity(request: ArmRequest, world: World): ArmResponse {
  const { id, body } = request;
  const location = textAt(body, 'location');
  const existing = world.resources.get(id);
  if (existing) return update(request, world);
  if (location === undefined) {
    return armError(
      400,
      'LocationRequired',
      'The location property is required for this definition.',
    );
  }
  if (!namePattern.test(param(request, 'name'))) {
    return armError(400, 'BadRequest', `The identity name ${param(request, 'name')} is invalid.`);
  }
  const nth = countCreation(id, world);
  const created = world.resources.put({
    ...objectAt(body),
    id,
    name: param(request, 'name'),
    type,
    location,
    tags: objectAt(body, 'tags'),
    properties: {
      isolationScope: 'None',
      ...objectAt(body, 'properties'),
      tenantId: world.tenantId,
      principalId: world.seed.guid('principalId', id.toLowerCase(), nth),
      clientId: world.seed.guid('clientId', id.toLowerCase(), nth),
    },
    $truth: { createdAt: world.clock.now() },
  });
  return { status: 201, body: visible(created) };
}

/**
 * How often an identity of this name was created before. Ids follow from it, not from the order in
 * which callers come; a name that is used again is another principal.
 */
function countCreation(id: string, { resources }: World): number {
  const [groupId = ''] = id.split('/providers/');
  const name = id.slice(id.lastIndexOf('/') + 1).toLowerCase();
  const group = resources.get(groupId);
  const before = Number(at(group?.$truth, 'identitiesMade', name) ?? 0);
  if (group) resources.put(withAt(group, ['$truth', 'identitiesMade', name], before + 1));
  return before;
}

function patchIdentity(request: ArmRequest, world: World): ArmResponse {
  return world.resources.get(request.id) ? update(request, world) : notFound(request.id);
}

function update({ id, body }: ArmRequest, { resources }: World): ArmResponse {
  const existing = resources.get(id);
  if (existing === undefined || !isObject(body)) {
    return armError(400, 'InvalidRequestContent', 'The request body must be an identity.');
  }
  const tags = body['tags'] === undefined ? existing['tags'] : objectAt(body, 'tags');
  const { tenantId, principalId, clientId } = objectAt(existing, 'properties');
  const properties = {
    ...objectAt(existing, 'properties'),
    ...objectAt(body, 'properties'),
    tenantId,
    principalId,
    clientId,
  };
  const { location, type: ownType, name } = existing;
  const own = { id: existing.id, name, type: ownType, location, properties, tags };
  return { status: 200, body: visible(resources.put({ ...existing, ...body, ...own })) };
}

/** Role assignments of the identity stay behind and point nowhere, as in Azure. */
function deleteIdentity({ id }: ArmRequest, { resources }: World): ArmResponse {
  for (const credential of resources.in(`${id}/federatedIdentityCredentials`)) {
    resources.delete(credential.id);
  }
  return { status: resources.delete(id) ? 200 : 204 };
}

function getSystemIdentity(request: ArmRequest, { resources, seed }: World): ArmResponse {
  const owner = resources.get(param(request, 'scope'));
  const principalId = textAt(owner, 'identity', 'principalId');
  if (owner === undefined || principalId === undefined) return notFound(request.id);
  return {
    status: 200,
    body: {
      id: request.id,
      name: 'default',
      type: `${namespace}/identities`,
      location: textAt(owner, 'location') ?? '',
      properties: {
        tenantId: textAt(owner, 'identity', 'tenantId'),
        principalId,
        clientId: seed.guid('client of', principalId),
      },
    },
  };
}
