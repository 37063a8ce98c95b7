import { isObject, objectAt, textAt, withAt } from '../../json';
import type { JsonObject } from '../../json';
import { armError, notFound, param } from '../../provider';
import type { ArmRequest, ArmResponse } from '../../provider';
import type { Resource } from '../../resource-store';
import type { World } from '../../world';

/** Tags of any resource. */
export function getTags(request: ArmRequest, { resources }: World): ArmResponse {
  const id = param(request, 'scope');
  const existing = resources.get(id);
  return existing ? answer(existing) : notFound(id);
}

/** Merges, replaces or deletes the named tags. */
export function patchTags(request: ArmRequest, world: World): ArmResponse {
  const operation = textAt(request.body, 'operation') ?? 'Merge';
  return change(request, world, (before, asked) => changedTags(before, asked, operation));
}

/** Replaces all tags. */
export function putTags(request: ArmRequest, world: World): ArmResponse {
  return change(request, world, (_before, asked) => asked);
}

export function deleteTags(request: ArmRequest, { resources }: World): ArmResponse {
  const existing = resources.get(param(request, 'scope'));
  if (existing) resources.put({ ...existing, tags: {} });
  return { status: 200 };
}

function change(
  request: ArmRequest,
  { resources }: World,
  next: (before: JsonObject, asked: JsonObject) => JsonObject,
): ArmResponse {
  const id = param(request, 'scope');
  const existing = resources.get(id);
  if (existing === undefined) return notFound(id);
  if (!isObject(request.body)) {
    return armError(400, 'InvalidRequestContent', 'The request body must be a JSON object.');
  }
  const tags = next(objectAt(existing, 'tags'), objectAt(request.body, 'properties', 'tags'));
  // What else the body holds has no place in the resource: it is kept apart.
  const written = { ...objectAt(existing.$truth, 'tagMembers'), ...request.body };
  return answer(resources.put({ ...withAt(existing, ['$truth', 'tagMembers'], written), tags }));
}

function answer(resource: Resource): ArmResponse {
  const written = withAt(objectAt(resource.$truth, 'tagMembers'), ['operation'], undefined);
  const { id } = resource;
  return {
    status: 200,
    body: {
      ...written,
      id: `${id}/providers/Microsoft.Resources/tags/default`,
      name: 'default',
      type: 'Microsoft.Resources/tags',
      properties: { ...objectAt(written, 'properties'), tags: objectAt(resource, 'tags') },
    },
  };
}

function changedTags(before: JsonObject, asked: JsonObject, operation: string): JsonObject {
  if (operation === 'Replace') return asked;
  if (operation === 'Merge') return { ...before, ...asked };
  return Object.keys(asked).reduce((left, name) => withAt(left, [name], undefined), before);
}
