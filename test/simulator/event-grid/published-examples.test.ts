import { isObject, objectAt, textAt } from '../../../simulator/json';
import type { Json } from '../../../simulator/json';
import published from '../../data/contracts/event-grid-examples.json';
import { cluster } from './a-grid';
import { anAzure, onCluster, systemTopics } from './an-azure';
import type { TestAzure } from './an-azure';
import { Receiver, welcoming } from './receiver';

const version = '2022-06-15';

interface Example {
  readonly body: Json;
  readonly answer: Json;
}

function example(name: string): Example {
  const found = (published as readonly { readonly name: string }[]).find(
    (one) => one.name === name,
  );
  const { body = null, answers } = (found ?? {}) as { body?: Json; answers?: Record<string, Json> };
  const [answer] = Object.values(answers ?? {});
  if (answer === undefined) throw new Error(`There is no published example ${name}.`);
  return { body, answer };
}

const extension = example(
  'EventSubscriptions_CreateOrUpdateForCustomTopic_AzureFunctionDestination',
);
const topicSubscription = example('SystemTopicEventSubscriptions_CreateOrUpdate');
const systemTopic = example('SystemTopics_Get');

describe('the answers of simulated Event Grid have the members of the published examples', () => {
  it('for an event subscription of a resource', async () => {
    await using azure = await anAzure();

    const put = await azure.arm('PUT', `${onCluster}?api-version=${version}`, extension.body);

    expect(put.status).toBe(201);
    expect(missing(extension.answer, put.body)).toEqual([]);
  });

  it('for an event subscription of a system topic', async () => {
    await using receiver = await Receiver.start(welcoming);
    await using azure = await anAzure();
    await createTopic(azure);
    const properties = objectAt(topicSubscription.body, 'properties');
    // The example names a receiver on the internet.
    const destination = { endpointType: 'WebHook', properties: { endpointUrl: receiver.url } };

    const put = await azure.arm(
      'PUT',
      `${systemTopics}/t/eventSubscriptions/s?api-version=${version}`,
      { properties: { ...properties, destination } },
    );

    expect(put.status).toBe(201);
    expect(missing(topicSubscription.answer, put.body)).toEqual([]);
  });

  it('for a system topic', async () => {
    await using azure = await anAzure();
    await createTopic(azure);

    const got = await azure.arm('GET', `${systemTopics}/t?api-version=${version}`);

    expect(got.status).toBe(200);
    expect(missing(systemTopic.answer, got.body)).toEqual([]);
  });
});

async function createTopic(azure: TestAzure): Promise<void> {
  const properties = { source: cluster, topicType: 'Microsoft.ContainerService.ManagedClusters' };
  const body = { location: 'westeurope', properties };
  const { headers } = await azure.arm('PUT', `${systemTopics}/t?api-version=${version}`, body);
  azure.world.clock.advance(60_000);
  const ended = await azure.operationEnd(headers.get('azure-asyncoperation') ?? '');
  if (textAt(ended, 'status') !== 'Succeeded') throw new Error('The topic was not created.');
}

/** Paths of the example's members that the answer lacks or has with another JSON type; null goes with every type. */
function missing(example: Json, answer: Json | undefined, path = ''): readonly string[] {
  if (answer === undefined) return [path];
  if (example === null || answer === null) return [];
  if (!isObject(example)) return typeof example === typeof answer ? [] : [path];
  return Object.entries(example).flatMap(([name, value]) =>
    missing(value ?? null, objectAt(answer)[name], `${path}/${name}`),
  );
}
