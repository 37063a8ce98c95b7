import { type Goal, goals, judge } from './goals.mts';
import { percentile } from './statistics.mts';

const pace: Goal = {
  ...{ id: 'P1', what: 'A: orchestrations/s', scenario: 'A', better: 'higher', scales: true },
  ...{ value: ({ A }) => A?.['pace'] ?? NaN, goal: 600, floor: 350 },
};
const time: Goal = {
  ...{ id: 'P5', what: 'E: seconds', scenario: 'E', better: 'lower', scales: true, commits: 2000 },
  ...{ value: ({ E }) => E?.['seconds'] ?? NaN, goal: 6, floor: 10 },
};

describe('a goal', () => {
  it.each([
    [700, 'reached'],
    [600, 'reached'],
    [599, 'missed'],
    [350, 'missed'],
    [349, 'broken'],
  ])('of 600 a second with a floor of 350 is for %d: %s', (value, verdict) => {
    expect(judge(pace, { A: { pace: value } }).verdict).toBe(verdict);
  });

  it.each([
    [6, 'reached'],
    [6.1, 'missed'],
    [10.1, 'broken'],
  ])('of 6 seconds with a floor of 10 is for %d: %s', (value, verdict) => {
    expect(judge(time, { E: { seconds: value } }).verdict).toBe(verdict);
  });

  it('that was not measured is neither reached nor missed', () => {
    expect(judge(pace, {}).verdict).toBe('unknown');
  });

  it('moves with a processor that replays half as fast, and never the other way', () => {
    const slow = judge(pace, { A: { pace: 300, replayMicros: 0.84 } });
    const fast = judge(pace, { A: { pace: 300, replayMicros: 0.2 } });

    expect([slow.limit, slow.floor, slow.verdict]).toEqual([300, 175, 'reached']);
    expect([fast.limit, fast.floor, fast.verdict]).toEqual([600, 350, 'broken']);
  });

  it('moves with a machine that measured itself as half as fast', () => {
    const { limit, floor } = judge(pace, { A: { pace: 300, slowness: 2 } });

    expect([limit, floor]).toEqual([300, 175]);
  });

  it('moves by the commits that are waited for on a slower disk', () => {
    const { limit } = judge(time, { E: { seconds: 6, commitsPerSecond: 1000 } });

    expect(limit).toBeCloseTo(6 + 2000 * (1 / 1000 - 1 / 8333), 9);
  });

  it('is there for every number from P1 to P12', () => {
    const numbers = Array.from({ length: 12 }, (_, index) => `P${index + 1}`);

    expect([...new Set(goals.map(({ id }) => id))]).toEqual(numbers);
  });
});

describe('a percentile', () => {
  it('is a value of the list that so many do not exceed', () => {
    const values = Array.from({ length: 200 }, (_, index) => 200 - index);

    expect([percentile(values, 99), percentile(values, 100)]).toEqual([198, 200]);
  });

  it('of 50 is the median, between the two in the middle', () => {
    expect([percentile([3, 1, 2], 50), percentile([4, 1, 2, 3], 50)]).toEqual([2, 2.5]);
  });
});
