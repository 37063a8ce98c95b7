import { partsOf } from './arm-id';
import { at, isObject, objectAt, textAt } from './json';
import type { JsonObject } from './json';
import type { Operation } from './operation-store';
import type { ArmRequest, ArmResponse } from './provider';
import { visible } from './resource-store';
import { operationName } from './router';
import type { World } from './world';

type Outcome = 'Success' | 'Failure' | 'Cancel';

const statuses: Readonly<Record<Outcome, string>> = {
  Success: 'Succeeded',
  Failure: 'Failed',
  Cancel: 'Canceled',
};
const verbs: Readonly<Record<string, string>> = { DELETE: 'Delete', POST: 'Action' };

/**
 * Says what an accepted request did, as events of the subscription: at once, or, where an operation follows, at its end.
 * Azure raises them for PUT, PATCH, POST and DELETE.
 */
export function noteForEvents(world: World, request: ArmRequest, response: ArmResponse): void {
  if (request.method === 'GET' || response.status >= 300) return;
  const changed = changeBy(request);
  const operation = operationOf(response, world);
  if (operation?.status === 'InProgress') {
    world.operations.put({ ...operation, details: { ...operation.details, request: changed } });
  } else if (response.status !== 204) {
    emitChange(world, changed, { outcome: 'Success', time: world.clock.now() });
  }
}

/** Says how an operation ended that a request started. */
export function emitOperationEnd(world: World, { details, status, endsAt }: Operation): void {
  const changed = details['request'];
  if (!isObject(changed)) return;
  const outcomes: Readonly<Record<string, Outcome>> = { Failed: 'Failure', Canceled: 'Cancel' };
  emitChange(world, changed, { outcome: outcomes[status] ?? 'Success', time: endsAt });
}

/** What of a request is needed at the end of its operation; `id` is that of the resource, not of the action. */
function changeBy({ method, id, principal, headers, query }: ArmRequest): JsonObject {
  const [namespace = ''] = partsOf(id).type.split('/');
  return {
    method,
    url: id,
    id: method === 'POST' ? id.slice(0, id.lastIndexOf('/')) : id,
    action: `${namespace}/${operationName(method, id)}`,
    principal,
    clientRequestId: headers['x-ms-client-request-id'] ?? '',
    correlationId: headers['x-ms-correlation-request-id'] ?? '',
    apiVersion: query.get('api-version') ?? '',
  };
}

function operationOf({ headers = {} }: ArmResponse, { operations }: World): Operation | undefined {
  const url = headers['azure-asyncoperation'] ?? headers['location'] ?? '';
  const [, id = ''] = /\/([^/?]+)(?:\?|$)/.exec(url) ?? [];
  return operations.get(id);
}

function emitChange(
  world: World,
  changed: JsonObject,
  { outcome, time }: { outcome: Outcome; time: number },
): void {
  const id = textAt(changed, 'id') ?? '';
  const { subscriptionId } = partsOf(id);
  if (subscriptionId === undefined) return;
  const method = textAt(changed, 'method') ?? '';
  const verb = verbs[method] ?? 'Write';
  const topic = `/subscriptions/${subscriptionId}`;
  world.emit({
    type: `Microsoft.Resources.Resource${verb}${outcome}`,
    topic,
    subject: id,
    time,
    data: { ...changeData(world, changed), status: statuses[outcome], subscriptionId },
  });
  if (outcome === 'Success' && verb !== 'Action') notify(world, changed, { topic, time, verb });
}

/** "Azure resource manager events in Event Grid format": who did what, by which request. */
function changeData({ tenantId }: World, changed: JsonObject): JsonObject {
  const { id, action, principal, correlationId, clientRequestId, method, url } = changed;
  return {
    authorization: { scope: id, action, evidence: { role: 'Subscription Admin' } },
    claims: { 'http://schemas.microsoft.com/identity/claims/objectidentifier': principal },
    correlationId,
    httpRequest: { clientRequestId, clientIpAddress: '127.0.0.1', method, url },
    resourceProvider: String(textAt(changed, 'action')).split('/')[0] ?? '',
    resourceUri: id,
    operationName: action,
    tenantId,
  };
}

/** "Resource Notifications": the same with the resource as it is now. */
function notify(
  world: World,
  changed: JsonObject,
  { topic, time, verb }: { topic: string; time: number; verb: string },
): void {
  const id = textAt(changed, 'id') ?? '';
  const resource = world.resources.get(id);
  if (resource === undefined && verb !== 'Delete') return;
  const { name, type } = partsOf(id);
  const { location, tags } = objectAt(resource && visible(resource));
  const properties = at(resource, 'properties');
  world.emit({
    type: `Microsoft.ResourceNotifications.Resources.${verb === 'Delete' ? 'Deleted' : 'CreatedOrUpdated'}`,
    topic,
    subject: id,
    time,
    data: {
      resourceInfo: { id, name, type, location, tags, properties },
      operationalInfo: { resourceEventTime: new Date(time).toISOString() },
      apiVersion: changed['apiVersion'],
    },
  });
}
