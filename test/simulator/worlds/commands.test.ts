import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { worldCommands } from '../../../simulator/worlds/commands';
import clean from '../../data/scenarios/clean.json';
import { bundleCommand, startChild } from '../support/child';
import { drive } from '../support/running';
import { clustersOf } from '../support/world';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'azure-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

async function run(name: string, ...args: string[]) {
  let said = '';
  const code = await worldCommands[name]?.(args, (text) => {
    said += text;
  });
  return { code, said };
}

describe('azure snapshot and diff', () => {
  it('keep a world in a file and tell what became of it', async () => {
    await using azure = await drive({ scenario: clean });
    const { url } = azure.simulator;
    const file = join(folder, 'before.json');
    const [cluster] = await clustersOf(azure);
    const id = cluster?.id ?? '';

    await run('snapshot', url, '--out', file);
    const same = await run('diff', file, url);
    await azure.arm('PATCH', `${id}?api-version=2026-06-01`, { body: { tags: { team: 'x' } } });
    const other = await run('diff', file, url, '--exit-code');
    const json = await run('diff', file, url, '--json');

    expect(same).toEqual({ code: 0, said: '0 added, 0 removed, 0 changed\n' });
    expect(other.code).toBe(1);
    expect(other.said).toContain(`~ ${id.toLowerCase()}\n`);
    expect(other.said).toMatch(/ {4}tags\.team: (nothing|".*") → "x"/);
    expect(json.code).toBe(0);
    expect(JSON.parse(json.said)).toMatchObject({ added: [], removed: [] });
    expect(JSON.parse(readFileSync(file, 'utf8'))).toHaveProperty([id.toLowerCase()]);
  });

  it('say what is wrong with a place', async () => {
    await using azure = await drive({ control: false });
    const file = join(folder, 'broken.json');
    writeFileSync(file, '{');

    await expect(run('diff')).rejects.toThrow('diff needs a world to begin with. Name a file.');
    await expect(run('snapshot', join(folder, 'none'))).rejects.toThrow(
      'cannot be read. Check its name.',
    );
    await expect(run('snapshot', file)).rejects.toThrow('Give a world as JSON.');
    await expect(run('snapshot', azure.simulator.url)).rejects.toThrow('with --control.');
    await expect(run('snapshot', 'http://127.0.0.1:1')).rejects.toThrow('Nothing answers at');
  });
});

describe('azure --import', () => {
  it('starts with what the files hold, and tells what they lack', async () => {
    const id =
      '/subscriptions/s/resourceGroups/g/providers/Microsoft.ContainerService/managedClusters/aks';
    const cluster = { id, location: 'westeurope', properties: { provisioningState: 'Succeeded' } };
    const subscription = { id: '/subscriptions/s', name: 'The Name', properties: {} };
    const files = [[cluster], { data: [subscription] }].map((content, index) => {
      const file = join(folder, `${index}.json`);
      writeFileSync(file, JSON.stringify(content));
      return ['--import', file];
    });
    const child = await startChild(bundleCommand(folder), [...files.flat(), '--port', '0']);
    try {
      const get = async (path: string) => {
        const headers = { authorization: 'Bearer test' };
        return (await fetch(`${child.url}${path}`, { headers })).json();
      };

      expect(await get(`${id}?api-version=2026-06-01`)).toMatchObject({ name: 'aks' });
      expect(await get('/subscriptions/s?api-version=2022-12-01')).toMatchObject({
        displayName: 'The Name',
      });
    } finally {
      await child.kill();
    }
  });

  it('ends with the row and the member that are wrong', async () => {
    const file = join(folder, 'fleet.json');
    writeFileSync(file, JSON.stringify([{ name: 'no id' }]));

    await expect(startChild(bundleCommand(folder), ['--import', file])).rejects.toThrow(
      'fleet.json, row 1: id is missing. Project it.',
    );
  });
});
