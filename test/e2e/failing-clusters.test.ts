import { startTwoProcesses } from './support/two-processes';
import type { Call, RunView, TwoProcesses } from './support/two-processes';
import { endState } from './support/world';

type World = Parameters<typeof endState>[0];
type Obstacle = 'denied' | 'locked' | 'overQuota' | 'stopped';

interface Onboarded {
  readonly run: RunView;
  /** Kinds of the plan's steps, in order. */
  readonly steps: readonly string[];
}

jest.setTimeout(60_000);

let steward: TwoProcesses;
let before: World;
let obstacles: Readonly<Record<Obstacle, string>>;
let onboarded: ReadonlyMap<string, Onboarded>;
let writes: readonly Call[];

beforeAll(async () => {
  steward = await startTwoProcesses('denied.json', 1200);
  before = await worldOf(steward);
  obstacles = obstaclesIn(before);
  onboarded = await onboard(steward, steward.clusters);
  writes = await steward.writes();
});

afterAll(async () => {
  expect(await steward.stop()).toEqual([0, 0]);
});

describe('a fleet in which four clusters cannot be changed', () => {
  it('has them end as failed runs, each with one cause and one next step', () => {
    const failures = Object.entries(obstacles).map(([name, cluster]) => {
      const { state, failure } = runOf(cluster);
      return { name, state, code: failure?.code, next: failure?.next };
    });

    expect(failures).toEqual([
      {
        name: 'denied',
        state: 'failed',
        code: 'denied-by-policy',
        next: 'Exempt the resource from the policy assignment that the message names, then onboard again.',
      },
      {
        name: 'locked',
        state: 'failed',
        code: 'locked',
        next: 'Remove the lock, then onboard the cluster again.',
      },
      {
        name: 'overQuota',
        state: 'failed',
        code: 'quota-exceeded',
        next: 'Raise the quota or lower maxSurge of the pool, then onboard the cluster again.',
      },
      {
        name: 'stopped',
        state: 'failed',
        code: 'cluster-stopped',
        next: 'Start the cluster, then onboard it again.',
      },
    ]);
  });

  it.each<readonly [Obstacle, RegExp]>([
    ['denied', /disallowed by policy.*policyAssignments\/no-cluster-changes/],
    ['locked', /^A read-only lock at \/subscriptions\/.*aks-.* denies every change: /],
    ['overQuota', /^The node image roll of aks-.* failed: QuotaExceeded .*cores left: 0/],
    ['stopped', /^aks-.* is stopped, and a stopped cluster takes no changes\.$/],
  ])('names what is in the way of the cluster that is %s, in one line', (name, cause) => {
    const { failure } = runOf(obstacles[name]);

    expect(failure?.message).toMatch(cause);
    expect(failure?.message).not.toMatch(/\n/);
    expect(failure?.target?.toLowerCase()).toMatch(new RegExp(`^${obstacles[name]}(/|$)`));
  });

  it('has all others in order', async () => {
    const states = endState(await worldOf(steward));

    const others = steward.clusters.filter((id) => !Object.values(obstacles).includes(id));

    expect(others).toHaveLength(4);
    for (const id of others) {
      expect(runOf(id)).toMatchObject({ state: 'succeeded', failure: null });
      expect(states[id]).toMatchObject({ clientId: 'msi', state: 'Succeeded' });
    }
  });

  it('has no write accepted on the clusters that are denied, locked or stopped', async () => {
    const untouched = [obstacles.denied, obstacles.locked, obstacles.stopped];
    const after = await worldOf(steward);

    const touched = writes.filter(({ path }) => untouched.some((id) => isOn(path, id)));

    expect(touched).toEqual([]);
    for (const id of untouched) expect(after[id]).toEqual(before[id]);
  });

  it.each<readonly [Obstacle, readonly string[]]>([
    ['denied', ['createIdentity']],
    ['locked', []],
    ['overQuota', ['createIdentity', 'assignRoles', 'enableManagedIdentity', 'assignRoles']],
    ['stopped', []],
  ])('has done for the cluster that is %s what its run says, and no more', async (name, done) => {
    const { run, steps } = onboarded.get(obstacles[name]) ?? { steps: [] };
    const after = await worldOf(steward);

    const applied = steps.slice(0, run?.applied);

    expect(applied).toEqual(done);
    expect(steps.length).toBeGreaterThan(applied.length);
    expect(hasIdentity(after, obstacles[name])).toBe(done.includes('createIdentity'));
    expect(switched(after, obstacles[name])).toBe(done.includes('enableManagedIdentity'));
    expect(imagesOf(after, obstacles[name])).toEqual(imagesOf(before, obstacles[name]));
  });

  it('shows which clusters have failed', async () => {
    const { items } = await steward.get('/api/v1/clusters?limit=100');

    const failed = (items as { armId: string; status: string }[])
      .filter(({ status }) => status === 'failed')
      .map(({ armId }) => armId.toLowerCase());

    expect(failed.sort()).toEqual(Object.values(obstacles).sort());
  });

  it('comes in order once the obstacles are gone, without repeating what was done', async () => {
    await steward.control('PUT', 'world', withoutObstacles(await worldOf(steward)));

    const again = await onboard(steward, Object.values(obstacles));

    const states = endState(await worldOf(steward));
    for (const [id, { run }] of again) {
      expect(run).toMatchObject({ state: 'succeeded', failure: null });
      expect(states[id]).toMatchObject({ clientId: 'msi', state: 'Succeeded' });
    }
    const created = (await steward.writes()).filter(
      ({ operation }) => operation === 'userAssignedIdentities/write',
    );
    expect(new Set(created.map(({ path }) => path)).size).toBe(created.length);
  });
});

async function onboard(
  { onboard: ask, end, get }: TwoProcesses,
  clusters: readonly string[],
): Promise<ReadonlyMap<string, Onboarded>> {
  const answer = await ask(clusters);
  const { runs } = (await answer.json()) as {
    runs: readonly { readonly cluster: string; readonly location: string }[];
  };
  const ended = runs.map(async ({ cluster, location }): Promise<[string, Onboarded]> => {
    const run = await end(location);
    const { plan } = (await get(location)) as { plan: { location: string } | null };
    const { steps } = (plan ? await get(plan.location) : { steps: [] }) as {
      steps: readonly { readonly kind: string }[];
    };
    return [cluster.toLowerCase(), { run, steps: steps.map(({ kind }) => kind) }];
  });
  return new Map(await Promise.all(ended));
}

function runOf(cluster: string): RunView {
  const found = onboarded.get(cluster);
  if (found === undefined) throw new Error(`no run of ${cluster}`);
  return found.run;
}

async function worldOf({ control }: TwoProcesses): Promise<World> {
  return (await control('GET', 'world')) as World;
}

/** Which cluster has which obstacle, as the world itself tells. */
function obstaclesIn(world: World): Readonly<Record<Obstacle, string>> {
  const clusters = Object.keys(world).filter((id) => /\/managedclusters\/[^/]+$/.test(id));
  const under = (kind: string): string => {
    const id = Object.keys(world).find((one) => one.includes(kind)) ?? '';
    const scope = id.slice(0, id.indexOf('/providers/microsoft.authorization/'));
    return clusters.find((cluster) => isOn(cluster, scope)) ?? '';
  };
  const where = (holds: (text: string) => boolean) =>
    clusters.find((id) => holds(JSON.stringify(world[id]))) ?? '';
  return {
    denied: under('/policyassignments/'),
    locked: under('/locks/'),
    overQuota: where((text) => text.includes('"location":"norwayeast"')),
    stopped: where((text) => text.includes('"powerState":{"code":"Stopped"}')),
  };
}

/** The world with the lock and the denial gone, cores in every region, and every cluster started. */
function withoutObstacles(world: World): World {
  const kept = Object.entries(world).filter(([id]) => !/\/locks\/|\/policyassignments\//.test(id));
  const text = JSON.stringify(Object.fromEntries(kept))
    .replaceAll('"coresLeft":{"norwayeast":0}', '"coresLeft":{}')
    .replaceAll('"powerState":{"code":"Stopped"}', '"powerState":{"code":"Running"}');
  return JSON.parse(text) as World;
}

function isOn(path: string, id: string): boolean {
  return `${path.toLowerCase()}/`.startsWith(`${id}/`);
}

function hasIdentity(world: World, cluster: string): boolean {
  const [, group = '', name = ''] =
    /^(.*)\/providers\/microsoft.containerservice\/managedclusters\/(.*)$/.exec(cluster) ?? [];
  const identity = `${group}/providers/microsoft.managedidentity/userassignedidentities/id-${name}-cp`;
  return world[identity] !== undefined;
}

function switched(world: World, cluster: string): boolean {
  return (endState(world)[cluster] as { clientId: string }).clientId === 'msi';
}

function imagesOf(world: World, cluster: string): readonly (readonly unknown[])[] {
  const { images } = endState(world)[cluster] as { images: readonly (readonly unknown[])[] };
  return images.map(([name, image]) => [name, image]);
}
