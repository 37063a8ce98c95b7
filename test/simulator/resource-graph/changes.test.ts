import clean from '../../data/scenarios/clean.json';
import { at, objectsAt, textAt } from '../../../simulator/json';
import { drive } from '../support/running';
import { ask, identity } from './asking';

describe('the changes of resources', () => {
  const changes = 'resourcechanges | order by tostring(properties.changeAttributes.timestamp) asc';

  it('are empty in a world in which nothing has happened', async () => {
    await using azure = await drive({ scenario: clean });

    expect(at(await ask(azure, changes), 'totalRecords')).toBe(0);
  });

  it('say what became of a resource', async () => {
    await using azure = await drive({ scenario: clean });
    for (const [method, tags] of [
      ['PUT', { a: '1' }],
      ['PUT', { a: '2', 'b.c': 'x' }],
      ['PUT', { a: '2', 'b.c': 'x' }],
      ['DELETE', {}],
    ] as const) {
      await identity(azure, `${method} id-new`, tags);
      azure.simulator.clock.advance(1000);
    }

    const rows = objectsAt(await ask(azure, changes), 'data');

    expect(rows.map((row) => textAt(row, 'properties', 'changeType'))).toEqual([
      'Create',
      'Update',
      'Delete',
    ]);
    expect(at(rows[1], 'properties', 'changes')).toEqual({
      'tags.a': { previousValue: '1', newValue: '2' },
      "tags['b.c']": { previousValue: null, newValue: 'x' },
    });
    expect(at(rows[1], 'properties', 'changeAttributes', 'changesCount')).toBe(2);
    expect(textAt(rows[0], 'type')).toBe('microsoft.resources/changes');
    expect(textAt(rows[0], 'properties', 'targetResourceType')).toBe(
      'microsoft.managedidentity/userassignedidentities',
    );
  });

  it('of the last minutes are few, however large the fleet is', async () => {
    const fleet = { clusters: 50, subscriptions: 2 };
    await using azure = await drive({ scenario: { seed: 3, fleet } });
    await identity(azure, 'PUT id-new');
    azure.simulator.clock.advance(20 * 60_000);
    await identity(azure, 'PUT id-newer');

    const recent = `resourcechanges | extend changed = todatetime(properties.changeAttributes.timestamp) | where changed > ago(15m) | project id, target = tostring(properties.targetResourceId)`;
    const rows = objectsAt(await ask(azure, recent), 'data');

    expect(rows.map((row) => textAt(row, 'target')?.split('/').at(-1))).toEqual(['id-newer']);
  });
});
