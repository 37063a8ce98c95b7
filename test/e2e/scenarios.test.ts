import { roleSets } from '../../domain/role-parts';
import { grants } from '../rights/support/grants';
import { eventually } from './support/steward-process';
import { startTwoProcesses } from './support/two-processes';
import type { RunView, TwoProcesses } from './support/two-processes';
import { endState } from './support/world';

jest.setTimeout(60_000);

type World = Parameters<typeof endState>[0];

describe('a half-migrated fleet', () => {
  it('has its nodes re-imaged and its identities left as they are', async () => {
    await using steward = await started('half-migrated.json');

    const runs = await onboardAll(steward, steward.clusters);

    const writes = (await steward.writes()).map(({ operation }) => operation.toLowerCase());
    expect(runs).toHaveLength(steward.clusters.length);
    for (const run of runs) expect(run).toMatchObject({ state: 'succeeded', failure: null });
    expect(writes).toContain('managedclusters/agentpools/upgradenodeimageversion/action');
    expect(writes).not.toContain('managedclusters/write');
  });
});

describe('a fleet in an Azure that throttles', () => {
  it('comes in order nevertheless, and nothing is written twice', async () => {
    await using steward = await started('throttled.json');

    const runs = await onboardAll(steward, steward.clusters);

    const { calls, repeatedWrites } = (await steward.control('GET', 'calls?summary=true')) as {
      calls: { status: number }[];
      repeatedWrites: unknown[];
    };
    for (const run of runs) expect(run).toMatchObject({ state: 'succeeded', failure: null });
    await expectInOrder(steward, steward.clusters);
    expect(calls.some(({ status }) => status === 429)).toBe(true);
    expect(repeatedWrites).toEqual([]);
  });
});

describe('a fleet whose Resource Graph is behind', () => {
  it('comes in order, since what decides is read from Resource Manager', async () => {
    await using steward = await started('stale-graph.json');

    const runs = await onboardAll(steward, steward.clusters);

    for (const run of runs) expect(run).toMatchObject({ state: 'succeeded', failure: null });
    await expectInOrder(steward, steward.clusters);
  });
});

describe('a fleet with a region that is down', () => {
  it('has the others brought in order, and those of the region once it is back', async () => {
    await using steward = await started('region-outage.json');
    const { control, clusters } = steward;
    const before = (await control('GET', 'world')) as World;
    const down = clusters.filter((id) => before[id]?.['location'] === 'westeurope');
    const up = clusters.filter((id) => !down.includes(id));
    const match = { location: 'westeurope' };
    await control('POST', 'faults', [{ match, outage: true, forMinutes: 7 * 24 * 60 }]);

    const [early, others] = [await onboardAll(steward, down), await onboardAll(steward, up)];
    await control('POST', 'faults', []);
    const late = await onboardAll(steward, down);

    expect(down.length).toBeGreaterThan(0);
    expect([early.length, others.length]).toEqual([down.length, up.length]);
    const failure = { code: 'unavailable', next: expect.stringContaining('Wait') as string };
    for (const run of early) expect(run).toMatchObject({ state: 'failed', applied: 0, failure });
    for (const run of [...others, ...late]) expect(run).toMatchObject({ state: 'succeeded' });
    await expectInOrder(steward, clusters);
  });

  it('outlasts an outage of 20 minutes that comes when runs are at work', async () => {
    await using steward = await started('region-outage.json', 600);
    const { control, clusters } = steward;
    await control('POST', 'faults', []);
    const world = (await control('GET', 'world')) as World;
    const hit = clusters.filter((id) => world[id]?.['location'] === 'westeurope');

    const ended = onboardAll(steward, hit);
    await eventually(async () => {
      const { items } = (await steward.get('/api/v1/plans')) as { items: unknown[] };
      return items.length === hit.length ? items : null;
    });
    const match = { location: 'westeurope' };
    await control('POST', 'faults', [{ match, outage: true, forMinutes: 20 }]);
    const runs = await ended;

    const { calls } = (await control('GET', 'calls?summary=true')) as {
      calls: { status: number }[];
    };
    expect(calls.some(({ status }) => status === 503)).toBe(true);
    for (const run of runs) expect(run).toMatchObject({ state: 'succeeded', failure: null });
    await expectInOrder(steward, hit);
  });
});

describe('a fleet in an Azure that enforces rights', () => {
  it('comes in order with exactly the roles that a deployment grants', async () => {
    await using steward = await started('least-rights.json');
    await grant(steward);

    const runs = await onboardAll(steward, steward.clusters);

    for (const run of runs) expect(run).toMatchObject({ state: 'succeeded', failure: null });
    await expectInOrder(steward, steward.clusters);
  });

  it('says which action is missing, and has touched nothing', async () => {
    await using steward = await started('least-rights.json');
    const write = 'Microsoft.ContainerService/managedClusters/write';
    await grant(steward, write);

    const [run] = await onboardAll(steward, steward.clusters.slice(0, 1));

    const writes = (await steward.writes()).map(({ operation }) => operation.toLowerCase());
    expect(run).toMatchObject({ state: 'failed' });
    expect(run?.failure?.message).toContain(write);
    expect(writes).toEqual([]);
  });
});

/** Gives Steward the roles of a deployment on every subscription, of which none has the action, and nothing else. */
async function grant({ control }: TwoProcesses, removed = ''): Promise<void> {
  const world = (await control('GET', 'world')) as World;
  const subscriptions = Object.keys(world).filter((id) => /^\/subscriptions\/[^/]+$/.test(id));
  const added = subscriptions.flatMap((subscription) =>
    grants(subscription, roleSets.order.parts, removed),
  );
  await control('PUT', 'world', { resources: [...Object.values(world), ...added] });
  await control('PATCH', 'behaviour', { rights: 'enforced' });
}

async function expectInOrder(
  { control }: TwoProcesses,
  clusters: readonly string[],
): Promise<void> {
  const states = endState((await control('GET', 'world')) as World);
  for (const id of clusters) {
    expect(states[id]).toMatchObject({ clientId: 'msi', state: 'Succeeded' });
  }
}

async function started(scenario: string, speed = 1200): Promise<TwoProcesses & AsyncDisposable> {
  const steward = await startTwoProcesses(scenario, speed);
  return {
    ...steward,
    [Symbol.asyncDispose]: async () => {
      await steward.stop();
    },
  };
}

async function onboardAll(
  { onboard, end }: TwoProcesses,
  clusters: readonly string[],
): Promise<readonly RunView[]> {
  const answer = await onboard(clusters);
  const { runs } = (await answer.json()) as { runs: readonly { readonly location: string }[] };
  return Promise.all(runs.map(({ location }) => end(location)));
}
