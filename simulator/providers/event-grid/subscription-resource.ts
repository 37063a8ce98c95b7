import type { EventFilter } from '../../event-grid/event-filter';
import type { EventSubscription } from '../../event-grid/event-subscription';
import { Filter } from '../../event-grid/subscription-body';
import type { SubscriptionProperties } from '../../event-grid/subscription-body';
import { objectAt, textAt } from '../../json';
import type { JsonObject } from '../../json';
import type { Resource } from '../../resource-store';

/** Finds the URL, with its key, under which a function takes events; undefined when there is no such function. */
export type FunctionUrl = (resourceId: string) => string | undefined;

/** The properties that callers see: those of the body, completed, and without the key of the endpoint. */
export function publicProperties(
  body: JsonObject,
  { destination, eventDeliverySchema, retryPolicy }: SubscriptionProperties,
): JsonObject {
  const { endpointType, properties } = destination;
  const { maxEventsPerBatch, preferredBatchSizeInKilobytes } = properties;
  const target =
    'endpointUrl' in properties
      ? { endpointBaseUrl: baseUrl(properties.endpointUrl) }
      : { resourceId: properties.resourceId };
  return {
    labels: null,
    ...body,
    destination: {
      endpointType,
      properties: { ...target, maxEventsPerBatch, preferredBatchSizeInKilobytes },
    },
    filter: { isSubjectCaseSensitive: false, ...objectAt(body, 'filter') },
    eventDeliverySchema,
    retryPolicy,
  };
}

/** What Event Grid knows of the destination and does not say. */
export function hiddenDestination({ destination }: SubscriptionProperties): JsonObject {
  const { properties } = destination;
  return 'endpointUrl' in properties ? { endpointUrl: properties.endpointUrl } : {};
}

/** Where the events go, key included. */
export function endpointUrlOf(resource: Resource, functionUrl: FunctionUrl): string | undefined {
  const functionId = textAt(resource, 'properties', 'destination', 'properties', 'resourceId');
  return functionId === undefined
    ? textAt(resource, '$truth', 'endpointUrl')
    : functionUrl(functionId);
}

/** The subscription as the delivery sees it; undefined without an endpoint to deliver to. */
export function toEventSubscription(
  resource: Resource,
  functionUrl: FunctionUrl,
): EventSubscription | undefined {
  const endpointUrl = endpointUrlOf(resource, functionUrl);
  if (endpointUrl === undefined) return undefined;

  const properties = objectAt(resource, 'properties');
  const { maxDeliveryAttempts, eventTimeToLiveInMinutes } = objectAt(properties, 'retryPolicy');
  return {
    id: resource.id,
    name: textAt(resource, 'name') ?? '',
    state: stateOf(resource) === 'Succeeded' ? 'active' : 'validating',
    endpointUrl,
    schema:
      textAt(properties, 'eventDeliverySchema') === 'CloudEventSchemaV1_0'
        ? 'CloudEventSchemaV1_0'
        : 'EventGridSchema',
    filter: filterOf(properties),
    maxDeliveryAttempts: Number(maxDeliveryAttempts ?? 30),
    timeToLiveMs: Number(eventTimeToLiveInMinutes ?? 1440) * 60_000,
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
  };
}

export function stateOf(resource: Resource): string {
  return textAt(resource, 'properties', 'provisioningState') ?? '';
}

/** A URL may carry its key in the query. */
function baseUrl(endpointUrl: string): string {
  const [base = ''] = endpointUrl.split(/[?#]/);
  return base;
}
