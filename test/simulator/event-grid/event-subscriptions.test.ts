import { FaultRule } from '../../../simulator/faults/rule';
import { at } from '../../../simulator/json';
import { cluster } from './a-grid';
import { anAzure, onCluster, rollStarted, version, webhook } from './an-azure';
import { answering, Receiver, welcoming } from './receiver';

describe('an event subscription on a cluster', () => {
  it('proves its endpoint before it succeeds, and never shows the key', async () => {
    await using receiver = await Receiver.start(welcoming);
    await using azure = await anAzure();
    const body = { properties: webhook(receiver.url) };

    const put = await azure.arm('PUT', `${onCluster}?api-version=${version}`, body);
    const operation = await azure.subscribe(onCluster, body.properties);
    const got = await azure.arm('GET', `${onCluster}?api-version=${version}`);
    const collection = onCluster.replace(/\/steward$/, '');
    const listed = await azure.arm('GET', `${collection}?api-version=${version}`);

    expect(put.status).toBe(201);
    expect(at(put.body, 'properties', 'provisioningState')).toBe('Creating');
    expect(operation).toMatchObject({ status: 'Succeeded' });
    expect(got.body).toMatchObject({
      id: onCluster,
      name: 'steward',
      type: 'Microsoft.EventGrid/eventSubscriptions',
      properties: {
        topic: cluster,
        provisioningState: 'Succeeded',
        eventDeliverySchema: 'CloudEventSchemaV1_0',
        destination: {
          endpointType: 'WebHook',
          properties: { endpointBaseUrl: receiver.url.replace('?code=s3cret', '') },
        },
        retryPolicy: { maxDeliveryAttempts: 30, eventTimeToLiveInMinutes: 1440 },
      },
    });
    expect(listed.body).toEqual({ value: [got.body] });
    expect(JSON.stringify([put, operation, got, listed, azure.calls.list(0, 100)])).not.toContain(
      's3cret',
    );
  });

  it('tells the whole URL to who asks for it', async () => {
    await using receiver = await Receiver.start(welcoming);
    await using azure = await anAzure();
    await azure.subscribe(onCluster, webhook(receiver.url));

    const { body } = await azure.arm('POST', `${onCluster}/getFullUrl?api-version=${version}`);

    expect(body).toEqual({ endpointUrl: receiver.url });
  });

  it('fails when its endpoint does not, and gets no events', async () => {
    await using receiver = await Receiver.start(answering(200));
    await using azure = await anAzure();

    const operation = await azure.subscribe(onCluster, webhook(receiver.url));
    azure.world.emit(rollStarted());
    azure.world.clock.advance(3_600_000);
    await azure.grid.quiet();
    const { body } = await azure.arm('GET', `${onCluster}?api-version=${version}`);

    const base = receiver.url.replace('?code=s3cret', '');
    expect(operation).toMatchObject({
      status: 'Failed',
      error: {
        code: 'Url validation',
        message: `The attempt to validate the provided endpoint ${base} failed. For more details, visit https://aka.ms/esvalidation.`,
      },
    });
    expect(at(body, 'properties', 'provisioningState')).toBe('Failed');
    expect(receiver.received.map(({ method }) => method)).toEqual(['OPTIONS']);
  });

  it('gets the events that the world emits, as far as its filter wants them', async () => {
    await using receiver = await Receiver.start(welcoming);
    await using azure = await anAzure();
    const includedEventTypes = ['Microsoft.ContainerService.NodePoolRollingStarted'];
    await azure.subscribe(onCluster, webhook(receiver.url, { filter: { includedEventTypes } }));

    azure.world.emit(rollStarted());
    azure.world.emit(rollStarted({ type: 'Microsoft.ContainerService.NodePoolRollingFailed' }));
    azure.world.clock.advance(0);
    await azure.grid.quiet();

    const events = receiver.received.filter(({ method }) => method === 'POST');
    expect(events).toHaveLength(1);
    expect(JSON.parse(events[0]?.body ?? '')).toMatchObject({
      source: cluster,
      type: 'Microsoft.ContainerService.NodePoolRollingStarted',
      data: { nodePoolName: 'apps' },
    });
    expect(azure.failures).toEqual([]);
  });

  it('delivers to a function without a handshake', async () => {
    await using receiver = await Receiver.start(answering(202));
    await using azure = await anAzure();
    const resourceId = `/sites/app/functions/on${new URL(receiver.url).port}`;
    const destination = { endpointType: 'AzureFunction', properties: { resourceId } };

    const operation = await azure.subscribe(onCluster, { destination });
    azure.world.emit(rollStarted());
    azure.world.clock.advance(0);
    await azure.grid.quiet();

    expect(operation).toMatchObject({ status: 'Succeeded' });
    expect(receiver.received.map(({ method }) => method)).toEqual(['POST']);
  });

  it('fails for a function that does not exist', async () => {
    await using azure = await anAzure();
    const properties = { resourceId: '/sites/app/functions/ghost' };

    const operation = await azure.subscribe(onCluster, {
      destination: { endpointType: 'AzureFunction', properties },
    });

    expect(operation).toMatchObject({
      status: 'Failed',
      error: { code: 'Endpoint validation' },
    });
  });

  it('keeps events for its new endpoint while it changes', async () => {
    await using before = await Receiver.start(welcoming);
    const admission = Promise.withResolvers<undefined>();
    await using after = await Receiver.start((request, response) => {
      if (request.method === 'POST') answering(200)(request, response);
      else
        void admission.promise.then(() => {
          welcoming(request, response);
        });
    });
    await using azure = await anAzure();
    await azure.subscribe(onCluster, webhook(before.url));

    const body = { properties: webhook(after.url) };
    const put = await azure.arm('PUT', `${onCluster}?api-version=${version}`, body);
    azure.world.emit(rollStarted());
    azure.world.clock.advance(60_000);
    await azure.grid.quiet();
    const early = [...before.received, ...after.received].filter(({ method }) => method === 'POST');
    admission.resolve(undefined);
    await azure.operationEnd(put.headers.get('azure-asyncoperation') ?? '');
    azure.world.clock.advance(60_000);
    await azure.grid.quiet();

    expect(early).toEqual([]);
    expect(after.received.filter(({ method }) => method === 'POST')).toHaveLength(1);
  });

  it('ends with its deletion', async () => {
    await using receiver = await Receiver.start(welcoming);
    await using azure = await anAzure();
    await azure.subscribe(onCluster, webhook(receiver.url));

    const statuses = [
      (await azure.arm('DELETE', `${onCluster}?api-version=${version}`)).status,
      (await azure.arm('DELETE', `${onCluster}?api-version=${version}`)).status,
      (await azure.arm('GET', `${onCluster}?api-version=${version}`)).status,
    ];

    expect(statuses).toEqual([200, 204, 404]);
  });

  it('needs its cluster', async () => {
    await using azure = await anAzure();
    const id = onCluster.replace('aks-1', 'aks-2');

    const put = await azure.arm('PUT', `${id}?api-version=${version}`, {
      properties: webhook('https://example.org/hook'),
    });

    expect([put.status, at(put.body, 'error', 'code')]).toEqual([404, 'ResourceNotFound']);
  });

  it.each([
    [
      'nothing',
      undefined,
      'Invalid properties.destination: must be of endpointType WebHook, AzureFunction, StorageQueue, EventHub, ServiceBusQueue, ServiceBusTopic or HybridConnection.',
    ],
    [
      'an alert',
      { destination: { endpointType: 'MonitorAlert' } },
      'Invalid properties.destination.endpointType: must be of endpointType WebHook, AzureFunction, StorageQueue, EventHub, ServiceBusQueue, ServiceBusTopic or HybridConnection.',
    ],
    [
      'no URL',
      webhook('s3cret'),
      'Invalid properties.destination.properties.endpointUrl: is not an http(s) URL.',
    ],
    [
      'a file',
      webhook('file:///s3cret'),
      'Invalid properties.destination.properties.endpointUrl: is not an http(s) URL.',
    ],
    [
      'a user in the URL',
      webhook('https://me:s3cret@example.org'),
      'Invalid properties.destination.properties.endpointUrl: must not carry a user name.',
    ],
    [
      'a custom schema',
      webhook('https://example.org', { eventDeliverySchema: 'CustomInputSchema' }),
      'Invalid properties.eventDeliverySchema: Invalid option: expected one of "EventGridSchema"|"CloudEventSchemaV1_0".',
    ],
    [
      'too many attempts',
      webhook('https://example.org', { retryPolicy: { maxDeliveryAttempts: 31 } }),
      'Invalid properties.retryPolicy.maxDeliveryAttempts: Too big: expected number to be <=30.',
    ],
    [
      'a filter with values of another type',
      webhook('https://example.org', {
        filter: { advancedFilters: [{ operatorType: 'NumberIn', key: 'data.x', values: ['1'] }] },
      }),
      'Invalid properties.filter.advancedFilters.0.values: NumberIn needs values of type number.',
    ],
  ])('with %s is refused', async (_, properties, message) => {
    await using azure = await anAzure();

    const put = await azure.arm('PUT', `${onCluster}?api-version=${version}`, { properties });

    expect(put).toMatchObject({
      status: 400,
      body: { error: { code: 'InvalidRequest', message } },
    });
  });

  it('keeps its delivery schema for ever', async () => {
    await using receiver = await Receiver.start(welcoming);
    await using azure = await anAzure();
    await azure.subscribe(onCluster, webhook(receiver.url));

    const put = await azure.arm('PUT', `${onCluster}?api-version=${version}`, {
      properties: webhook(receiver.url, { eventDeliverySchema: 'EventGridSchema' }),
    });

    expect([put.status, at(put.body, 'error', 'code')]).toEqual([400, 'InvalidRequest']);
  });

  it('fails as a fault rule says', async () => {
    await using receiver = await Receiver.start(welcoming);
    await using azure = await anAzure();
    const error = { code: 'Busy', message: 'later' };
    azure.faults.replace([FaultRule.parse({ match: { method: 'PUT' }, operation: { error } })]);

    const operation = await azure.subscribe(onCluster, webhook(receiver.url));

    expect(operation).toMatchObject({ status: 'Failed', error });
    expect(receiver.received).toEqual([]);
  });
});
