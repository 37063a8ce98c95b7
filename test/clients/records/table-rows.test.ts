import { randomBytes } from 'node:crypto';

import { rowOf, valueOf } from '../../../clients/records/table-rows';
import type { StartRecord } from '../../../domain/records';
import { clusterId } from '../../support/clusters';
import { aRunRecord } from '../../support/services';

describe('a record as a row', () => {
  it('is text that people can read, under the kind and the key of its id', async () => {
    const row = await rowOf('claim', 'a/b', { owner: 'run_1' });

    expect(row).toEqual({
      partitionKey: 'claim',
      rowKey: 'a.2Fb',
      id: 'a/b',
      text: '{"owner":"run_1"}',
      write: expect.stringMatching(/^[-0-9a-f]{36}$/) as string,
    });
  });

  it('has a name of its own for each write, even of the same value', async () => {
    const first = await rowOf('claim', 'a', { owner: 'run_1' });
    const second = await rowOf('claim', 'a', { owner: 'run_1' });

    expect(first.write).not.toBe(second.write);
  });

  it.each([1, 29_800, 30_000, 30_001, 80_000, 1_000_000])(
    'keeps a text of %i characters within the limits of the service',
    async (length) => {
      const value = aRunRecord({ cause: randomBytes(length).toString('base64').slice(0, length) });

      const row = await rowOf('run', 'a', value);

      for (const property of Object.values(row)) {
        const bytes = typeof property === 'string' ? 2 * property.length : property.length;
        expect(bytes).toBeLessThan(64_000);
      }
      expect(await valueOf<'run'>(row)).toEqual(value);
    },
  );

  it('takes the largest request there is: a thousand clusters with the longest ids', async () => {
    const ids = Array.from({ length: 1000 }, () => randomBytes(192).toString('base64url'));
    const value: StartRecord = {
      ...{
        fleetId: 'fleet_1',
        mode: 'apply',
        requestId: '',
        runIds: ids.map((id) => id.slice(0, 30)),
      },
      clusters: ids.map((id) => ({
        id: (clusterId + id) as typeof clusterId,
        armId: clusterId + id,
      })),
    };

    expect(await valueOf<'start'>(await rowOf('start', 'a', value))).toEqual(value);
  });

  it('refuses what fits into no row', async () => {
    const value = aRunRecord({ cause: randomBytes(1_300_000).toString('base64') });

    await expect(rowOf('run', 'a', value)).rejects.toMatchObject({
      failure: {
        code: 'Unsupported',
        message:
          'The record a of kind run does not fit into a row of Azure Table storage, compressed as it is.',
        next: 'Ask for fewer clusters at once.',
      },
    });
  });
});
