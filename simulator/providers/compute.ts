import { isObject, objectAt, textAt } from '../json';
import type { Json, JsonObject } from '../json';
import { listAnswer, pageAnswer } from '../paging';
import { armError, notFound } from '../provider';
import type { ArmRequest, ArmResponse, ResourceProvider } from '../provider';
import { visible } from '../resource-store';
import type { Resource } from '../resource-store';
import type { World } from '../world';

const scaleSets =
  '/subscriptions/{subscription}/resourceGroups/{group}/providers/Microsoft.Compute/virtualMachineScaleSets';

/** Microsoft.Compute: the scale sets of node resource groups. Their nodes change only by a roll of the pool. */
export const computeProvider: ResourceProvider = {
  namespace: 'Microsoft.Compute',
  routes: {
    [`GET ${scaleSets}`]: (request, world) =>
      listAnswer(request, world.resources.in(request.id), world),
    [`GET ${scaleSets}/{name}`]: ({ id }, { resources }) => {
      const found = resources.get(id);
      return found ? { status: 200, body: visible(found) } : notFound(id);
    },
    [`PATCH ${scaleSets}/{name}`]: patchScaleSet,
    [`GET ${scaleSets}/{name}/virtualMachines`]: listMachines,
  },
};

/** Changes the tags and, key by key, the user-assigned identities; null takes an identity away. */
function patchScaleSet({ id, body }: ArmRequest, world: World): ArmResponse {
  const existing = world.resources.get(id);
  if (existing === undefined) return notFound(id);
  const asked = objectAt(body, 'identity', 'userAssignedIdentities');
  const absent = Object.entries(asked).find(
    ([key, value]) => value !== null && !world.resources.get(key),
  );
  if (absent) {
    return armError(
      400,
      'FailedIdentityOperation',
      `Identity operation for resource '${id}' failed: the identity '${absent[0]}' was not found.`,
    );
  }
  const identities = mergedIdentities(existing, asked, world);
  const saved = world.resources.put({
    ...existing,
    ...objectAt(body),
    id: existing.id,
    name: existing['name'],
    type: existing['type'],
    location: existing['location'],
    properties: { ...objectAt(existing, 'properties'), ...objectAt(body, 'properties') },
    tags: isObject(body) && isObject(body['tags']) ? body['tags'] : existing['tags'],
    identity:
      Object.keys(identities).length === 0
        ? { type: 'None' }
        : { type: 'UserAssigned', userAssignedIdentities: identities },
  });
  return { status: 200, body: visible(saved) };
}

function mergedIdentities(existing: Resource, asked: JsonObject, { resources }: World): JsonObject {
  const merged = new Map<string, readonly [string, Json | undefined]>();
  const before = objectAt(existing, 'identity', 'userAssignedIdentities');
  for (const [key, value] of Object.entries(before)) merged.set(key.toLowerCase(), [key, value]);
  for (const [key, value] of Object.entries(asked)) {
    const { clientId, principalId } = objectAt(resources.get(key), 'properties');
    const kept = merged.get(key.toLowerCase())?.[0] ?? key;
    if (value === null) merged.delete(key.toLowerCase());
    else merged.set(key.toLowerCase(), [kept, { clientId, principalId }]);
  }
  return Object.fromEntries(merged.values());
}

function listMachines(request: ArmRequest, world: World): ArmResponse {
  const id = request.id.slice(0, request.id.lastIndexOf('/'));
  const scaleSet = world.resources.get(id);
  if (scaleSet === undefined) return notFound(id);
  const count = Number(objectAt(scaleSet, 'sku')['capacity'] ?? 0);
  const name = textAt(scaleSet, 'name') ?? '';
  const machines = Array.from({ length: count }, (_, index) => ({
    id: `${id}/virtualMachines/${index}`,
    name: `${name}_${index}`,
    instanceId: String(index),
    type: 'Microsoft.Compute/virtualMachineScaleSets/virtualMachines',
    location: textAt(scaleSet, 'location') ?? '',
    tags: objectAt(scaleSet, 'tags'),
    properties: { latestModelApplied: true, provisioningState: 'Succeeded' },
  }));
  return pageAnswer(request, machines, world);
}
