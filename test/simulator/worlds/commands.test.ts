import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { worldCommands } from '../../../simulator/worlds/commands';
import clean from '../../data/scenarios/clean.json';
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
    const other = await run('diff', file, url);
    const json = await run('diff', file, url, '--json');

    expect(same).toEqual({ code: 0, said: '0 added, 0 removed, 0 changed\n' });
    expect(other.code).toBe(1);
    expect(other.said).toContain(`~ ${id.toLowerCase()}\n`);
    expect(other.said).toMatch(/ {4}tags\.team: (nothing|".*") → "x"/);
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
