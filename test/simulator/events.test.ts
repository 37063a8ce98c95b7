import fleet25 from '../data/scenarios/fleet-25.json';
import { objectsAt, textAt } from '../../simulator/json';
import type { Json, JsonObject } from '../../simulator/json';
import { Receiver } from './event-grid/receiver';
import { drive } from './support/running';
import type { Driven } from './support/running';
import { clustersOf } from './support/world';

const eventGrid = 'api-version=2025-02-15';
const aks = 'api-version=2026-06-01';
const staleManaged = (cluster: JsonObject): boolean =>
  textAt(cluster, 'properties', 'servicePrincipalProfile', 'clientId') !== 'msi';

describe('the events of a cluster', () => {
  it('tell a subscriber that a pool starts and ends to roll', async () => {
    await using azure = await drive({ scenario: fleet25 });
    await using receiver = await Receiver.start();
    const cluster = await aCluster(azure);
    await subscribe(azure, cluster.id, receiver);

    await roll(azure, cluster);
    azure.advanceMinutes(60);
    await azure.control('POST', 'events/deliver', {});

    expect(typesOf(receiver)).toEqual([
      'Microsoft.ContainerService.NodePoolRollingStarted',
      'Microsoft.ContainerService.NodePoolRollingSucceeded',
    ]);
    const [first] = eventsOf(receiver);
    expect(first).toMatchObject({ source: cluster.id, subject: cluster['name'] });
  });

  it('can be published by hand, twice and in reverse', async () => {
    await using azure = await drive({ scenario: fleet25 });
    await using receiver = await Receiver.start();
    const { id: topic } = await aCluster(azure);
    await subscribe(azure, topic, receiver);
    const event = (id: string) => ({ id, type: 'Test', topic, subject: 's', data: {} });

    const left = await azure.control('POST', 'events/deliver', {
      events: [event('first'), event('second')],
      disturb: { events: 2, copies: 2, order: 'reversed' },
    });

    expect(eventsOf(receiver).map(({ id }) => id)).toEqual(['second', 'second', 'first', 'first']);
    expect(left).toEqual({ pending: [], deadLetters: [] });
  });
});

describe('a raw delivery', () => {
  it('reaches any path with any header and body, and is answered', async () => {
    await using azure = await drive();
    await using receiver = await Receiver.start((_, response) => {
      response.writeHead(418, { 'x-tea': 'pot' }).end('short and stout');
    });
    const { origin: target } = new URL(receiver.url);
    const delivery = { target, path: '/any/path?q=1', headers: { 'aeg-event-type': 'Odd' } };

    const answered = await azure.control('POST', 'events/deliver', {
      deliveries: [
        { ...delivery, bodyText: '{"half":' },
        { ...delivery, method: 'PUT', bodyBase64: 'AP8=' },
      ],
    });

    expect(answered).toMatchObject({
      answers: [
        { status: 418, headers: { 'x-tea': 'pot' }, body: 'short and stout' },
        { status: 418 },
      ],
    });
    expect(receiver.received).toMatchObject([
      {
        method: 'POST',
        url: '/any/path?q=1',
        headers: { 'aeg-event-type': 'Odd' },
        body: '{"half":',
      },
      { method: 'PUT', body: Buffer.from('AP8=', 'base64').toString() },
    ]);
  });
});

async function aCluster(azure: Driven): Promise<JsonObject & { id: string }> {
  const [cluster] = await clustersOf(azure, staleManaged);
  if (cluster === undefined) throw new Error('no such cluster');
  return cluster;
}

/** A subscription that takes part in deliveries: its receiver has passed the handshake. */
async function subscribe(azure: Driven, id: string, receiver: Receiver): Promise<void> {
  receiver.answer((request, response) => {
    response.setHeader('webhook-allowed-origin', request.headers['webhook-request-origin'] ?? '*');
    response.end();
  });
  const path = `${id}/providers/Microsoft.EventGrid/eventSubscriptions/test?${eventGrid}`;
  await azure.arm('PUT', path, {
    body: {
      properties: {
        destination: { endpointType: 'WebHook', properties: { endpointUrl: receiver.url } },
        eventDeliverySchema: 'CloudEventSchemaV1_0',
      },
    },
  });
  for (let poll = 0; poll < 200; poll += 1) {
    const { body } = await azure.arm('GET', path);
    if (textAt(body, 'properties', 'provisioningState') === 'Succeeded') return;
  }
  throw new Error('The receiver did not pass the handshake.');
}

async function roll(azure: Driven, cluster: JsonObject & { id: string }): Promise<void> {
  const [pool] = objectsAt(cluster, 'properties', 'agentPoolProfiles');
  const name = textAt(pool, 'name') ?? '';
  await azure.arm('POST', `${cluster.id}/agentPools/${name}/upgradeNodeImageVersion?${aks}`);
}

function eventsOf({ received }: Receiver): readonly JsonObject[] {
  return received
    .filter(({ method }) => method === 'POST')
    .flatMap(({ body }) => [JSON.parse(body) as Json].flat() as readonly JsonObject[]);
}

/** Event Grid promises no order: by time, then by name. */
function typesOf(receiver: Receiver): readonly (string | undefined)[] {
  const timeOf = (event: JsonObject): string => textAt(event, 'time') ?? '';
  return eventsOf(receiver)
    .toSorted((one, other) => timeOf(one).localeCompare(timeOf(other)))
    .map((event) => textAt(event, 'type'));
}
