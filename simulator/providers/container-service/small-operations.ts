import { at, withAt } from '../../json';
import { operationHeaders, startOperation } from '../../operations';
import type { ArmRequest } from '../../provider';
import type { OperationKind, World } from '../../world';
import { locationOf } from './cluster';
import type { Cluster } from './cluster';

const minutes = 0.5;

/** Ends a write that was visible from the start: the resource is settled. */
export const settling: OperationKind = {
  succeed: ({ target }, world) => {
    setState(target, 'Succeeded', world);
  },
  fail: ({ target }, _error, world) => {
    setState(target, 'Failed', world);
  },
  cancel: ({ target }, world) => {
    setState(target, 'Canceled', world);
  },
};

/** Ends the deletion of a resource below a cluster. */
export const vanishing: OperationKind = {
  succeed: ({ target }, world) => {
    world.resources.delete(target);
  },
  fail: ({ target }, _error, world) => {
    setState(target, 'Failed', world);
  },
};

/** Starts one of these on a cluster or something below it. @returns the headers by which it is followed. */
export function startSmall(
  request: ArmRequest,
  world: World,
  {
    cluster,
    kind,
    target = request.id,
  }: {
    readonly cluster: Cluster;
    readonly kind: 'Settling' | 'Vanishing';
    /** What it works on: what the request names, unless given. */
    readonly target?: string;
  },
): ReturnType<typeof operationHeaders> {
  const operation = startOperation(world, request, { kind, target, minutes });
  return operationHeaders(request, operation, locationOf(cluster));
}

function setState(id: string, state: string, { resources }: World): void {
  const found = resources.get(id);
  if (at(found, 'properties', 'provisioningState') === undefined || found === undefined) return;
  resources.put(withAt(found, ['properties', 'provisioningState'], state));
}
