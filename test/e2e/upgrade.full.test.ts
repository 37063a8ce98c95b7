import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

import { inFlight, moments } from '../orchestrations/histories/in-flight';
import { freePortPair, startSteward, temporaryFolder } from './support/steward-process';
import { repeatedWritesIn } from './support/world';

jest.setTimeout(10 * 60_000);

const root = join(__dirname, '..', '..');

interface Row {
  readonly id: string;
  readonly name: string;
  readonly status: string;
}

/** Instances of the durable store: `work` is what somebody asked for, all else looks at the fleet. */
function work(folder: string): readonly Row[] {
  const store = new DatabaseSync(join(folder, 'host/durable.db'), { readOnly: true });
  const rows = store.prepare('SELECT id, name, status FROM instances ORDER BY id').all();
  store.close();
  const all = rows.map(({ id, name, status }) => ({
    ...{ id: String(id), name: String(name), status: String(status) },
  }));
  return all.filter(({ name }) => ['onboardFleet', 'onboardCluster'].includes(name));
}

const idsOf = (rows: readonly Row[]) => rows.map(({ id }) => id);

describe('work in flight when the app was replaced by this build', () => {
  it.each(inFlight(root).map((each) => [each.name, each] as const))(
    '%s is brought to its end, and nothing is done twice',
    async (_name, { options, copyTo }) => {
      const folder = temporaryFolder();
      copyTo(folder.path);
      const before = work(folder.path);
      const port = String(await freePortPair());

      const args = ['--once', ...options, '--port', port, '--data', folder.path];
      const { code, stdout } = await startSteward(args).ended;

      const after = work(folder.path);
      expect({ code, stdout }).toMatchObject({ code: 0 });
      expect(before.some(({ status }) => status === 'Running')).toBe(true);
      expect(idsOf(after)).toEqual(idsOf(before));
      expect(after.filter(({ status }) => status !== 'Completed')).toEqual([]);
      expect(repeatedWritesIn(folder.path)).toEqual([]);
      folder.remove();
    },
  );

  it('is there of every moment', () => {
    const names = inFlight(root).map(({ name }) => name.split('/')[1]);

    expect([...new Set(names)].sort()).toEqual(moments.map(({ name }) => name).sort());
  });
});
