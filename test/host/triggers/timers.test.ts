import type { FunctionErrors } from '../../../host/http/function-errors';
import type { Invoke } from '../../../host/invocation/invoke';
import { type AppFunction, toAppFunction } from '../../../host/loading/function-metadata';
import { createLog } from '../../../host/log';
import type { TimerMonitor, TimerStatus } from '../../../host/triggers/timer-monitor';
import { RunningTimer, toTimers } from '../../../host/triggers/timers';
import { type Clock, systemClock } from '../../../host/clock';
import { TestClock } from '../support/test-clock';

const aTimer = (trigger: Record<string, unknown>): AppFunction =>
  toAppFunction(
    {
      name: 'tick',
      bindings: { t: { type: 'timerTrigger', schedule: '0 * * * * *', ...trigger } },
    },
    { handler: () => undefined, file: 'a.js', disabled: false },
  );

class MemoryMonitor implements TimerMonitor {
  readonly statuses = new Map<string, TimerStatus>();
  get(name: string): TimerStatus | undefined {
    return this.statuses.get(name);
  }
  set(name: string, status: TimerStatus): void {
    this.statuses.set(name, status);
  }
}

const values: Record<string, string> = { EVERY: '00:00:30' };
const settings = { get: (name: string) => values[name] };

interface Tick {
  readonly at: string;
  readonly payload: unknown;
}

interface Surroundings {
  readonly handle?: () => Promise<void>;
  readonly monitor?: MemoryMonitor;
  readonly zone?: string;
}

const aRun = (
  clock: Clock,
  trigger: Record<string, unknown>,
  { handle = () => Promise.resolve(), monitor = new MemoryMonitor(), zone }: Surroundings = {},
) => {
  const ticks: Tick[] = [];
  const said: string[] = [];
  const get = (name: string): string | undefined =>
    name === 'WEBSITE_TIME_ZONE' ? zone : settings.get(name);
  const [timer] = toTimers([aTimer(trigger)], { get }, new Map());
  if (!timer) throw new Error('The schedule is wrong.');
  const invoke: Invoke = async ({ inputData }) => {
    const payload: unknown = JSON.parse(inputData?.[0]?.data.json ?? '');
    ticks.push({ at: new Date(clock.now()).toISOString(), payload });
    await handle();
    return { result: undefined, answer: () => Promise.resolve({}) };
  };
  const start = (): RunningTimer => {
    const log = createLog(({ message }) => said.push(message), { default: 'trace' });
    const running = new RunningTimer(timer, { clock, monitor, invoke, log, complete: (i) => i });
    running.start();
    return running;
  };
  return { ticks, said, monitor, start };
};

describe('a timer', () => {
  it('fires at its occurrences and tells about the one before', async () => {
    const clock = new TestClock('2026-11-24T15:39:41Z');
    const run = aRun(clock, {});
    const running = run.start();

    await clock.moveTo('2026-11-24T15:41:30Z');
    await running.stop();

    expect(run.ticks).toEqual([
      {
        at: '2026-11-24T15:40:00.000Z',
        payload: {
          Schedule: { AdjustForDST: true },
          ScheduleStatus: {
            Last: '0001-01-01T00:00:00+00:00',
            Next: '2026-11-24T15:40:00+00:00',
            LastUpdated: '0001-01-01T00:00:00+00:00',
          },
          IsPastDue: false,
        },
      },
      {
        at: '2026-11-24T15:41:00.000Z',
        payload: {
          Schedule: { AdjustForDST: true },
          ScheduleStatus: {
            Last: '2026-11-24T15:40:00+00:00',
            Next: '2026-11-24T15:41:00+00:00',
            LastUpdated: '2026-11-24T15:40:00+00:00',
          },
          IsPastDue: false,
        },
      },
    ]);
  });

  it('says that it never fires when its schedule names no day that comes', async () => {
    const run = aRun(new TestClock('2026-11-24T15:39:41Z'), { schedule: '0 0 0 31 2 *' });

    await run.start().stop();

    expect(run.said).toEqual([expect.stringContaining('does not fire')]);
    expect(run.ticks).toEqual([]);
  });

  it('catches up once on what was missed without a host', async () => {
    const clock = new TestClock('2026-11-24T15:39:41Z');
    const run = aRun(clock, {});
    await run.start().stop();
    await clock.moveTo('2026-11-24T15:43:20Z');

    const running = run.start();
    await clock.moveTo('2026-11-24T15:44:10Z');
    await running.stop();

    expect(
      run.ticks.map(({ at, payload }) => [at, (payload as { IsPastDue: boolean }).IsPastDue]),
    ).toEqual([
      ['2026-11-24T15:43:20.000Z', true],
      ['2026-11-24T15:44:00.000Z', false],
    ]);
  });

  it('does not catch up when it is not monitored', async () => {
    const clock = new TestClock('2026-11-24T15:39:41Z');
    const run = aRun(clock, { useMonitor: false });
    await run.start().stop();
    await clock.moveTo('2026-11-24T15:43:20Z');

    await run.start().stop();

    expect(run.ticks).toEqual([]);
    expect(run.monitor.statuses.size).toBe(0);
  });

  it('fires at the start when the function wants that, and is not past due', async () => {
    const clock = new TestClock('2026-11-24T15:39:41Z');
    const run = aRun(clock, { runOnStartup: true, useMonitor: false });

    await run.start().stop();

    expect(run.ticks).toEqual([
      {
        at: '2026-11-24T15:39:41.000Z',
        payload: { Schedule: { AdjustForDST: true }, ScheduleStatus: null, IsPastDue: false },
      },
    ]);
  });

  it('never runs twice at once: what comes due meanwhile runs once, right after', async () => {
    const clock = new TestClock('2026-11-24T15:39:59Z');
    let release: () => void = () => undefined;
    const run = aRun(clock, {}, { handle: () => new Promise((resolve) => (release = resolve)) });
    const running = run.start();
    await clock.moveTo('2026-11-24T15:42:30Z');

    release();
    await clock.moveTo('2026-11-24T15:42:40Z');
    release();
    await clock.moveTo('2026-11-24T15:43:00Z');
    release();
    await running.stop();

    expect(
      run.ticks.map(({ at, payload }) => [at, (payload as { IsPastDue: boolean }).IsPastDue]),
    ).toEqual([
      ['2026-11-24T15:40:00.000Z', false],
      ['2026-11-24T15:42:30.000Z', false],
      ['2026-11-24T15:43:00.000Z', false],
    ]);
  });

  it('begins anew when its schedule has changed, without catching up', async () => {
    const clock = new TestClock('2026-11-24T15:39:41Z');
    const monitor = new MemoryMonitor();
    await aRun(clock, {}, { monitor }).start().stop();
    await clock.moveTo('2026-11-24T15:43:20Z');

    const run = aRun(clock, { schedule: '0 41 * * * *' }, { monitor });
    await run.start().stop();

    expect(run.ticks).toEqual([]);
    expect(monitor.get('tick')).toEqual({
      last: undefined,
      next: Date.parse('2026-11-24T16:41:00Z'),
      updated: Date.parse('2026-11-24T15:43:20Z'),
    });
  });

  it('writes its times in its zone, without zeros at the end of a fraction', async () => {
    const clock = new TestClock('2026-07-01T10:00:00.120Z');
    const trigger = { schedule: '01:00:00', runOnStartup: true };
    const run = aRun(clock, trigger);
    const inZone = aRun(clock, trigger, { zone: 'America/St_Johns' });

    await Promise.all([run.start().stop(), inZone.start().stop()]);

    const nexts = [run, inZone].map(({ ticks }) => ticks[0]?.payload);
    expect(nexts).toMatchObject([
      { ScheduleStatus: { Next: '2026-07-01T11:00:00.12+00:00' } },
      { ScheduleStatus: { Next: '2026-07-01T08:30:00.12-02:30' } },
    ]);
  });

  it('goes on after a run that failed', async () => {
    const clock = new TestClock('2026-11-24T15:39:59Z');
    const run = aRun(clock, {}, { handle: () => Promise.reject(new Error('no')) });
    const running = run.start();

    await clock.moveTo('2026-11-24T15:41:00Z');
    await running.stop();

    expect(run.ticks).toHaveLength(2);
  });

  it('takes its interval from a setting, and is not adjusted for daylight saving time', async () => {
    const clock = new TestClock('2026-11-24T15:00:00Z');
    const run = aRun(clock, { schedule: '%EVERY%' });
    const running = run.start();

    await clock.moveTo('2026-11-24T15:01:00Z');
    await running.stop();

    expect(run.ticks.map(({ at }) => at)).toEqual([
      '2026-11-24T15:00:30.000Z',
      '2026-11-24T15:01:00.000Z',
    ]);
    expect(run.ticks[0]?.payload).toMatchObject({ Schedule: { AdjustForDST: false } });
  });

  it('that was missed is caught up on instead of fired because of the start', async () => {
    const clock = new TestClock('2026-11-24T15:39:41Z');
    const run = aRun(clock, { runOnStartup: true });
    await run.start().stop();
    await clock.moveTo('2026-11-24T15:43:20Z');

    await run.start().stop();

    expect(run.ticks.map(({ payload }) => (payload as { IsPastDue: boolean }).IsPastDue)).toEqual([
      false,
      true,
    ]);
  });

  it('is not past due when it was not missed', async () => {
    const clock = new TestClock('2026-11-24T15:39:41Z');
    const run = aRun(clock, {});
    await run.start().stop();
    await clock.moveTo('2026-11-24T15:39:59Z');

    const running = run.start();
    await clock.moveTo('2026-11-24T15:40:00Z');
    await running.stop();

    expect(run.ticks.map(({ at }) => at)).toEqual(['2026-11-24T15:40:00.000Z']);
    expect(run.ticks[0]?.payload).toMatchObject({ IsPastDue: false });
  });

  it('fires at the same time of the day all year in UTC', async () => {
    const clock = new TestClock('2026-03-28T12:00:00Z');
    const run = aRun(clock, { schedule: '0 30 2 * * *' });
    const running = run.start();

    await clock.moveTo('2026-03-31T00:00:00Z');
    await running.stop();

    expect(run.ticks.map(({ at }) => at)).toEqual([
      '2026-03-29T02:30:00.000Z',
      '2026-03-30T02:30:00.000Z',
    ]);
  });

  it.each(['WEBSITE_TIME_ZONE', 'TZ'])('is in the zone that %s names', (setting) => {
    const zone = { get: (name: string) => (name === setting ? 'America/New_York' : undefined) };

    const [timer] = toTimers([aTimer({ schedule: '0 0 9 * * *' })], zone, new Map());

    const next = timer?.schedule.next(Date.parse('2026-11-24T00:00:00Z')) ?? 0;
    expect(new Date(next).toISOString()).toBe('2026-11-24T14:00:00.000Z');
  });

  it('waits for longer than a timer of the machine can count', async () => {
    jest.useFakeTimers({ now: Date.parse('2026-01-01T00:00:01Z'), doNotFake: ['setImmediate'] });
    const run = aRun(systemClock, { schedule: '0 0 0 1 3 *' });
    const running = run.start();

    await jest.advanceTimersByTimeAsync(Date.parse('2026-02-28T23:59:59Z') - Date.now());
    const early = run.ticks.length;
    await jest.advanceTimersByTimeAsync(1000);
    await running.stop();
    jest.useRealTimers();

    expect([early, run.ticks.map(({ at }) => at)]).toEqual([0, ['2026-03-01T00:00:00.000Z']]);
  });

  it('waits at its end for a run that is under way, and fires no more', async () => {
    const clock = new TestClock('2026-11-24T15:39:59Z');
    let release: () => void = () => undefined;
    const handle = (): Promise<void> => new Promise((resolve) => (release = resolve));
    const run = aRun(clock, {}, { handle });
    const running = run.start();
    await clock.moveTo('2026-11-24T15:40:00Z');
    let hasStopped = false;

    const stopped = running.stop().then(() => (hasStopped = true));
    await clock.moveTo('2026-11-24T15:45:00Z');
    const stoppedEarly = hasStopped;
    release();
    await stopped;
    await clock.moveTo('2026-11-24T15:50:00Z');

    expect([stoppedEarly, run.ticks.length]).toEqual([false, 1]);
  });

  it.each([
    ['0 * * * * *', true],
    ['*/30 * * * * *', false],
    ['00:00:30', false],
    ['00:01:00', true],
  ])('of %s is remembered across restarts: %s', (schedule, expected) => {
    const [timer] = toTimers([aTimer({ schedule })], settings, new Map());

    expect(timer?.monitored).toBe(expected);
  });

  it('is left out, with the reason, when its schedule names a setting that does not exist', () => {
    const errors: FunctionErrors = new Map();

    const timers = toTimers([aTimer({ schedule: '%NOWHERE%' })], settings, errors);

    expect(timers).toEqual([]);
    expect(errors.get('tick')).toBe("'%NOWHERE%' does not resolve to a value.");
  });
});
