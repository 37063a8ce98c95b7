import fc from 'fast-check';

import { SimulatedClock } from '../../simulator/clock';
import type { ClockLease } from '../../simulator/clock';

const start = Date.parse('2026-11-24T08:00:00Z');
const minute = 60_000;

function stepped(options: Partial<ConstructorParameters<typeof SimulatedClock>[0]> = {}) {
  return new SimulatedClock({ start, speed: 1, mode: 'stepped', ...options });
}

function leaseOf(): ClockLease & { writes: number } {
  const lease = {
    until: undefined as number | undefined,
    writes: 0,
    extend: (until: number) => {
      lease.until = until;
      lease.writes += 1;
    },
  };
  return lease;
}

describe('the simulated clock', () => {
  it('stands still in stepped mode until it is advanced', () => {
    const clock = stepped();
    const before = clock.now();

    clock.advance(5 * minute);

    expect(clock.now() - before).toBe(5 * minute);
  });

  it('runs timers on the way at their own times, also those that timers add', () => {
    const clock = stepped();
    const at = clock.now();
    const ran: number[] = [];
    const note = (): void => {
      ran.push((clock.now() - at) / minute);
    };

    clock.at(at + 2 * minute, () => {
      note();
      clock.at(at + 3 * minute, note);
    });
    clock.at(at + 4 * minute, note);
    clock.at(at + 9 * minute, note);
    clock.advance(5 * minute);

    expect(ran).toEqual([2, 3, 4]);
  });

  it('runs timers in order of time, those of the same time in order of addition', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 20 })), (delays) => {
        const clock = stepped();
        const ran: [number, number][] = [];
        for (const [order, delay] of delays.entries()) {
          clock.at(clock.now() + delay, () => ran.push([delay, order]));
        }

        clock.advance(20);

        const wanted = delays.map((delay, order): [number, number] => [delay, order]);
        wanted.sort(([one, first], [other, second]) => one - other || first - second);
        expect(ran).toEqual(wanted);
      }),
    );
  });

  it('does not run a canceled timer', () => {
    const clock = stepped();
    const ran: string[] = [];
    const cancel = clock.at(clock.now() + minute, () => ran.push('canceled'));
    clock.at(clock.now() + minute, () => ran.push('kept'));

    cancel();
    clock.advance(minute);

    expect(ran).toEqual(['kept']);
  });

  it('runs timers by itself at ten thousand times the speed of the machine', async () => {
    const clock = new SimulatedClock({ start, speed: 10_000 });
    const wanted = clock.now() + 100 * minute;

    const ranAt = await new Promise<number>((resolve) => {
      clock.at(wanted, () => {
        resolve(clock.now());
      });
    });
    clock.close();

    expect(ranAt).toBeGreaterThanOrEqual(wanted);
  });

  it('keeps the other timers when one of them fails', () => {
    const clock = stepped();
    const ran: string[] = [];
    clock.at(clock.now() + 1, () => {
      throw new Error('broken');
    });
    clock.at(clock.now() + 2, () => ran.push('second'));

    expect(() => {
      clock.advance(5);
    }).toThrow('broken');
    clock.advance(5);

    expect(ran).toEqual(['second']);
  });

  it('never gives out a time after its lease', () => {
    const lease = leaseOf();
    const clock = stepped({ lease });

    for (let step = 0; step < 100; step += 1) {
      clock.advance(minute);

      expect(clock.now()).toBeLessThanOrEqual(lease.until ?? 0);
    }
    expect(lease.writes).toBeLessThan(60);
  });

  it('continues at the end of the lease after a crash, and where it stood after a close', () => {
    const lease = leaseOf();
    const first = stepped({ lease });
    first.advance(minute);
    const crashed = stepped({ lease });
    const afterCrash = crashed.now();
    crashed.advance(minute);
    crashed.close();

    const reopened = stepped({ lease });

    expect(afterCrash).toBeGreaterThanOrEqual(first.now());
    expect(afterCrash - first.now()).toBeLessThanOrEqual(2 * minute);
    expect(reopened.now()).toBe(afterCrash + minute);
  });
});
