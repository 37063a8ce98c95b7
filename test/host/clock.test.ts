import { scaledClock, systemClock } from '../../host/clock';

beforeEach(() => {
  jest.useFakeTimers({ now: 0 });
});

afterEach(() => {
  jest.useRealTimers();
});

describe('a scaled clock', () => {
  test('starts at its origin and runs at its speed', () => {
    const clock = scaledClock({ origin: 1_000_000, speed: 60 });

    jest.advanceTimersByTime(2000);

    expect(clock.now()).toBe(1_120_000);
  });

  test('rings once the scaled time has come', () => {
    const clock = scaledClock({ origin: 0, speed: 60 });
    const rung: number[] = [];
    clock.at(60_000, () => rung.push(clock.now()));

    jest.advanceTimersByTime(999);
    const early = [...rung];
    jest.advanceTimersByTime(1);

    expect([early, rung]).toEqual([[], [60_000]]);
  });

  test('does not run backwards when the machine does', () => {
    const clock = scaledClock({ origin: 500, speed: 1 });

    jest.setSystemTime(-1_000_000);

    expect(clock.now()).toBe(500);
  });
});

describe('any clock', () => {
  test('waits longer than a timer of the machine can count', () => {
    const dayMs = 24 * 3_600_000;
    const run = jest.fn();
    systemClock.at(60 * dayMs, run);

    jest.advanceTimersByTime(60 * dayMs - 1);
    const early = run.mock.calls.length;
    jest.advanceTimersByTime(1);

    expect([early, run.mock.calls.length]).toEqual([0, 1]);
  });

  test('rings at once for a time that has passed', () => {
    const run = jest.fn();
    systemClock.at(-5, run);

    jest.advanceTimersByTime(1);

    expect(run).toHaveBeenCalledTimes(1);
  });

  test('does not ring when it was cancelled', () => {
    const run = jest.fn();
    const cancel = systemClock.at(10, run);

    cancel();
    jest.advanceTimersByTime(100);

    expect(run).not.toHaveBeenCalled();
  });
});
