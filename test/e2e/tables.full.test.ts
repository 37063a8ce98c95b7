import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { openRecords } from '../../clients/records/open-records';
import { describeWithStorage } from '../conformance/durable-extension/harness/toolchain';
import type { Storage } from '../conformance/durable-extension/harness/azurite';
import { FaultyProxy } from '../support/faulty-proxy';
import type { Fault } from '../support/faulty-proxy';
import { startTableStorage } from '../support/table-storage';
import { startTwoProcesses } from './support/two-processes';
import type { RunView, TwoProcesses } from './support/two-processes';
import { endState } from './support/world';

jest.setTimeout(300_000);

type Item = Readonly<Record<string, unknown>>;

describeWithStorage('a fleet whose records are in Azure Table storage', (azurite) => {
  let storage: Storage;
  let proxy: FaultyProxy;
  beforeAll(async () => {
    storage = await startTableStorage(azurite);
    proxy = new FaultyProxy(storage.tables);
  });
  afterAll(async () => {
    await proxy.stop();
    await storage.stop();
  });

  it('ends as one whose records are in a file, though answers get lost', async () => {
    const address = `tables:${await proxy.start()}`;
    proxy.faults.push(...Array.from({ length: 5000 }, (_, i) => nowAndThen(i)));

    const tables = await onboarded(address);
    const asked = proxy.passed.length;
    const file = await onboarded();

    expect(tables.runs.length).toBe(4);
    expect(tables).toEqual(file);
    expect(asked).toBeGreaterThan(100); // requests, some of which got lost
    const kept = openRecords({ kind: 'tables', url: storage.tables }, noIdentity);
    const { items } = await kept.list('run', { limit: 100 });
    expect(items.filter(({ state }) => state === 'succeeded')).toHaveLength(tables.runs.length);
    expect((await kept.list('claim', { limit: 10 })).items).toEqual([]);
    expect((await kept.list('start', { limit: 10 })).items).toEqual([]);
  });
});

function nowAndThen(request: number): Fault {
  if (request % 17 === 5) return 'lost answer';
  return request % 29 === 11 ? 'reset' : 'none';
}

describe('the app on a Node without SQLite', () => {
  it.each([
    ['tables:https://example.table.core.windows.net', 'started'],
    ['sqlite:steward.db', "has no SQLite: use Node 24, or keep records in 'tables:'."],
  ])('with STEWARD_RECORDS=%s: %s', (records, expected) => {
    const folder = mkdtempSync(join(tmpdir(), 'steward-records-'));
    const app = JSON.stringify(join(__dirname, '../../.deploy/index.mjs'));
    const script = `import(${app}).then(() => console.log('started'), (error) => console.log(error.message))`;

    const { stdout } = spawnSync(process.execPath, ['--no-experimental-sqlite', '-e', script], {
      cwd: folder,
      encoding: 'utf8',
      env: {
        ...process.env,
        NODE_OPTIONS: '',
        STEWARD_RECORDS: records,
        STEWARD_SUBSCRIPTIONS: '11111111-1111-4111-8111-111111111111',
      },
    });

    expect(stdout).toContain(expected);
    rmSync(folder, { recursive: true });
  });
});

const noIdentity = { getToken: () => Promise.reject(new Error('the identity was asked')) };

/** What the world and the API show after a whole fleet was brought in order, without what is drawn anew each time. */
async function onboarded(records?: string) {
  const settings = records === undefined ? {} : { STEWARD_RECORDS: records };
  const steward = await startTwoProcesses('half-migrated.json', 1200, { settings });
  try {
    const answer = await steward.onboard(steward.clusters);
    if (answer.status !== 202) throw new Error(`${await answer.text()} ${steward.output()}`);
    const { runs } = (await answer.json()) as { runs: readonly { readonly location: string }[] };
    const ended = await Promise.all(runs.map(({ location }) => steward.end(location)));
    const world = (await steward.control('GET', 'world')) as Parameters<typeof endState>[0];
    return {
      status: answer.status,
      world: endState(world),
      runs: ended.map(({ state, applied, failure }: RunView) => ({ state, applied, failure })),
      clusters: (await all(steward, 'clusters')).map(lasting),
      plans: (await all(steward, 'plans')).map(({ steps }) => steps).sort(byText),
    };
  } finally {
    await steward.stop();
  }
}

async function all({ get }: TwoProcesses, name: string): Promise<readonly Item[]> {
  const found: Item[] = [];
  for (let cursor: string | null = ''; cursor !== null;) {
    const after = cursor === '' ? '' : `&cursor=${cursor}`;
    const page = await get(`/api/v1/${name}?limit=10${after}`);
    found.push(...(page['items'] as readonly Item[]));
    cursor = page['nextCursor'] as string | null;
  }
  return found;
}

/** What does not depend on whether a run or a sweep, which reads less, has looked last. */
function lasting({ armId, name, location, status, findings }: Item): Item {
  return { armId, name, location, status, findings };
}

function byText(a: unknown, b: unknown): number {
  return JSON.stringify(a) < JSON.stringify(b) ? -1 : 1;
}
