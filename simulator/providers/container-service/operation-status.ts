import type { JsonObject } from '../../json';
import type { Operation } from '../../operation-store';
import { aksError, param } from '../../provider';
import type { ArmRequest, ArmResponse } from '../../provider';
import type { World } from '../../world';

/** The status of an operation. Always 200: the state is in the body. */
export function getOperation(request: ArmRequest, { operations, behaviour }: World): ArmResponse {
  const operation = operations.get(param(request, 'operation'));
  if (operation === undefined || operation.lost) return expired(request);
  return {
    status: 200,
    body: statusBody(operation),
    headers: operation.status === 'InProgress' ? retryAfter(behaviour) : {},
  };
}

/** The result of an operation: 202 while it runs, then an empty answer. */
export function getOperationResult(
  request: ArmRequest,
  { operations, behaviour }: World,
): ArmResponse {
  const operation = operations.get(param(request, 'operation'));
  if (operation === undefined || operation.lost) return expired(request);
  if (operation.status !== 'InProgress') return { status: 200 };
  const location = `${request.origin}${request.id}?${request.query.toString()}`;
  return { status: 202, headers: { location, ...retryAfter(behaviour) } };
}

function retryAfter({ pollSeconds }: World['behaviour']): Readonly<Record<string, string>> {
  return pollSeconds === 0 ? {} : { 'retry-after': String(pollSeconds) };
}

function statusBody(operation: Operation): JsonObject {
  const { id, status, startedAt, endsAt, error } = operation;
  const running = { name: id, status, startTime: new Date(startedAt).toISOString() };
  if (status === 'InProgress') return running;
  const ended = { ...running, endTime: new Date(endsAt).toISOString() };
  return status === 'Failed' && error ? { ...ended, error: { ...error } } : ended;
}

function expired(request: ArmRequest): ArmResponse {
  return aksError(
    404,
    'NotFound',
    `The operation ${param(request, 'operation')} could not be found. Read the resource instead.`,
  );
}
