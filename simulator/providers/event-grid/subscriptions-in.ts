import { partsOf, sameId } from '../../arm-id';
import type { SubscriptionSource } from '../../event-grid/event-subscription';
import type { GridEvent } from '../../event-grid/grid-event';
import { textAt } from '../../json';
import type { Resource, ResourceStore } from '../../resource-store';
import { stateOf, toEventSubscription } from './subscription-resource';
import type { FunctionUrl } from './destination';

const notifications = 'microsoft.resourcenotifications.';

/** The event subscriptions of a world: extensions of the topic's resource, and those of its system topics. */
export function subscriptionsIn(
  resources: ResourceStore,
  functionUrl: FunctionUrl,
): SubscriptionSource {
  return {
    of: (event) =>
      collectionsFor(event, resources)
        .flatMap((collection) => resources.in(collection))
        .filter(takesEvents)
        .flatMap((resource) => toEventSubscription(resource, functionUrl) ?? []),
    get: (id) => {
      const resource = resources.get(id);
      return resource && toEventSubscription(resource, functionUrl);
    },
  };
}

function collectionsFor(event: GridEvent, resources: ResourceStore): readonly string[] {
  const { subscriptionId } = partsOf(event.topic);
  const systemTopics = resources
    .ofType('Microsoft.EventGrid/systemTopics', subscriptionId)
    .filter((topic) => carries(topic, event));
  return [
    `${event.topic}/providers/Microsoft.EventGrid/eventSubscriptions`,
    ...(/\/topics\/[^/]+$/i.test(event.topic) ? [`${event.topic}/eventSubscriptions`] : []),
    ...ofGroup(event),
    ...systemTopics.map(({ id }) => `${id}/eventSubscriptions`),
  ];
}

/** Subscriptions of a resource group hear what happens to the resources in it. */
function ofGroup({ topic, subject, type }: GridEvent): readonly string[] {
  const { resourceGroup } = partsOf(subject);
  if (resourceGroup === undefined || !type.startsWith('Microsoft.Resources.')) return [];
  const group = `${topic}/resourceGroups/${resourceGroup}`;
  return [`${group}/providers/Microsoft.EventGrid/eventSubscriptions`];
}

/** A system topic has one source, and the events of one family of it. */
function carries(topic: Resource, { topic: source, type }: GridEvent): boolean {
  const topicType = textAt(topic, 'properties', 'topicType')?.toLowerCase() ?? '';
  const family = topicType.startsWith(notifications)
    ? topicType
    : topicType.slice(0, Math.max(0, topicType.lastIndexOf('.')));
  return (
    sameId(textAt(topic, 'properties', 'source'), source) &&
    type.toLowerCase().startsWith(`${family}.`)
  );
}

/** During an update events are taken and wait for the new endpoint. */
function takesEvents(resource: Resource): boolean {
  return ['Succeeded', 'Updating'].includes(stateOf(resource));
}
