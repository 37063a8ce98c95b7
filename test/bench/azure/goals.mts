import type { Goal, Results } from '../goals.mts';

const figure =
  (scenario: string, name: string) =>
  (results: Results): number =>
    results[scenario]?.[name] ?? NaN;

/** The most memory in any of the scenarios. */
const peakMb = (results: Results): number =>
  Math.max(
    ...[figure('world', 'readyMb'), figure('graph', 'peakMb'), figure('reads', 'peakMb')]
      .map((value) => value(results))
      .filter((value) => !Number.isNaN(value)),
  );

export const goals: readonly Goal[] = [
  {
    ...{ id: 'Z1', what: 'world ready, s', scenario: 'world', better: 'lower' },
    ...{ value: figure('world', 'readySeconds'), goal: 3, floor: 6, scales: true },
  },
  {
    ...{ id: 'Z1', what: 'world ready and on disk, s', scenario: 'world', better: 'lower' },
    ...{ value: figure('world', 'keptSeconds'), goal: 3, floor: 6, scales: true },
  },
  {
    ...{ id: 'Z1', what: 'world taken up again, s', scenario: 'world', better: 'lower' },
    ...{ value: figure('world', 'againSeconds'), goal: 3, floor: 6, scales: true },
  },
  {
    ...{ id: 'Z2', what: 'memory: peak, MB', scenario: 'world', better: 'lower', digits: 0 },
    ...{ value: peakMb, goal: 600, floor: 800 },
  },
  {
    ...{ id: 'Z3', what: 'first page of 1,000 rows, ms', scenario: 'graph', better: 'lower' },
    ...{ value: figure('graph', 'first'), goal: 60, floor: 120, scales: true, digits: 0 },
  },
  {
    ...{ id: 'Z3', what: 'next page of 1,000 rows, ms', scenario: 'graph', better: 'lower' },
    ...{ value: figure('graph', 'next'), goal: 60, floor: 120, scales: true, digits: 0 },
  },
  {
    ...{ id: 'Z3', what: 'the very first page, ms', scenario: 'graph', better: 'lower' },
    ...{ value: figure('graph', 'cold'), goal: 250, floor: 500, scales: true, digits: 0 },
  },
  {
    ...{ id: 'Z3', what: 'next page ÷ its JSON alone', scenario: 'graph', better: 'lower' },
    ...{ value: figure('graph', 'nextToJson'), goal: 4 },
  },
  {
    ...{ id: 'Z4', what: 'reads/s of one core', scenario: 'reads', better: 'higher', digits: 0 },
    ...{ value: figure('reads', 'readsPerCore'), goal: 2000, floor: 1000, scales: true },
  },
  {
    ...{ id: 'Z4', what: 'reads/s ÷ a bare server', scenario: 'reads', better: 'higher' },
    value: (results) =>
      figure('reads', 'readsPerCore')(results) / figure('reads', 'bareReadsPerCore')(results),
    goal: 0.2,
  },
];
