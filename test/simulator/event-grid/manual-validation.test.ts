import { objectsAt, textAt } from '../../../simulator/json';
import type { Json } from '../../../simulator/json';
import { drive } from '../support/running';
import type { Driven } from '../support/running';
import { clustersOf } from '../support/world';
import fleet25 from '../../data/scenarios/fleet-25.json';
import { Receiver } from './receiver';

const version = 'api-version=2025-02-15';

describe('an endpoint that takes the validation event without answering it', () => {
  it('is proved when the validation URL is opened within ten minutes', async () => {
    await using azure = await drive({ scenario: fleet25 });
    await using receiver = await Receiver.start();
    const id = await waiting(azure, receiver);

    const { status } = await open(azure, receiver);

    expect(status).toBe(200);
    expect(await stateOf(azure, id)).toBe('Succeeded');
  });

  it('has failed after ten minutes', async () => {
    await using azure = await drive({ scenario: fleet25 });
    await using receiver = await Receiver.start();
    const id = await waiting(azure, receiver);

    azure.advanceMinutes(11);
    const { status } = await open(azure, receiver);

    expect(status).toBe(404);
    expect(await stateOf(azure, id)).toBe('Failed');
  });
});

/** A subscription whose receiver has the event; resolves once Event Grid knows that. */
async function waiting(azure: Driven, { url: endpointUrl }: Receiver): Promise<string> {
  const [cluster] = await clustersOf(azure, () => true);
  const id = `${cluster?.id ?? ''}/providers/Microsoft.EventGrid/eventSubscriptions/byhand`;
  const destination = { endpointType: 'WebHook', properties: { endpointUrl } };
  await azure.arm('PUT', `${id}?${version}`, { body: { properties: { destination } } });
  for (let poll = 0; poll < 500; poll += 1) {
    if ((await stateOf(azure, id)) === 'AwaitingManualAction') return id;
  }
  throw new Error('The subscription does not wait for anybody.');
}

async function stateOf(azure: Driven, id: string): Promise<string | undefined> {
  const { body } = await azure.arm('GET', `${id}?${version}`);
  return textAt(body, 'properties', 'provisioningState');
}

function open(azure: Driven, { received }: Receiver): Promise<Response> {
  const [event] = objectsAt({ events: JSON.parse(received[0]?.body ?? '[]') as Json }, 'events');
  const url = new URL(textAt(event, 'data', 'validationUrl') ?? '');
  return fetch(`${azure.simulator.url}${url.pathname}${url.search}`);
}
