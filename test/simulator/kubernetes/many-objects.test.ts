import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { at, objectsAt, textAt } from '../../../simulator/json';
import type { Json } from '../../../simulator/json';
import { drive } from '../support/running';
import { bundleCommand, startChild } from '../support/child';
import { aPod, clusterId, enter, inside } from './a-migration-cluster';

const pods = '/api/v1/namespaces/default/pods';
const many = (count: number) =>
  Array.from({ length: count }, (_, index) => aPod(`pod-${String(index).padStart(5, '0')}`));
const namesIn = (list: Json) =>
  objectsAt(list, 'items').map((one) => textAt(one, 'metadata', 'name'));

describe('a list of 2,000 pods', () => {
  const inPages = async (cluster: { get(path: string): Promise<Json> }, limit: number) => {
    const found: Json[] = [];
    for (let next = ''; ;) {
      const page = await cluster.get(
        `${pods}?limit=${limit}${next === '' ? '' : `&continue=${next}`}`,
      );
      found.push(page);
      next = textAt(page, 'metadata', 'continue') ?? '';
      if (next === '') return found;
    }
  };

  it('comes in pages, each pod once, in order', async () => {
    await using cluster = await enter({ objects: many(2000) });
    const pages = await inPages(cluster, 300);
    const names = pages.flatMap(namesIn);

    expect(pages).toHaveLength(7);
    expect(new Set(names).size).toBe(2000);
    expect(names).toEqual([...names].sort());
    expect(at(pages[0] ?? null, 'metadata', 'remainingItemCount')).toBe(1700);
    expect(new Set(pages.map((page) => at(page, 'metadata', 'resourceVersion'))).size).toBe(1);
  });

  it('goes on while pods come and go', async () => {
    await using cluster = await enter({ objects: many(50) });
    const first = await cluster.get(`${pods}?limit=20`);
    await cluster.send(`DELETE ${pods}/pod-00019`);
    await cluster.send(`DELETE ${pods}/pod-00030`);
    const rest = await cluster.get(
      `${pods}?limit=100&continue=${textAt(first, 'metadata', 'continue') ?? ''}`,
    );

    expect(namesIn(rest)).toHaveLength(29);
    expect(namesIn(rest)[0]).toBe('pod-00020');
  });

  it('has to be begun anew when it took too long', async () => {
    await using cluster = await enter({ objects: many(50) });
    const first = await cluster.get(`${pods}?limit=20`);
    cluster.azure.advanceMinutes(6);
    const { status, body } = await cluster.send(
      `GET ${pods}?limit=20&continue=${textAt(first, 'metadata', 'continue') ?? ''}`,
    );

    expect([status, at(body, 'reason')]).toEqual([410, 'Expired']);
  });
});

describe('the objects of a cluster', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'steward-objects-'));
  });
  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  async function listAfterSomeWrites(dataDirectory: string): Promise<Json> {
    const podLogs = { 'default/pod-00000': 'said' };
    await using cluster = await enter({ dataDirectory, objects: many(3), podLogs });
    await cluster.send(`POST ${pods}`, aPod('made'));
    await cluster.send(`DELETE ${pods}/pod-00001`);
    return await cluster.get(pods);
  }

  it('outlast a restart with their versions; what was deleted stays so', async () => {
    const dataDirectory = join(folder, 'data');
    const before = await listAfterSomeWrites(dataDirectory);
    await using azure = await drive({ dataDirectory });
    const cluster = await inside(azure, clusterId);
    const list = await cluster.get(pods);
    const log = await cluster.send(`GET ${pods}/pod-00000/log`);

    expect(list).toEqual(before);
    expect(log.body).toBe('said\n');
  });

  it('outlast a kill as far as they were answered', async () => {
    const command = bundleCommand(folder);
    const scenario = join(folder, 'scenario.json');
    const properties = { provisioningState: 'Succeeded', powerState: { code: 'Running' } };
    const type = 'Microsoft.ContainerService/managedClusters';
    writeFileSync(
      scenario,
      JSON.stringify({
        resources: [{ id: clusterId, type, properties }],
        kubernetes: { [clusterId]: { objects: many(100) } },
      }),
    );
    const places = ['--scenario', scenario, '--data', join(folder, 'data')];
    const args = [...places, '--port', '0', '--control'];
    const child = await startChild(command, args);
    const control = async (call: string, body?: unknown) => {
      const [method = '', url = ''] = call.split(' ');
      const sent = body === undefined ? {} : { body: JSON.stringify(body) };
      return (await (await fetch(url, { method, ...sent })).json()) as Json;
    };
    const content = { objects: many(200) };
    await control(`PUT ${child.url}/_simulator/kubernetes`, { [clusterId]: content });
    const before = await control(`GET ${child.url}/_simulator/kubernetes`);
    await child.kill();
    const again = await startChild(command, args);
    const after = await control(`GET ${again.url}/_simulator/kubernetes`);
    await again.kill();

    // Life goes on after the restart: what it adds and changes is not what was answered.
    const uids = (content: Json) =>
      objectsAt(content, clusterId, 'objects')
        .filter(({ kind }) => kind !== 'Event')
        .map((one) => textAt(one, 'metadata', 'uid'));
    expect(uids(before).length).toBeGreaterThan(200);
    expect(uids(after)).toEqual(expect.arrayContaining(uids(before)));
  });
});
