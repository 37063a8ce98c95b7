import { parentOf, partsOf, scopeOf } from '../../arm-id';
import resourceTypes from '../../data/resource-types.json';
import { at, isObject, objectAt, textAt, withAt } from '../../json';
import type { JsonObject } from '../../json';
import { pageAnswer } from '../../paging';
import { armError, notFound, param } from '../../provider';
import type { ArmRequest, ArmResponse } from '../../provider';
import { visible } from '../../resource-store';
import type { Resource } from '../../resource-store';
import { unknownType } from '../../unknown-type';
import type { World } from '../../world';

/**
 * Resources of types that have no provider of their own here: kept as they are written, at once. A subnet is found in
 * its virtual network.
 */
export function getById(request: ArmRequest, world: World): ArmResponse {
  const { id } = request;
  const found = world.resources.get(id) ?? nested(id, world);
  if (found) return { status: 200, body: visible(found) };
  return misspelt(request) ?? notFound(id);
}

export function putById(request: ArmRequest, { resources }: World): ArmResponse {
  const { id, body } = request;
  const unknown = misspelt(request);
  if (unknown) return unknown;
  if (!isObject(body)) return invalidBody();
  const existing = resources.get(id);
  const { type, name } = partsOf(id);
  const saved = resources.put({
    ...body,
    id: existing?.id ?? id,
    name,
    type,
    properties: { ...objectAt(body, 'properties'), provisioningState: 'Succeeded' },
  });
  return { status: existing ? 200 : 201, body: visible(saved) };
}

export function patchById({ id, body }: ArmRequest, { resources }: World): ArmResponse {
  const existing = resources.get(id);
  if (existing === undefined) return notFound(id);
  if (!isObject(body)) return invalidBody();
  const merged = { ...mergePatch(existing, body), id: existing.id };
  return { status: 200, body: visible(resources.put(merged)) };
}

export function deleteById({ id }: ArmRequest, { resources }: World): ArmResponse {
  return { status: resources.delete(id) ? 200 : 204 };
}

/** Resources of a subscription, by `resourceType eq '…'`. */
export function listResources(request: ArmRequest, world: World): ArmResponse {
  const filter = request.query.get('$filter') ?? '';
  const type = /resourceType eq '([^']+)'/i.exec(filter)?.[1];
  const subscription = param(request, 'subscription');
  const found =
    type === undefined
      ? world.resources.below(`/subscriptions/${subscription}`).filter(isTracked)
      : world.resources.ofType(type, subscription);
  return pageAnswer(request, found.map(visible), world);
}

/** A misspelt type must not look like a resource that is missing, or be created. */
function misspelt({ id, query }: ArmRequest): ArmResponse | undefined {
  const { type } = partsOf(id);
  const namespace = type.slice(0, type.indexOf('/'));
  return knownTypes.has(type.toLowerCase())
    ? undefined
    : unknownType(namespace, type.slice(namespace.length + 1), query.get('api-version') ?? '');
}

const knownTypes = new Set(
  Object.entries(resourceTypes).flatMap(([namespace, types]) =>
    types.map((type) => `${namespace}/${type}`.toLowerCase()),
  ),
);

/** RFC 7386: members replace, null deletes, objects merge. */
export function mergePatch<T extends JsonObject>(target: T, patch: JsonObject): T {
  return Object.entries(patch).reduce((merged, [name, value]) => {
    if (value === null) return withAt(merged, [name], undefined);
    const next = isObject(value) ? mergePatch(objectAt(merged, name), value) : value;
    return withAt(merged, [name], next);
  }, target);
}

function nested(id: string, { resources }: World): Resource | undefined {
  const parent = resources.get(parentOf(id));
  const collection = id.split('/').at(-2) ?? '';
  const list = at(parent, 'properties', collection);
  if (!Array.isArray(list)) return undefined;
  const found = list.filter(isObject).find((item) => textAt(item, 'name') === partsOf(id).name);
  return found && { ...found, id };
}

function isTracked(resource: Resource): boolean {
  return at(resource, 'location') !== undefined && scopeOf(resource.id) !== '';
}

function invalidBody(): ArmResponse {
  return armError(400, 'InvalidRequestContent', 'The request body must be a JSON object.');
}
