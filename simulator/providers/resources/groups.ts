import { isObject, textAt } from '../../json';
import { startOperation } from '../../operations';
import { listAnswer } from '../../paging';
import { armError, notFound, param } from '../../provider';
import type { ArmRequest, ArmResponse } from '../../provider';
import { locksOver, scopeLocked } from '../../guards';
import { visible } from '../../resource-store';
import type { OperationKind, World } from '../../world';
import { mergePatch } from './by-id';

const deletionMinutes = 5;
const topLevel = 9; // segments of the id of a resource that is no child of another

export function patchGroup({ id, body }: ArmRequest, { resources }: World): ArmResponse {
  const group = resources.get(id);
  if (group === undefined) return notFound(id);
  if (!isObject(body)) {
    return armError(400, 'InvalidRequestContent', 'The request body must be a JSON object.');
  }
  const { id: own, name, location } = group;
  const changed = { ...mergePatch(group, body), id: own, name, location };
  return { status: 200, body: visible(resources.put(changed)) };
}

/** Takes the group and everything in it away. One lock anywhere inside refuses it. */
export function deleteGroup(request: ArmRequest, world: World): ArmResponse {
  const group = world.resources.get(request.id);
  if (group === undefined) return notFound(request.id);
  const locked = world.resources
    .below(group.id)
    .flatMap((inside) => locksOver(world, inside.id))
    .map((lock) => textAt(lock, 'id') ?? '')
    .at(0);
  if (locked !== undefined) return scopeLocked(group.id, locked);
  const properties = { provisioningState: 'Deleting' };
  world.resources.put({ ...group, properties });
  const operation = startOperation(world, request, {
    kind: 'DeletingGroup',
    target: group.id,
    minutes: deletionMinutes,
  });
  return { status: 202, headers: pollHeaders(request, operation.id) };
}

/** 202 while the deletion runs, then 200. */
export function groupDeletion(request: ArmRequest, { operations }: World): ArmResponse {
  const id = param(request, 'operation');
  const operation = operations.get(id);
  if (operation === undefined) return notFound(request.id);
  if (operation.status === 'InProgress') {
    return { status: 202, headers: pollHeaders(request, id) };
  }
  const { error } = operation;
  return error ? armError(409, error.code, error.message) : { status: 200 };
}

export const groupRemoval: OperationKind = {
  succeed: ({ target }, { resources }) => {
    for (const { id } of resources.below(target)) resources.delete(id);
    resources.delete(target);
  },
  fail: ({ target }, _error, { resources }) => {
    const group = resources.get(target);
    if (group) resources.put({ ...group, properties: { provisioningState: 'Succeeded' } });
  },
};

export function listResourcesOfGroup(request: ArmRequest, world: World): ArmResponse {
  const group = request.id.slice(0, request.id.lastIndexOf('/'));
  const found = world.resources
    .below(group)
    .filter(({ id, location }) => location !== undefined && id.split('/').length === topLevel);
  return listAnswer(request, found, world);
}

function pollHeaders({ origin, id }: ArmRequest, operation: string) {
  const [, , subscription = ''] = id.split('/');
  const location = `${origin}/subscriptions/${subscription}/operationresults/${operation}?api-version=2025-04-01`;
  return { location, 'retry-after': '15' };
}
