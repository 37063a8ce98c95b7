import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import clean from '../../data/scenarios/clean.json';
import { at, objectsAt } from '../../../simulator/json';
import type { Json } from '../../../simulator/json';
import { drive } from '../support/running';
import { ask, identity, names } from './asking';

const identities =
  "resources | where type =~ 'microsoft.managedidentity/userassignedidentities' | project id, name, tags";

const behind = (lag: object) => ({ ...clean, behaviour: { resourceGraph: lag } });
describe('Resource Graph behind Resource Manager', () => {
  it('shows a new resource when the lag has passed, and a deleted one until then', async () => {
    await using azure = await drive({ scenario: behind({ lagSeconds: 90 }) });

    await identity(azure, 'PUT id-new');
    const atOnce = await names(azure);
    azure.simulator.clock.advance(89_999);
    const before = await names(azure);
    azure.simulator.clock.advance(1);
    const after = await names(azure);
    await identity(azure, 'DELETE id-new');
    const deleted = await names(azure);
    azure.simulator.clock.advance(90_000);
    const gone = await names(azure);

    expect([atOnce, before, after, deleted, gone].map((all) => all.includes('id-new'))).toEqual([
      false,
      false,
      true,
      true,
      false,
    ]);
  });

  it('shows every state that a resource had, in turn', async () => {
    await using azure = await drive({ scenario: behind({ lagSeconds: 90 }) });
    const seen: (Json | undefined)[] = [];

    for (const value of ['1', '2', '3']) {
      await identity(azure, 'PUT id-new', { value });
      azure.simulator.clock.advance(60_000);
      const rows = objectsAt(await ask(azure, `${identities} | where name == 'id-new'`), 'data');
      seen.push(at(rows[0], 'tags', 'value'));
    }
    azure.simulator.clock.advance(60_000);
    const [row] = objectsAt(await ask(azure, `${identities} | where name == 'id-new'`), 'data');
    seen.push(at(row, 'tags', 'value'));

    expect(seen).toEqual([undefined, '1', '2', '3']);
  });

  it('can be set while it runs, for a table and for a type', async () => {
    await using azure = await drive({ scenario: clean });
    await identity(azure, 'PUT id-new');
    azure.simulator.clock.advance(10_000);
    const set = (resourceGraph: object) => azure.control('PATCH', 'behaviour', { resourceGraph });
    const seen: boolean[] = [(await names(azure)).includes('id-new')];

    for (const lag of [
      { lagSeconds: 90 },
      { lagSeconds: 90, lagByTable: { resources: 5 } },
      { lagByType: { 'microsoft.managedidentity/userassignedidentities': 90 } },
      { lagByTable: { authorizationresources: 90 } },
    ]) {
      await set(lag);
      seen.push((await names(azure)).includes('id-new'));
    }

    expect(seen).toEqual([true, false, true, false, true]);
  });

  it('is as far behind after a crash', async () => {
    const dataDirectory = mkdtempSync(join(tmpdir(), 'azure-'));
    try {
      {
        await using first = await drive({ scenario: behind({ lagSeconds: 90 }), dataDirectory });
        await identity(first, 'PUT id-new');
        await identity(first, 'PUT id-new', { value: '2' });
      }
      await using azure = await drive({ dataDirectory });
      const early = await names(azure);
      azure.simulator.clock.advance(200_000);

      expect(early).not.toContain('id-new');
      expect(await names(azure)).toContain('id-new');
    } finally {
      rmSync(dataDirectory, { recursive: true });
    }
  });

  it('never decides what Resource Manager answers', async () => {
    await using azure = await drive({ scenario: behind({ lagSeconds: 90 }) });

    await identity(azure, 'PUT id-new');

    expect((await identity(azure, 'GET id-new')).status).toBe(200);
  });
});
