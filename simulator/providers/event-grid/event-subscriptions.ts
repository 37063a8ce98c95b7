import { partsOf } from '../../arm-id';
import { parseSubscriptionProperties } from '../../event-grid/subscription-body';
import type { SubscriptionProperties } from '../../event-grid/subscription-body';
import { objectAt, textAt } from '../../json';
import type { JsonObject } from '../../json';
import type { Operation } from '../../operation-store';
import { listAnswer } from '../../paging';
import { armError, notFound } from '../../provider';
import type { ArmRequest, ArmResponse } from '../../provider';
import { visible } from '../../resource-store';
import type { Resource } from '../../resource-store';
import type { World } from '../../world';
import { topicOf } from './endpoint-validation';
import { statusHeaders } from './operation-status';
import { hiddenDestination, publicProperties } from './subscription-resource';

export function listEventSubscriptions(request: ArmRequest, world: World): ArmResponse {
  return listAnswer(request, world.resources.in(request.id), world);
}

export function getEventSubscription({ id }: ArmRequest, { resources }: World): ArmResponse {
  const found = resources.get(id);
  return found ? { status: 200, body: visible(found) } : notFound(id);
}

/** The one answer that holds the key of the endpoint. */
export function getFullUrl({ id }: ArmRequest, { resources }: World): ArmResponse {
  const subscriptionId = id.replace(/\/getFullUrl$/i, '');
  const found = resources.get(subscriptionId);
  if (found === undefined) return notFound(subscriptionId);
  return { status: 200, body: { endpointUrl: textAt(found.$truth, 'endpointUrl') ?? null } };
}

/** Deliveries to it that are under way end with it. */
export function deleteEventSubscription({ id }: ArmRequest, { resources }: World): ArmResponse {
  return { status: resources.delete(id) ? 200 : 204 };
}

/** Called for a subscription whose endpoint now has to prove itself. */
export type Accepted = (resource: Resource, request: ArmRequest, world: World) => void;

/** Always 201, also for an update; the endpoint is validated afterwards, as an operation. */
export function putEventSubscription(accepted: Accepted) {
  return (request: ArmRequest, world: World): ArmResponse => {
    const { id, body } = request;
    const topic = topicOf(id);
    if (!world.resources.get(topic)) return notFound(topic);

    const properties = objectAt(body, 'properties');
    const result = parseSubscriptionProperties(properties);
    if ('problem' in result) return armError(400, 'InvalidRequest', `Invalid ${result.problem}.`);
    const existing = world.resources.get(id);
    const before = textAt(existing, 'properties', 'eventDeliverySchema');
    if (before !== undefined && before !== result.parsed.eventDeliverySchema) return schemaIsFixed;

    const operation = startValidation(id, world);
    const shown = publicProperties(properties, result.parsed);
    const resource = world.resources.put({
      ...objectAt(body),
      ...described(existing?.id ?? id),
      properties: {
        ...shown,
        topic: world.resources.get(topic)?.id ?? topic,
        provisioningState: existing ? 'Updating' : 'Creating',
      },
      $truth: truthOf(result.parsed, operation),
    });
    accepted(resource, request, world);
    return {
      status: 201,
      body: visible(resource),
      headers: statusHeaders(request, operation),
      target: shown,
    };
  };
}

const schemaIsFixed = armError(
  400,
  'InvalidRequest',
  'The eventDeliverySchema of an event subscription cannot be changed. Delete it and create it again.',
);

function described(id: string): { id: string; name: string; type: string } {
  const { name, type } = partsOf(id);
  return { id, name, type };
}

function truthOf(parsed: SubscriptionProperties, operation: Operation): JsonObject {
  return { ...hiddenDestination(parsed), operation: operation.id };
}

/** It ends when the receiver has answered, not at a time that is known now. */
function startValidation(target: string, world: World): Operation {
  const startedAt = world.clock.now();
  return world.operations.put({
    id: world.guid(),
    status: 'InProgress',
    startedAt,
    endsAt: startedAt,
    kind: 'validateEndpoint',
    target,
    details: {},
  });
}
