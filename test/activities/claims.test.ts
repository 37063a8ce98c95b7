import { claim } from '../../activities/claims';
import { openSqliteRecords } from '../../clients/records/sqlite-records';

const asOf = '2026-11-24T08:00:00.000Z';
const request = { id: 'register_flag', owner: 'run_1', asOf, minutes: 90 };
const other = { ...request, owner: 'run_2' };

function later(minutes: number): string {
  return new Date(Date.parse(asOf) + minutes * 60_000).toISOString();
}

describe('a claim', () => {
  it('belongs to the first who asks, and to nobody else until its time is over', async () => {
    const records = openSqliteRecords(':memory:');

    const answers = [
      await claim(records, request),
      await claim(records, other),
      await claim(records, { ...other, asOf: later(89) }),
      await claim(records, { ...other, asOf: later(90) }),
      await claim(records, { ...request, asOf: later(91) }),
    ];

    expect(answers).toEqual(['taken', 'held', 'held', 'taken', 'held']);
  });

  it('stays with its owner, who may ask again', async () => {
    const records = openSqliteRecords(':memory:');
    await claim(records, request);

    expect(await claim(records, { ...request, asOf: later(200) })).toBe('kept');
  });

  it('that is over passes to exactly one of many', async () => {
    const records = openSqliteRecords(':memory:');
    await claim(records, request);
    const heirs = Array.from({ length: 20 }, (_, i) => ({
      ...request,
      owner: `heir_${i}`,
      asOf: later(91),
    }));

    const answers = await Promise.all(heirs.map((heir) => claim(records, heir)));

    expect(answers.filter((answer) => answer === 'taken')).toHaveLength(1);
  });

  it('without an end passes to nobody', async () => {
    const records = openSqliteRecords(':memory:');
    await records.insert('claim', request.id, { owner: 'run_0' });

    expect(await claim(records, { ...request, asOf: later(1_000_000) })).toBe('held');
  });
});
