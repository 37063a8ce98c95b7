import type { JsonObject } from '../../json';
import type { Operation } from '../../operation-store';
import { armError, param } from '../../provider';
import type { ArmRequest, ArmResponse } from '../../provider';
import type { World } from '../../world';

/** The header by which a caller follows an operation of Event Grid. */
export function statusHeaders(
  { origin, id }: ArmRequest,
  operation: Operation,
): Readonly<Record<string, string>> {
  const subscription = id.split('/')[2] ?? '';
  const path = `/subscriptions/${subscription}/providers/Microsoft.EventGrid/locations/global/operationsStatus/${operation.id}`;
  return { 'azure-asyncoperation': `${origin}${path}?api-version=2025-02-15` };
}

export function getOperationStatus(request: ArmRequest, { operations }: World): ArmResponse {
  const name = param(request, 'operation');
  const operation = operations.get(name);
  if (operation === undefined) {
    return armError(404, 'ResourceNotFound', `The operation ${name} could not be found.`);
  }
  return { status: 200, body: statusBody(operation) };
}

function statusBody({ id, status, startedAt, endsAt, error }: Operation): JsonObject {
  const running = { name: id, status, startTime: new Date(startedAt).toISOString() };
  if (status === 'InProgress') return running;
  const ended = { ...running, endTime: new Date(endsAt).toISOString() };
  return error === undefined ? ended : { ...ended, error };
}
