import type { Goal, Results } from '../goals.mts';

const figure =
  (scenario: string, name: string) =>
  (results: Results): number =>
    results[scenario]?.[name] ?? NaN;

export const goals: readonly Goal[] = [
  {
    ...{ id: 'P13', what: 'import, ms', scenario: 'start', better: 'lower', digits: 0 },
    ...{ value: figure('start', 'ms'), goal: 130, floor: 260, scales: true },
  },
  {
    ...{ id: 'P13', what: 'import ÷ lower bound', scenario: 'start', better: 'lower', goal: 1.35 },
    value: (results) => figure('start', 'ms')(results) / figure('start', 'coreMs')(results),
  },
  {
    ...{ id: 'P13', what: 'import: CPU ÷ lower bound', scenario: 'start', better: 'lower' },
    value: (results) => figure('start', 'cpuMs')(results) / figure('start', 'coreCpuMs')(results),
    goal: 1.35,
  },
  {
    ...{ id: 'P13', what: 'on a quarter of a core, ms', scenario: 'quarter', better: 'lower' },
    ...{ value: figure('quarter', 'ms'), goal: 600, floor: 1200, scales: true, digits: 0 },
  },
  {
    ...{ id: 'P14', what: 'Graph call on the wire, ms', scenario: 'graph', better: 'lower' },
    ...{ value: figure('graph', 'ms'), goal: 60, floor: 120, scales: true, digits: 0 },
  },
  {
    ...{ id: 'P14', what: 'ARM call on the wire, ms', scenario: 'arm', better: 'lower' },
    ...{ value: figure('arm', 'ms'), goal: 60, floor: 120, scales: true, digits: 0 },
  },
  {
    ...{ id: 'P15', what: 'memory after import, MB', scenario: 'start', better: 'lower' },
    ...{ value: figure('start', 'rssMb'), goal: 90, floor: 120, digits: 0 },
  },
  {
    ...{ id: 'P15', what: 'after a sweep of 1,000, with host', scenario: 'sweep', better: 'lower' },
    ...{ value: figure('sweep', 'rssMb'), goal: 220, floor: 300, digits: 0 },
  },
];
