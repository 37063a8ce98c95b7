import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { eventually, freePortPair, startSteward, temporaryFolder } from './support/steward-process';
import type { StewardProcess } from './support/steward-process';
import { worldIn } from './support/world';

jest.setTimeout(60_000);

const folder = temporaryFolder();
let steward: StewardProcess;
let api: string;
let azure: string;
let key: string;
let eventKey: string;
let clusters: readonly string[];

beforeAll(async () => {
  const port = await freePortPair();
  const args = ['--clusters', '3', '--speed', '600', '--port', String(port), '--data', folder.path];
  steward = startSteward(args);
  await eventually(() => /Still serving/.exec(steward.output()), { seconds: 50 });
  api = `http://127.0.0.1:${port}`;
  azure = `http://127.0.0.1:${port + 1}`;
  key = /x-functions-key: ([^']+)'/.exec(steward.output())?.[1] ?? '';
  const keys = JSON.parse(readFileSync(join(folder.path, 'host', 'keys.json'), 'utf8')) as {
    systemKeys: Record<string, string>;
  };
  eventKey = keys.systemKeys['eventgrid_extension'] ?? '';
  clusters = Object.keys(await get(`${azure}/_simulator/world`)).filter((id) =>
    /\/managedclusters\/[^/]+$/.test(id),
  );
});

afterAll(async () => {
  steward.signal('SIGTERM');
  expect((await steward.ended).code).toBe(0);
  expect(Object.keys(worldIn(folder.path)).length).toBeGreaterThan(0);
  folder.remove();
});

describe('onboarding over HTTP', () => {
  it('answers 202 with the location of a run that a client can follow to its end', async () => {
    const answer = await onboard({ clusters: [clusters[0]], mode: 'apply' });
    const location = answer.headers.get('location') ?? '';

    const run = await eventually(async () => {
      const view = await get(api + location);
      return view['state'] === 'succeeded' ? view : undefined;
    });

    expect(answer.status).toBe(202);
    expect(location).toMatch(/^\/api\/v1\/runs\/run_[0-9A-Z]{26}$/);
    expect(run).toMatchObject({ mode: 'apply', applied: 0, failure: null });
  });

  it('changes nothing in mode report, which is the default, and shows the plan', async () => {
    const before = await writes();
    const answer = await onboard({ clusters: [clusters[1]] });
    const run = await eventually(async () => {
      const view = await get(api + (answer.headers.get('location') ?? ''));
      return view['state'] === 'succeeded' ? view : undefined;
    });

    const plan = await get(api + (run['plan'] as { location: string }).location);

    expect(plan).toMatchObject({ blockers: [], summary: { steps: 0 } });
    expect(await writes()).toEqual(before);
  });

  it('lists a run for each cluster when there are several', async () => {
    const answer = await onboard({ clusters, mode: 'report' });

    const { runs } = (await answer.json()) as { runs: { cluster: string; location: string }[] };

    expect(answer.headers.get('location')).toBeNull();
    expect(runs.map(({ cluster }) => cluster)).toEqual(clusters);
    for (const { location } of runs) expect((await get(api + location))['mode']).toBe('report');
  });

  it('starts nothing twice for one idempotency key', async () => {
    const headers = { 'idempotency-key': 'once-only' };
    const [one, two] = await Promise.all([
      onboard({ clusters: [clusters[0]] }, headers),
      onboard({ clusters: [clusters[0]] }, headers),
    ]);
    const third = await onboard({ clusters: [clusters[0]] }, headers);
    const other = await onboard({ clusters: [clusters[1]] }, headers);

    const first = await one.json();
    expect(await two.json()).toEqual(first);
    expect(await third.json()).toEqual(first);
    expect(third.headers.get('idempotent-replayed')).toBe('true');
    expect(other.status).toBe(422);
    expect(await other.json()).toMatchObject({ code: 'idempotency-key-reused' });
  });

  const id = (name: string) =>
    `/subscriptions/00000000-0000-4000-8000-000000000001/resourceGroups/rg/providers/Microsoft.ContainerService/managedClusters/${name}`;

  const many = Array.from({ length: 1001 }, (_, i) => id(`a${i}`));

  it.each([
    { what: 'malformed JSON', body: '{"clusters": [', status: 400, code: 'invalid-json' },
    { what: 'no clusters', body: {}, status: 400, code: 'validation-failed' },
    {
      what: 'an unknown field',
      body: { clusters: [id('a')], force: true },
      status: 400,
      code: 'unknown-field',
    },
    {
      what: 'another type of resource',
      body: { clusters: ['/subscriptions/x'] },
      status: 400,
      code: 'validation-failed',
    },
    {
      what: 'a foreign subscription',
      body: { clusters: [id('a')] },
      status: 400,
      code: 'validation-failed',
    },
    { what: '1,001 clusters', body: { clusters: many }, status: 400, code: 'validation-failed' },
    {
      what: '2 MiB',
      body: { clusters: ['x'.repeat(2 * 1024 * 1024)] },
      status: 413,
      code: 'payload-too-large',
    },
  ])('refuses $what and starts nothing', async ({ body, status, code }) => {
    const before = await runCount();

    const answer = await onboard(body);

    expect(answer.status).toBe(status);
    expect(answer.headers.get('content-type')).toBe('application/problem+json');
    expect(await answer.json()).toMatchObject({ status, code, instance: '/api/v1/clusters' });
    expect(await runCount()).toBe(before);
  });

  it('points at clusters that do not exist, and at ones that are named twice', async () => {
    const before = await runCount();
    const unknown = `${clusters[0] ?? ''}-gone`;

    const missing = await onboard({ clusters: [clusters[0], unknown] });
    const twice = await onboard({ clusters: [clusters[0], clusters[0]?.toUpperCase()] });

    expect(await missing.json()).toMatchObject({
      code: 'validation-failed',
      errors: [{ pointer: '/clusters/1', code: 'not-found' }],
    });
    expect(await twice.json()).toMatchObject({
      code: 'validation-failed',
      errors: [{ pointer: '/clusters/1', code: 'duplicate' }],
    });
    expect(await runCount()).toBe(before);
  });

  it('lets nobody in without the key', async () => {
    const answer = await fetch(`${api}/api/v1/clusters`, { method: 'POST', body: '{}' });

    expect(answer.status).toBe(401);
  });
});

describe('cluster events', () => {
  it('start one evaluation however often and in whichever schema they arrive', async () => {
    const cluster = clusters[0] ?? '';
    const time = '2026-11-24T10:00:00.123Z';
    const grid = {
      id: 'e-1',
      topic: cluster,
      subject: 'aks',
      eventType: 'Microsoft.ContainerService.NodePoolRollingSucceeded',
      eventTime: time,
      data: { nodePoolName: 'system' },
      dataVersion: '1',
      metadataVersion: '1',
    };
    const cloud = {
      specversion: '1.0',
      id: 'e-1',
      source: cluster.toUpperCase(),
      subject: 'aks',
      type: grid.eventType,
      time,
      data: grid.data,
    };
    const before = (await evaluations()).length;

    const first = await Promise.all([deliver([grid]), deliver([grid]), deliver(cloud)]);
    await eventually(async () => ((await evaluations()).length > before ? true : undefined));
    const later = [await deliver([grid, grid]), await deliver(cloud)];

    expect([...first, ...later].map(({ status }) => status)).toEqual([202, 202, 202, 202, 202]);
    expect((await evaluations()).length).toBe(before + 1);
  });

  it('of a foreign subscription start none, and are acknowledged', async () => {
    const before = (await evaluations()).length;

    const answer = await deliver([
      {
        id: 'e-2',
        topic: `/subscriptions/00000000-0000-4000-8000-000000000001/resourceGroups/rg/providers/Microsoft.ContainerService/managedClusters/aks`,
        subject: 'aks',
        eventType: 'Microsoft.ContainerService.NodePoolRollingStarted',
        eventTime: '2026-11-24T10:00:00Z',
        data: { nodePoolName: 'system' },
        dataVersion: '1',
        metadataVersion: '1',
      },
    ]);

    expect(answer.status).toBe(202);
    expect((await evaluations()).length).toBe(before);
  });
});

function onboard(body: string | object, headers: Record<string, string> = {}): Promise<Response> {
  return fetch(`${api}/api/v1/clusters`, {
    method: 'POST',
    headers: { 'x-functions-key': key, 'content-type': 'application/json', ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
}

async function get(url: string): Promise<Readonly<Record<string, unknown>>> {
  const response = await fetch(url, { headers: { 'x-functions-key': key } });
  return (await response.json()) as Readonly<Record<string, unknown>>;
}

async function runCount(): Promise<number> {
  const { items } = await get(`${api}/api/v1/runs?limit=200`);
  return (items as unknown[]).length;
}

/** Accepted writes in Azure's name, by anybody. */
async function writes(): Promise<number> {
  const { calls } = await get(`${azure}/_simulator/calls?summary=true`);
  const rows = calls as { method: string; provider: string; count: number }[];
  return rows
    .filter(
      ({ method, provider }) =>
        method !== 'GET' && !['Microsoft.ResourceGraph', 'Microsoft.Graph'].includes(provider),
    )
    .reduce((sum, { count }) => sum + count, 0);
}

function deliver(body: object): Promise<Response> {
  const url = `${api}/runtime/webhooks/eventgrid?functionName=clusterEvents&code=${encodeURIComponent(eventKey)}`;
  return fetch(url, {
    method: 'POST',
    headers: { 'aeg-event-type': 'Notification', 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
}

/** Instances of the evaluation, ended ones too, as the engine lists them. */
async function evaluations(): Promise<readonly unknown[]> {
  const keys = JSON.parse(readFileSync(join(folder.path, 'host', 'keys.json'), 'utf8')) as {
    systemKeys: Record<string, string>;
  };
  const code = encodeURIComponent(keys.systemKeys['durabletask_extension'] ?? '');
  const response = await fetch(
    `${api}/runtime/webhooks/durabletask/instances?instanceIdPrefix=evaluate-&top=1000&code=${code}`,
  );
  return (await response.json()) as readonly unknown[];
}
