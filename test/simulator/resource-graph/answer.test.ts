import clean from '../../data/scenarios/clean.json';
import { at, objectsAt, textAt } from '../../../simulator/json';
import { drive } from '../support/running';
import { ask, graph } from './asking';

const behind = (lag: object) => ({ ...clean, behaviour: { resourceGraph: lag } });
describe('an answer', () => {
  it('is a table when asked for one', async () => {
    await using azure = await drive({ scenario: clean });

    const body = await ask(
      azure,
      'resources | summarize n = count(), tags = any(tags) by type | take 1',
      {
        resultFormat: 'table',
      },
    );

    expect(at(body, 'data', 'columns')).toEqual([
      { name: 'type', type: 'string' },
      { name: 'n', type: 'integer' },
      { name: 'tags', type: 'object' },
    ]);
    expect(objectsAt(body, 'data', 'rows')).toEqual([]);
    expect(at(body, 'count')).toBe(1);
  });

  it('counts by facets over all its rows', async () => {
    await using azure = await drive({ scenario: clean });
    const body = {
      query: 'resources | project id, type',
      options: { $top: 1 },
      facets: [
        { expression: 'type', options: { $top: 1, sortOrder: 'desc' } },
        { expression: 'x y' },
      ],
    };

    const answer = (await azure.arm('POST', graph, { body })).body;

    const [types, wrong] = objectsAt(answer, 'facets');
    expect(types).toMatchObject({ expression: 'type', resultType: 'FacetResult', count: 1 });
    expect(Number(objectsAt(types, 'data')[0]?.['count'])).toBeGreaterThan(1);
    expect(wrong).toMatchObject({ resultType: 'FacetError' });
  });

  it('is refused when a list is longer than the setting allows', async () => {
    await using azure = await drive({ scenario: behind({ mostInList: 300 }) });
    const query = (count: number) =>
      `resources | where id in~ (${Array.from({ length: count }, (_, index) => `'/${index}'`).join(', ')}) | project id`;

    const taken = await ask(azure, query(300));
    const refused = await ask(azure, query(301));

    expect(at(taken, 'totalRecords')).toBe(0);
    expect(at(refused, 'error', 'code')).toBe('BadRequest');
  });

  it('is refused when it is larger than 16 MiB', async () => {
    const resources = Array.from({ length: 40 }, (_, index) => ({
      id: `/subscriptions/s/resourceGroups/g/providers/Microsoft.Storage/storageAccounts/s${index}`,
      location: 'westeurope',
      properties: { text: 'x'.repeat(500_000) },
    }));
    await using azure = await drive({ scenario: { resources } });

    const whole = await ask(azure, 'resources | project id, properties');
    const half = await ask(azure, 'resources | project id, properties', { $top: 20 });

    expect(objectsAt(whole, 'error', 'details')[0]).toMatchObject({
      code: 'ResponsePayloadTooLarge',
    });
    expect(at(half, 'count')).toBe(20);
  });

  it('leaves out other subscriptions, but not the built-in roles', async () => {
    await using azure = await drive({
      scenario: { seed: 3, fleet: { clusters: 6, subscriptions: 2 } },
    });
    const [first] = objectsAt(
      await ask(azure, 'resourcecontainers | distinct subscriptionId'),
      'data',
    );
    const subscription = textAt(first, 'subscriptionId') ?? '';
    const send = async (query: string) =>
      (
        await azure.arm('POST', graph, {
          body: { query, subscriptions: [subscription.toUpperCase()] },
        })
      ).body;

    const found = objectsAt(await send('resources | distinct subscriptionId'), 'data');
    const roles = await send(
      "authorizationresources | where type =~ 'microsoft.authorization/roledefinitions' | count",
    );

    expect(found).toEqual([{ subscriptionId: subscription }]);
    expect(Number(objectsAt(roles, 'data')[0]?.['Count'])).toBeGreaterThan(5);
  });
});
