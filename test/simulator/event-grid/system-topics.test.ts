import { at, textAt } from '../../../simulator/json';
import { cluster } from './a-grid';
import { anAzure, rollStarted, systemTopics, version, webhook } from './an-azure';
import { Receiver, welcoming } from './receiver';

const clusterTopic = {
  location: 'westeurope',
  properties: { source: cluster, topicType: 'Microsoft.ContainerService.ManagedClusters' },
};

describe('a system topic', () => {
  it('is created, read and written by the resource client of the Azure SDK', async () => {
    await using receiver = await Receiver.start(welcoming);
    await using azure = await anAzure();
    const { resources } = azure.client;

    const creating = resources.createOrUpdateById(`${systemTopics}/t`, version, clusterTopic, {
      updateIntervalInMs: 1,
    });
    await creating.submitted();
    azure.world.clock.advance(60_000);
    const created = await creating;
    const id = `${systemTopics}/t/eventSubscriptions/steward`;
    const subscribed = await resources.createOrUpdateById(
      id,
      version,
      { properties: webhook(receiver.url) },
      { updateIntervalInMs: 1 },
    );

    expect(created).toMatchObject({
      name: 't',
      properties: { provisioningState: 'Succeeded', source: cluster },
    });
    expect(subscribed).toMatchObject({
      type: 'Microsoft.EventGrid/systemTopics/eventSubscriptions',
      properties: { provisioningState: 'Succeeded', topic: `${systemTopics}/t` },
    });
  });

  it('carries the events of its source and family only', async () => {
    await using receiver = await Receiver.start(welcoming);
    await using azure = await anAzure();
    const put = (name: string, source: string, topicType: string) =>
      azure.arm('PUT', `${systemTopics}/${name}?api-version=${version}`, {
        location: 'global',
        properties: { source, topicType },
      });
    await put('arm', '/subscriptions/1', 'Microsoft.Resources.Subscriptions');
    await put('notes', '/subscriptions/1', 'Microsoft.ResourceNotifications.Resources');
    for (const topic of ['arm', 'notes']) {
      await azure.subscribe(
        `${systemTopics}/${topic}/eventSubscriptions/${topic}`,
        webhook(receiver.url),
      );
    }

    azure.world.emit(rollStarted());
    azure.world.emit(
      rollStarted({ topic: '/subscriptions/1', type: 'Microsoft.Resources.ResourceWriteSuccess' }),
    );
    azure.world.emit(
      rollStarted({
        topic: '/subscriptions/1',
        type: 'Microsoft.ResourceNotifications.Resources.Deleted',
      }),
    );
    azure.world.emit(
      rollStarted({
        topic: '/subscriptions/1',
        type: 'Microsoft.ResourceNotifications.AKSResources.FleetGateCreated',
      }),
    );
    azure.world.clock.advance(0);
    await azure.grid.quiet();

    const delivered = receiver.received
      .filter(({ method }) => method === 'POST')
      .map(({ headers, body }) => [
        headers['aeg-subscription-name'],
        textAt(JSON.parse(body) as never, 'type'),
      ]);
    expect(delivered.sort()).toEqual([
      ['ARM', 'Microsoft.Resources.ResourceWriteSuccess'],
      ['NOTES', 'Microsoft.ResourceNotifications.Resources.Deleted'],
    ]);
  });

  it('is the only one of its source', async () => {
    await using azure = await anAzure();
    const put = (name: string) =>
      azure.arm('PUT', `${systemTopics}/${name}?api-version=${version}`, clusterTopic);

    const statuses = [
      (await put('one')).status,
      (await put('one')).status,
      (await put('two')).status,
    ];

    expect(statuses).toEqual([201, 200, 400]);
  });

  it.each([
    ['no location', { properties: { source: cluster, topicType: 'x' } }, 400, 'LocationRequired'],
    ['no source', { location: 'global', properties: {} }, 400, 'InvalidRequest'],
    [
      'an unknown source',
      { location: 'global', properties: { source: `${cluster}-2`, topicType: 'x' } },
      404,
      'ResourceNotFound',
    ],
  ])('with %s is refused', async (_, body, ...expected) => {
    await using azure = await anAzure();

    const put = await azure.arm('PUT', `${systemTopics}/t?api-version=${version}`, body);

    expect([put.status, at(put.body, 'error', 'code')]).toEqual(expected);
  });

  it('takes its event subscriptions along when it is deleted', async () => {
    await using receiver = await Receiver.start(welcoming);
    await using azure = await anAzure();
    const topic = `${systemTopics}/t`;
    await azure.arm('PUT', `${topic}?api-version=${version}`, clusterTopic);
    await azure.subscribe(`${topic}/eventSubscriptions/steward`, webhook(receiver.url));

    await azure.arm('DELETE', `${topic}?api-version=${version}`);

    const answer = await azure.arm(
      'GET',
      `${topic}/eventSubscriptions/steward?api-version=${version}`,
    );
    expect(answer.status).toBe(404);
  });
});
