import type { JsonObject } from './json';
import { locationOf } from './location';
import type { Operation, OperationError } from './operation-store';
import type { ArmRequest, OperationFault } from './provider';
import { emitOperationEnd } from './resource-events';
import type { World } from './world';

export interface OperationStart {
  readonly kind: string;
  readonly target: string;
  readonly minutes: number;
  readonly details?: JsonObject;
  /** Known from the start, reported at the end. */
  readonly error?: OperationError | undefined;
}

/** Minutes of an operation that hangs: a hundred years. */
const forEver = 100 * 365 * 24 * 60;

/** Starts an operation; it ends by the clock, whether somebody polls or not. A fault rule may change its end. */
export function startOperation(
  world: World,
  request: ArmRequest,
  { kind, target, minutes, details = {}, error }: OperationStart,
): Operation {
  const fault = request.operationFault;
  const startedAt = world.clock.now();
  const endsAt = startedAt + minutesOf(fault, minutes) * 60_000;
  const failure = fault?.error ?? error;
  const operation = world.operations.put({
    id: world.guid(),
    status: 'InProgress',
    startedAt,
    endsAt,
    ...(failure && { error: failure }),
    ...(fault?.lost && { lost: true }),
    kind,
    target,
    details,
  });
  world.later(endsAt, 'endOperation', { id: operation.id });
  return operation;
}

function minutesOf(fault: OperationFault | undefined, usual: number): number {
  return fault?.hangs ? forEver : (fault?.minutes ?? usual);
}

/** Ends an operation that still runs, as it was decided when it started; in a region that is down, not before it is up. */
export function endOperation(world: World, id: string): void {
  const operation = world.operations.get(id);
  if (operation?.status !== 'InProgress') return;
  const upAgain = world.outageEnd(locationOf(operation.target, world));
  if (upAgain !== undefined) {
    world.operations.put({ ...operation, endsAt: upAgain });
    world.later(upAgain, 'endOperation', { id });
    return;
  }
  const { error } = operation;
  const status = error === undefined ? 'Succeeded' : 'Failed';
  const ended = world.operations.put({ ...operation, status });
  const kind = world.operationKind(operation.kind);
  if (error === undefined) kind.succeed(operation, world);
  else kind.fail(operation, error, world);
  emitOperationEnd(world, ended);
}

/** Ends an operation before its time. */
export function cancelOperation(world: World, operation: Operation): void {
  const endsAt = world.clock.now();
  const canceled = world.operations.put({ ...operation, status: 'Canceled', endsAt });
  world.operationKind(operation.kind).cancel?.(operation, world);
  emitOperationEnd(world, canceled);
}

/** Ends an operation because another one takes its place; its kind hears of a failure. */
export function preemptOperation(world: World, operation: Operation, error: OperationError): void {
  const endsAt = world.clock.now();
  const ended = world.operations.put({ ...operation, status: 'Failed', endsAt, error });
  world.operationKind(operation.kind).fail(operation, error, world);
  emitOperationEnd(world, ended);
}

/** The headers by which a caller follows an operation. */
export function operationHeaders(
  request: ArmRequest,
  operation: Operation,
  location: string,
): { readonly 'azure-asyncoperation': string; readonly location: string } {
  const subscription = request.id.split('/')[2] ?? '';
  const namespace = /\/providers\/([^/]+)/i.exec(operation.target)?.[1] ?? '';
  const base = `${request.origin}/subscriptions/${subscription}/providers/${namespace}/locations/${location}`;
  return {
    'azure-asyncoperation': `${base}/operations/${operation.id}?api-version=2017-08-31`,
    location: `${base}/operationresults/${operation.id}?api-version=2017-08-31`,
  };
}
