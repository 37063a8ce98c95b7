import type { FunctionErrors } from '../../../host/http/function-errors';
import type { Invoke } from '../../../host/invocation/invoke';
import { type AppFunction, toAppFunction } from '../../../host/loading/function-metadata';
import { createLog } from '../../../host/log';
import type { TimerMonitor, TimerStatus } from '../../../host/triggers/timer-monitor';
import { RunningTimer, toTimers } from '../../../host/triggers/timers';
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
  clock: TestClock,
  trigger: Record<string, unknown>,
  { handle = () => Promise.resolve(), monitor = new MemoryMonitor(), zone }: Surroundings = {},
) => {
  const ticks: Tick[] = [];
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
    const log = createLog(() => undefined, { default: 'trace' });
    const running = new RunningTimer(timer, { clock, monitor, invoke, log, complete: (i) => i });
    running.start();
    return running;
  };
  return { ticks, monitor, start };
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

  it('is left out, with the reason, when its schedule names a setting that does not exist', () => {
    const errors: FunctionErrors = new Map();

    const timers = toTimers([aTimer({ schedule: '%NOWHERE%' })], settings, errors);

    expect(timers).toEqual([]);
    expect(errors.get('tick')).toBe("'%NOWHERE%' does not resolve to a value.");
  });
});
