import type { EventFilter } from '../../event-grid/event-filter';
import type { EventSubscription } from '../../event-grid/event-subscription';
import { Filter } from '../../event-grid/filter-body';
import type { SubscriptionProperties } from '../../event-grid/subscription-body';
import { objectAt, textAt, withAt } from '../../json';
import type { JsonObject } from '../../json';
import type { Resource } from '../../resource-store';
import { destinationOf } from './destination';
import type { FunctionUrl } from './destination';

/** The properties that callers see: those of the body, completed, and without keys and secrets. */
export function publicProperties(
  body: JsonObject,
  { destination, eventDeliverySchema, retryPolicy }: SubscriptionProperties,
): JsonObject {
  return {
    labels: null,
    ...body,
    destination: {
      ...objectAt(body, 'destination'),
      endpointType: destination.endpointType,
      properties: publicDestination({
        ...objectAt(body, 'destination', 'properties'),
        ...(destination.properties as JsonObject),
      }),
    },
    filter: { isSubjectCaseSensitive: false, ...objectAt(body, 'filter') },
    eventDeliverySchema,
    retryPolicy,
  };
}

function publicDestination(properties: JsonObject): JsonObject {
  const { endpointUrl, deliveryAttributeMappings, ...others } = properties;
  return {
    ...(typeof endpointUrl === 'string' && { endpointBaseUrl: baseUrl(endpointUrl) }),
    ...others,
    ...(Array.isArray(deliveryAttributeMappings) && {
      deliveryAttributeMappings: (deliveryAttributeMappings as readonly JsonObject[]).map(
        withoutSecret,
      ),
    }),
  };
}

function withoutSecret(mapping: JsonObject): JsonObject {
  const isSecret = objectAt(mapping, 'properties')['isSecret'] === true;
  return isSecret ? withAt(mapping, ['properties', 'value'], 'Hidden') : mapping;
}

/** What Event Grid knows of the destination and does not say. */
export function hiddenDestination({ destination }: SubscriptionProperties): JsonObject {
  const { endpointUrl, deliveryAttributeMappings } = destination.properties as JsonObject;
  return {
    ...(endpointUrl !== undefined && { endpointUrl }),
    ...(Array.isArray(deliveryAttributeMappings) && { attributes: deliveryAttributeMappings }),
  };
}

/** The subscription as the delivery sees it; undefined without an endpoint to deliver to. */
export function toEventSubscription(
  resource: Resource,
  functionUrl: FunctionUrl,
): EventSubscription | undefined {
  const destination = destinationOf(resource, functionUrl);
  if (destination === undefined) return undefined;

  const properties = objectAt(resource, 'properties');
  const { maxDeliveryAttempts, eventTimeToLiveInMinutes } = objectAt(properties, 'retryPolicy');
  return {
    id: resource.id,
    name: textAt(resource, 'name') ?? '',
    state: stateOf(resource) === 'Succeeded' ? 'active' : 'validating',
    ...destination,
    schema:
      textAt(properties, 'eventDeliverySchema') === 'CloudEventSchemaV1_0'
        ? 'CloudEventSchemaV1_0'
        : 'EventGridSchema',
    filter: filterOf(properties),
    maxDeliveryAttempts: Number(maxDeliveryAttempts ?? 30),
    timeToLiveMs: Number(eventTimeToLiveInMinutes ?? 1440) * 60_000,
    ...deadLetterOf(properties),
  };
}

function filterOf(properties: JsonObject): EventFilter {
  const filter = Filter.parse(objectAt(properties, 'filter'));
  return {
    includedEventTypes: filter.includedEventTypes ?? undefined,
    subjectBeginsWith: filter.subjectBeginsWith ?? '',
    subjectEndsWith: filter.subjectEndsWith ?? '',
    isSubjectCaseSensitive: filter.isSubjectCaseSensitive ?? false,
    advancedFilters: filter.advancedFilters ?? [],
    enableAdvancedFilteringOnArrays: filter.enableAdvancedFilteringOnArrays ?? false,
  };
}

function deadLetterOf(properties: JsonObject): Pick<EventSubscription, 'deadLetter'> {
  const blob = ['deadLetterDestination', 'properties'];
  const resourceId = textAt(properties, ...blob, 'resourceId');
  const name = textAt(properties, ...blob, 'blobContainerName');
  if (resourceId === undefined || name === undefined) return {};
  return { deadLetter: { endpointType: 'StorageBlob', resourceId, name } };
}

export function stateOf(resource: Resource): string {
  return textAt(resource, 'properties', 'provisioningState') ?? '';
}

/** A URL may carry its key in the query. */
function baseUrl(endpointUrl: string): string {
  const [base = ''] = endpointUrl.split(/[?#]/);
  return base;
}
