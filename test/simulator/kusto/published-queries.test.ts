import { makeFleet } from '../../../simulator/scenarios/fleet';
import { FleetShape } from '../../../simulator/scenarios/fleet-shape';
import { drive } from '../support/running';
import type { Driven } from '../support/running';
import { publishedQueries } from './published-queries';

type Rows = readonly Readonly<Record<string, unknown>>[];

const fleet = { clusters: 20, subscriptions: 3 };
const tenantId = 'c3b1a7de-52f4-4c0e-9a61-0d7b3e5f9a10';
const world = [...makeFleet({ shape: FleetShape.parse(fleet), seed: 7, tenantId })];
const clusters = world.filter(({ id }) => /\/managedClusters\/[^/]+$/.test(id));
const pools = clusters.flatMap(({ properties }) => {
  const { agentPoolProfiles } = properties as { agentPoolProfiles: { count: number }[] };
  return agentPoolProfiles;
});

let azure: Driven;

beforeAll(async () => {
  azure = await drive({ scenario: { seed: 7, now: '2026-11-24T08:00:00Z', fleet } });
});
afterAll(() => azure[Symbol.asyncDispose]());

async function ask(name: string): Promise<Rows> {
  const query = publishedQueries[name] ?? name;
  const answer = await azure.clients('').graph.resources({ query, options: { top: 1000 } });
  return answer.data as Rows;
}

describe('published queries', () => {
  it.each(Object.keys(publishedQueries))('%s: is answered', async (name) => {
    await expect(ask(name)).resolves.toEqual(expect.any(Array));
  });

  it('counts by a converted member under the name of the member', async () => {
    const rows = await ask('clusters by version');

    expect(Object.keys(rows[0] ?? {})).toEqual(['properties_kubernetesVersion', 'count_']);
    expect(rows.reduce((sum, row) => sum + Number(row['count_']), 0)).toBe(clusters.length);
  });

  it('expands the pools of every cluster', async () => {
    const rows = await ask('pools of all clusters');

    expect(rows).toHaveLength(pools.length);
    expect(rows.reduce((sum, { nodes }) => sum + Number(nodes), 0)).toBe(
      pools.reduce((sum, { count }) => sum + count, 0),
    );
  });

  it('joins one row of the left for each key, unless told otherwise', async () => {
    const unique = await ask('clusters with the name of the subscription');
    const all = await ask('clusters with tags of the group');

    expect(unique).toHaveLength(3);
    expect(all).toHaveLength(clusters.length);
  });

  it('finds nothing in tables that are always empty', async () => {
    const rows = await ask('clusters without backup');

    expect(rows.map(({ param1 }) => param1)).toEqual(
      clusters.map(() => 'Protection Not Configured'),
    );
  });

  it('names the roles of all assignments', async () => {
    const rows = await ask('clusters and the principals of their assignments');

    const assignments = world.filter(({ id }) => id.includes('/roleAssignments/'));
    expect(rows.reduce((sum, row) => sum + Number(row['assignments']), 0)).toBe(assignments.length);
    expect(rows.map(({ roleName }) => roleName)).toContain('Network Contributor');
  });

  it('computes shares with a fraction, and whole numbers without', async () => {
    const [share] = await ask('share of old clusters');
    const [whole] = await ask('resources | summarize total = count() | project half = total / 2');

    expect(share).toMatchObject({ total: 20, old: 20, share: 100 });
    expect(Number.isInteger(whole?.['half'])).toBe(true);
  });
});
