import { at } from '../../../simulator/json';
import { anAzure, onCluster, version } from './an-azure';

const resourceId = '/subscriptions/1/resourceGroups/rg/providers/Microsoft.Some/things/one';
const there = { id: resourceId, name: 'one' };

describe.each([
  ['StorageQueue', { resourceId, queueName: 'queue1' }],
  ['EventHub', { resourceId }],
  ['ServiceBusQueue', { resourceId }],
  ['ServiceBusTopic', { resourceId }],
  ['HybridConnection', { resourceId }],
])('a subscription to %s', (endpointType, properties) => {
  const destination = { endpointType, properties };

  it('is answered with its destination', async () => {
    await using azure = await anAzure();
    azure.world.resources.put(there);

    const body = { properties: { destination } };
    const put = await azure.arm('PUT', `${onCluster}?api-version=${version}`, body);

    expect(put.status).toBe(201);
    expect(at(put.body, 'properties', 'destination')).toEqual(destination);
  });

  it('succeeds where the resource exists', async () => {
    await using azure = await anAzure();
    azure.world.resources.put(there);

    expect(await azure.subscribe(onCluster, { destination })).toMatchObject({
      status: 'Succeeded',
    });
  });

  it('fails where it does not', async () => {
    await using azure = await anAzure();

    expect(await azure.subscribe(onCluster, { destination })).toMatchObject({
      status: 'Failed',
      error: { code: 'Endpoint validation' },
    });
  });
});

it('secrets among the delivery attributes are never shown', async () => {
  await using azure = await anAzure();
  const mapping = {
    name: 'x-team',
    type: 'Static',
    properties: { value: 's3cret', isSecret: true },
  };
  const properties = { endpointUrl: 'https://127.0.0.1:1/', deliveryAttributeMappings: [mapping] };
  const destination = { endpointType: 'WebHook', properties };

  const put = await azure.arm('PUT', `${onCluster}?api-version=${version}`, {
    properties: { destination },
  });

  expect(put.status).toBe(201);
  expect(JSON.stringify(put.body)).not.toContain('s3cret');
});
