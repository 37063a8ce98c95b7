import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { aksTypes, readEvent, resourceTypes } from '../../domain/cluster-event';
import { eventQueue } from '../../functions/queued-events';
import { root } from './support/bicep';
import { deployedBy } from './support/snapshots';
import type { ParameterSet } from './support/snapshots';

interface EventSubscription {
  readonly destination: {
    readonly endpointType: string;
    readonly properties: { readonly resourceId: string };
  } | null;
  readonly deliveryWithResourceIdentity: {
    readonly identity: object;
    readonly destination: { readonly endpointType: string; readonly properties: object };
  } | null;
  readonly deadLetterWithResourceIdentity: object;
  readonly eventDeliverySchema: string;
  readonly filter: {
    readonly includedEventTypes: readonly string[];
    readonly advancedFilters?: readonly {
      readonly key: string;
      readonly values: readonly string[];
    }[];
  };
}

const subscriptionId = '00000000-0000-0000-0000-000000000001';
const eventsIdentity = `/subscriptions/${subscriptionId}/resourceGroups/rg-prod/providers/Microsoft.ManagedIdentity/userAssignedIdentities/id-events`;

function subscriptionIn(set: ParameterSet): EventSubscription {
  const [found, ...more] = deployedBy(set).filter(({ type }) =>
    type.endsWith('/eventSubscriptions'),
  );
  expect(more).toEqual([]);
  return found?.properties as EventSubscription;
}

function inPolicy(): EventSubscription {
  const assignment = deployedBy('policy').find(({ type }) => type.endsWith('/policyAssignments'));
  const { parameters } = assignment?.properties as {
    parameters: { subscription: { value: EventSubscription } };
  };
  return parameters.subscription.value;
}

const lower = (texts: readonly string[]) => texts.map((text) => text.toLowerCase()).sort();

describe('events of a subscription', () => {
  const { filter } = subscriptionIn('subscription-events');
  const [operations] = filter.advancedFilters ?? [];

  it('are of the types that the handler understands', () => {
    expect(lower(filter.includedEventTypes)).toEqual([...resourceTypes].sort());
  });

  it('are about operations, which Azure compares for us: no more values than it allows', () => {
    expect(filter.advancedFilters).toHaveLength(1);
    expect(operations?.key).toBe('data.operationName');
    expect(operations?.values.length).toBeLessThanOrEqual(25);
    expect(new Set(lower(operations?.values ?? [])).size).toBe(operations?.values.length);
  });

  it.each(operations?.values ?? [])('lead to something when they are about %s', (operation) => {
    const child = /managedClusters\/(\w+)\/(?:write|delete|abort|upgrade)/.exec(operation)?.[1];
    const cluster = `/subscriptions/${subscriptionId}/resourceGroups/rg/providers/Microsoft.ContainerService/managedClusters/aks`;
    const event = {
      specversion: '1.0',
      id: '1',
      source: `/subscriptions/${subscriptionId}`,
      subject: child === undefined ? cluster : `${cluster}/${child}/one`,
      type: 'Microsoft.Resources.ResourceWriteSuccess',
      data: { operationName: operation },
    };

    expect(readEvent(event, [subscriptionId]).kind).toBe('accepted');
  });

  it('come from one topic, and an existing one is used as it is', () => {
    const own = deployedBy('subscription-events').filter(({ type }) =>
      type.endsWith('/systemTopics'),
    );
    const joined = deployedBy('subscription-events-queue');

    expect(own.map(({ properties }) => properties as object)).toEqual([
      {
        source: `/subscriptions/${subscriptionId}`,
        topicType: 'Microsoft.Resources.Subscriptions',
      },
    ]);
    expect(joined.filter(({ type }) => type.endsWith('/systemTopics'))).toEqual([]);
    expect(joined.find(({ type }) => type.endsWith('/eventSubscriptions'))?.name).toBe(
      'evgt-platform/evgs-steward',
    );
  });

  it('that are lost are told of', () => {
    const alerts = deployedBy('subscription-events').filter(({ type }) =>
      type.endsWith('/metricAlerts'),
    );

    expect(alerts.map(({ name }) => name)).toEqual([
      'ar-steward-DeadLetteredCount',
      'ar-steward-DroppedEventCount',
    ]);
  });
});

describe.each([
  ['cluster-events.bicep', () => subscriptionIn('cluster-events')],
  ['the policy', inPolicy],
])('events of a cluster, by %s', (_, subscription) => {
  it('are of the types that the handler understands', () => {
    expect(lower(subscription().filter.includedEventTypes)).toEqual([...aksTypes].sort());
  });
});

describe('delivery', () => {
  it('to the function names one that the app has', () => {
    const app = readFileSync(join(root, 'functions/app.ts'), 'utf8');

    for (const set of ['subscription-events', 'cluster-events'] as const) {
      const { destination, deliveryWithResourceIdentity } = subscriptionIn(set);
      const name = destination?.properties.resourceId.split('/').at(-1) ?? '';

      expect(destination?.endpointType).toBe('AzureFunction');
      expect(deliveryWithResourceIdentity).toBeNull();
      expect(app).toContain(`eventGrid('${name}'`);
    }
  });

  it.each([
    ['subscription-events-queue', () => subscriptionIn('subscription-events-queue')],
    ['the policy', inPolicy],
  ])('to the queue needs no key, in %s: Event Grid writes as an identity', (_, subscription) => {
    const { destination, deliveryWithResourceIdentity } = subscription();

    expect(destination).toBeNull();
    expect(deliveryWithResourceIdentity).toMatchObject({
      identity: { type: 'UserAssigned', userAssignedIdentity: eventsIdentity },
      destination: {
        endpointType: 'StorageQueue',
        properties: { queueName: eventQueue.queueName },
      },
    });
  });

  it.each([
    ['subscription-events', () => subscriptionIn('subscription-events')],
    ['subscription-events-queue', () => subscriptionIn('subscription-events-queue')],
    ['cluster-events', () => subscriptionIn('cluster-events')],
    ['the policy', inPolicy],
  ])('puts aside what cannot be delivered, as an identity, in %s', (_, subscription) => {
    const { eventDeliverySchema, deadLetterWithResourceIdentity } = subscription();

    expect(eventDeliverySchema).toBe('CloudEventSchemaV1_0');
    expect(deadLetterWithResourceIdentity).toMatchObject({
      identity: { type: 'UserAssigned', userAssignedIdentity: eventsIdentity },
      deadLetterDestination: { properties: { blobContainerName: 'deadletter' } },
    });
  });

  it('goes to a queue and a container that Steward has, which the identity may write to', () => {
    const deployed = deployedBy('default');
    const rights = deployed.filter(({ type }) => type.endsWith('/roleAssignments'));

    expect(deployed.some(({ name }) => name.endsWith(`/default/${eventQueue.queueName}`))).toBe(
      true,
    );
    expect(deployed.some(({ name }) => name.endsWith('/default/deadletter'))).toBe(true);
    const scopes = rights
      .filter(({ properties }) => JSON.stringify(properties).includes('/id-events-'))
      .map(({ id }) => id.split('/providers/Microsoft.Authorization/')[0]?.split('/').at(-1));
    expect(scopes).toEqual(['deadletter', 'steward-events']);
  });
});
