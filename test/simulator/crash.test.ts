import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { at, objectsAt, textAt } from '../../simulator/json';
import type { Json } from '../../simulator/json';
import { bundleCommand, startChild } from './support/child';
import type { Child } from './support/child';

const subscription = '00000000-0000-4000-8000-000000000001';
const group = `/subscriptions/${subscription}/resourceGroups/rg`;
const cluster = `${group}/providers/Microsoft.ContainerService/managedClusters/aks`;
const identities = `${group}/providers/Microsoft.ManagedIdentity/userAssignedIdentities`;
const aks = 'api-version=2026-06-01';

const behaviour = { pageSize: 1000 };

describe('a simulated Azure that is killed', () => {
  const folder = mkdtempSync(join(tmpdir(), 'azure-'));
  const scenario = join(folder, 'scenario.json');
  const command = join(folder, 'azure.mjs');
  let children: Child[] = [];
  const start = async (data: string, ...more: readonly string[]): Promise<Child> => {
    const place = ['--data', join(folder, data), '--scenario', scenario, '--port', '0'];
    const child = await startChild(command, [...place, '--control', ...more]);
    children.push(child);
    return child;
  };
  beforeAll(() => {
    bundleCommand(folder);
    writeFileSync(
      scenario,
      JSON.stringify({ now: '2026-11-24T08:00:00Z', behaviour, resources: world() }),
    );
  });
  afterEach(async () => {
    await Promise.all(children.map((child) => child.kill()));
    children = [];
  });
  afterAll(() => {
    rmSync(folder, { recursive: true });
  });

  it('has everything that it answered, whenever the kill comes', async () => {
    const accepted: string[] = [];
    for (let round = 0; round < 5; round += 1) {
      const child = await start('writes');
      const killAt = accepted.length + 3 + round * 7;
      let killed: Promise<void> | undefined;
      const work = async (worker: number): Promise<void> => {
        for (let index = 0; killed === undefined; index += 1) {
          const name = `id-${round}-${worker}-${index}`;
          const { status } = await put(child, `${identities}/${name}`, { location: 'westeurope' });
          if (status === 201) accepted.push(name);
          if (accepted.length >= killAt) killed ??= child.kill();
        }
      };
      await Promise.allSettled(Array.from({ length: 6 }, (_, worker) => work(worker)));
      await killed;
      children = [];
    }
    const child = await start('writes');

    const found = await get(child, `${identities}?api-version=2024-11-30&$top=1000`);
    const calls = await get(child, '/_simulator/calls?summary=true');

    const names = new Set(objectsAt(found, 'value').map((one) => textAt(one, 'name')));
    expect(accepted.length).toBeGreaterThanOrEqual(85);
    expect(accepted.filter((name) => !names.has(name))).toEqual([]);
    expect(at(calls, 'repeatedWrites')).toEqual([]);
  });

  it('ends its operations after the restart, although nobody polls', async () => {
    const first = await start('operations', '--speed', '1');
    const path = `${cluster}/agentPools/apps/upgradeNodeImageVersion?${aks}`;
    const started = await send(first, ['POST', path]);
    await first.kill();
    children = [];
    const second = await start('operations');

    const before = await get(second, `${cluster}?${aks}`);
    await send(second, ['POST', '/_simulator/clock'], { advanceSeconds: 3600 });
    const after = await get(second, `${cluster}?${aks}`);
    const operation = started.headers.get('azure-asyncoperation')?.split('.com')[1] ?? '';
    const status = await get(second, operation);

    expect(stateOf(before)).toBe('UpgradingNodeImageVersion');
    expect(stateOf(after)).toBe('Succeeded');
    expect(at(status, 'status')).toBe('Succeeded');
  });

  it('never sees time run backwards, nor pass while nothing runs', async () => {
    const first = await start('time', '--speed', '1000');
    const times: number[] = [];
    for (let look = 0; look < 5; look += 1) times.push(await timeOf(first));
    await first.kill();
    children = [];
    const second = await start('time', '--speed', '1');
    times.push(await timeOf(second));

    const steps = times.slice(1).map((time, index) => time - (times[index] ?? 0));

    expect(Math.min(...steps)).toBeGreaterThanOrEqual(0);
    expect(steps.at(-1)).toBeLessThanOrEqual(3 * 60_000);
  });

  it('leaves its data folder to one process at a time', async () => {
    await start('owned');

    await expect(start('owned')).rejects.toThrow(/is in use by another simulated Azure/);
  });
});

function world(): Json {
  const pool = { name: 'apps', mode: 'System', count: 2, provisioningState: 'Succeeded' };
  return [
    { id: `/subscriptions/${subscription}`, subscriptionId: subscription, state: 'Enabled' },
    { id: group, name: 'rg', location: 'westeurope' },
    {
      id: cluster,
      name: 'aks',
      location: 'westeurope',
      properties: { provisioningState: 'Succeeded', agentPoolProfiles: [pool] },
    },
  ];
}

function stateOf(body: Json): string | undefined {
  const [pool] = objectsAt(body, 'properties', 'agentPoolProfiles');
  return textAt(pool, 'provisioningState');
}

async function timeOf(child: Child): Promise<number> {
  return Date.parse(textAt(await get(child, '/_simulator/clock'), 'now') ?? '');
}

function send(child: Child, [method, path]: [string, string], body?: unknown): Promise<Response> {
  return fetch(`${child.url}${path}`, {
    method,
    headers: { authorization: 'Bearer test', 'content-type': 'application/json' },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
}

function put(child: Child, path: string, body: unknown): Promise<Response> {
  return send(child, ['PUT', `${path}?api-version=2024-11-30`], body);
}

async function get(child: Child, path: string): Promise<Json> {
  return (await (await send(child, ['GET', path])).json()) as Json;
}
