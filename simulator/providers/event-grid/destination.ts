import type { DeliveryAttribute, EventSubscription } from '../../event-grid/event-subscription';
import { objectAt, objectsAt, textAt } from '../../json';
import type { JsonObject } from '../../json';
import type { Resource } from '../../resource-store';

/** Finds the URL, with its key, under which a function takes events; undefined when there is no such function. */
export type FunctionUrl = (resourceId: string) => string | undefined;

type Target = Pick<
  EventSubscription,
  'endpointUrl' | 'keeps' | 'isAzureResource' | 'batch' | 'attributes'
>;

/** Where the events of a subscription go, key included; undefined when that does not exist. */
export function destinationOf(resource: Resource, functionUrl: FunctionUrl): Target | undefined {
  const destination = objectAt(resource, 'properties', 'destination');
  const endpointType = textAt(destination, 'endpointType') ?? '';
  const details = objectAt(destination, 'properties');
  const resourceId = textAt(details, 'resourceId');
  if (endpointType === 'WebHook' || endpointType === 'AzureFunction') {
    const endpointUrl =
      resourceId === undefined
        ? textAt(resource, '$truth', 'endpointUrl')
        : functionUrl(resourceId);
    const sent = { ...batchOf(details), attributes: attributesOf(resource) };
    return endpointUrl === undefined
      ? undefined
      : { endpointUrl, isAzureResource: resourceId !== undefined, ...sent };
  }
  if (resourceId === undefined) return undefined;
  const name = textAt(details, 'queueName') ?? '';
  return {
    endpointUrl: undefined,
    keeps: { endpointType: endpointType, resourceId, name },
  };
}

/** One event in each delivery unless the subscription asks for more. */
function batchOf({
  maxEventsPerBatch,
  preferredBatchSizeInKilobytes,
}: JsonObject): Pick<EventSubscription, 'batch'> {
  const maxEvents = Number(maxEventsPerBatch ?? 1);
  if (maxEvents <= 1) return {};
  return {
    batch: { maxEvents, preferredBytes: Number(preferredBatchSizeInKilobytes ?? 64) * 1024 },
  };
}

function attributesOf(resource: Resource): readonly DeliveryAttribute[] {
  return objectsAt(resource.$truth, 'attributes').map((mapping) => {
    const name = textAt(mapping, 'name') ?? '';
    const sourceField = textAt(mapping, 'properties', 'sourceField');
    return sourceField === undefined
      ? { name, value: textAt(mapping, 'properties', 'value') ?? '' }
      : { name, sourceField };
  });
}
