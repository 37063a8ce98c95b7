import fc from 'fast-check';

import { doubtsOf, heardAfter } from '../../../domain/migration/nmi-heard';
import type { NmiHeard, NmiLook } from '../../../domain/migration/nmi-heard';

const counts = (shop: number, processStart = 1) => ({ processStart, requests: { shop } });
const time = (hour: number) => new Date(Date.UTC(2026, 10, 24, hour)).toISOString();

/** A look at one NMI pod: what became of its log, and its metric. */
function look(hour: number, log: 'read' | 'unread', counted?: ReturnType<typeof counts>): NmiLook {
  return {
    at: time(hour),
    read: log === 'read' ? ['nmi'] : [],
    unread: log === 'unread' ? ['nmi'] : [],
    counts: counted ? { nmi: counted } : {},
  };
}

function heardIn(looks: readonly NmiLook[]): NmiHeard {
  return looks.reduce<NmiHeard | undefined>(heardAfter, undefined) ?? {};
}

/** Whether there is doubt at the last of several looks, which has to be free of it for two hours. */
function inDoubt(looks: readonly NmiLook[], namespace = 'shop'): boolean {
  const within = { now: looks.at(-1)?.at ?? '', hours: 2 };
  return doubtsOf(namespace, heardIn(looks), within).length > 0;
}

describe('a pod of NMI', () => {
  it.each<[string, readonly NmiLook[], boolean]>([
    ['whose log is read is in no doubt', [look(1, 'read')], false],
    ['whose log is not read is, at the first look', [look(1, 'unread', counts(5))], true],
    [
      'still is, while its metric has not stood still for long',
      [look(1, 'unread', counts(5)), look(2, 'unread', counts(5))],
      true,
    ],
    [
      'is not, once it has',
      [look(1, 'unread', counts(5)), look(2, 'unread', counts(5)), look(3, 'unread', counts(5))],
      false,
    ],
    [
      'is, once it has counted a request',
      [look(1, 'read', counts(5)), look(2, 'unread', counts(6)), look(3, 'unread', counts(6))],
      true,
    ],
    [
      'is in none when its log has told who that was',
      [look(1, 'read', counts(5)), look(2, 'unread', counts(6)), look(3, 'read', counts(6))],
      false,
    ],
    ['is while its metric does not answer', [look(1, 'read', counts(5)), look(2, 'unread')], true],
    [
      'is when it restarted without a log',
      [look(1, 'read', counts(5)), look(2, 'unread', counts(0, 2))],
      true,
    ],
    [
      'is when it restarted, for its log begins with the process',
      [look(1, 'read', counts(5)), look(2, 'read', counts(0, 2))],
      true,
    ],
    [
      'is not at the look after that',
      [look(1, 'read', counts(5)), look(2, 'read', counts(0, 2)), look(3, 'read', counts(0, 2))],
      false,
    ],
  ])('%s', (_, looks, doubt) => {
    expect(inDoubt(looks)).toBe(doubt);
  });

  it('is in doubt for the namespace alone that it has counted', () => {
    const looks = [look(1, 'read', counts(5)), look(2, 'unread', counts(6))];

    expect([inDoubt(looks, 'shop'), inDoubt(looks, 'pay')]).toEqual([true, false]);
  });

  it('is in doubt for every namespace when it did not know which one asked', () => {
    const now = { nmi: { requests: { '': 1 } } };
    const looks = [look(1, 'read', counts(0)), { ...look(2, 'unread'), counts: now }];

    expect(inDoubt(looks, 'pay')).toBe(true);
  });

  it('that is new has counted since it was born', () => {
    const empty = { at: time(1), read: [], unread: [], counts: {} };

    expect(inDoubt([empty, look(2, 'unread', counts(0))])).toBe(false);
    expect(inDoubt([empty, look(2, 'unread', counts(1))])).toBe(true);
  });

  it('that is gone is forgotten', () => {
    const heard = heardIn([look(1, 'unread', counts(5))]);

    expect(heardAfter(heard, { at: time(2), read: [], unread: [], counts: {} })).toEqual({});
  });

  it('is read on from where its log ended', () => {
    const looks = [look(1, 'read'), look(2, 'unread'), look(3, 'unread')];

    expect(heardIn(looks)['nmi']?.at).toBe(time(1));
  });

  it('is in doubt exactly for so long after the last request that no log explains', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.boolean(), fc.nat(2)), { minLength: 1 }), (steps) => {
        let count = 0;
        let doubtful = -Infinity;
        const looks = steps.map(([read, more], hour) => {
          count += more;
          if (read) doubtful = -Infinity;
          else if (more > 0 || hour === 0) doubtful = hour;
          return look(hour, read ? 'read' : 'unread', counts(count));
        });

        expect(inDoubt(looks)).toBe(doubtful > steps.length - 1 - 2);
      }),
    );
  });
});
