import { parentOf } from '../arm-id';
import { isObject, objectAt } from '../json';
import type { JsonObject } from '../json';
import { listAnswer } from '../paging';
import { armError, notFound } from '../provider';
import type { ArmRequest, ArmResponse, Route } from '../provider';
import { visible } from '../resource-store';
import type { Resource } from '../resource-store';
import type { World } from '../world';

export interface StoredType {
  /** Path of one resource; its last segment is the name, what stands before it the collection. */
  readonly path: string;
  readonly type: string;
  /** Members of `properties` that the service fills in where the request is silent. */
  readonly firstValues?: (request: ArmRequest, world: World) => JsonObject;
  /** Methods beside GET and the listing. */
  readonly methods?: readonly ('PUT' | 'PATCH' | 'DELETE')[];
}

/** Routes of a type that is kept as it is written, at once: read, list, write, change the tags, delete. */
export function storedRoutes(stored: StoredType): Readonly<Record<string, Route>> {
  const { path, methods = ['PUT', 'DELETE'] } = stored;
  const writes: Readonly<Record<string, Route>> = {
    PUT: (request, world) => putStored(request, world, stored),
    PATCH: patchStored,
    DELETE: deleteStored,
  };
  return {
    [`GET ${path.slice(0, path.lastIndexOf('/'))}`]: listStored,
    [`GET ${path}`]: getStored,
    ...Object.fromEntries(
      Object.entries(writes)
        .filter(([method]) => methods.some((one) => one === method))
        .map(([method, route]) => [`${method} ${path}`, route]),
    ),
  };
}

function listStored(request: ArmRequest, world: World): ArmResponse {
  const missing = missingParent(`${request.id}/x`, world);
  return missing ?? listAnswer(request, world.resources.in(request.id), world);
}

export function getStored({ id }: ArmRequest, { resources }: World): ArmResponse {
  const found = resources.get(id);
  return found ? { status: 200, body: visible(found) } : notFound(id);
}

export function deleteStored({ id }: ArmRequest, { resources }: World): ArmResponse {
  return { status: resources.delete(id) ? 200 : 204 };
}

function putStored(request: ArmRequest, world: World, { type, firstValues }: StoredType) {
  const { id, body } = request;
  if (!isObject(body)) return notAnObject;
  const missing = missingParent(id, world);
  if (missing) return missing;
  const existing = world.resources.get(id);
  const saved = world.resources.put({
    ...existing,
    ...body,
    ...(existing ? ownMembers(existing) : { id, name: id.slice(id.lastIndexOf('/') + 1) }),
    type,
    properties: {
      ...firstValues?.(request, world),
      ...objectAt(body, 'properties'),
      provisioningState: 'Succeeded',
    },
  });
  return { status: existing ? 200 : 201, body: visible(saved) };
}

function patchStored({ id, body }: ArmRequest, { resources }: World): ArmResponse {
  const existing = resources.get(id);
  if (existing === undefined) return notFound(id);
  if (!isObject(body)) return notAnObject;
  const { location } = existing;
  const properties = { ...objectAt(existing, 'properties'), ...objectAt(body, 'properties') };
  const kept = { ...ownMembers(existing), location, properties };
  const saved = resources.put({ ...existing, ...body, ...kept });
  return { status: 200, body: visible(saved) };
}

/** A child resource needs the resource it belongs to. */
function missingParent(id: string, { resources }: World): ArmResponse | undefined {
  const parent = parentOf(id);
  const isResource = /\/providers\/[^/]+\/[^/]+\/[^/]+/i.test(parent);
  return isResource && !resources.get(parent) ? notFound(parent) : undefined;
}

function ownMembers({ id, name, type }: Resource) {
  return { id, name, type };
}

const notAnObject = armError(
  400,
  'InvalidRequestContent',
  'The request body must be a JSON object.',
);
