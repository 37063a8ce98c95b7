/** Figures by scenario, then by name; the peer's scenarios are called `peer A` and so on. */
export type Results = Readonly<Record<string, Readonly<Record<string, number>>>>;

/** One promise about speed or size. */
export interface Goal {
  readonly id: string;
  readonly what: string;
  readonly scenario: string;
  readonly value: (results: Results) => number;
  /** The same figure of the peer. */
  readonly peer?: (results: Results) => number;
  readonly better: 'higher' | 'lower';
  readonly goal: number;
  /** Beyond it, something is broken. Ratios to other figures of the run have none. */
  readonly floor?: number;
  /** The goal is a time or a pace of the reference machine: on a slower one it moves. */
  readonly scales?: true;
  /** Commits that are waited for one after the other: on a slower disk a goal in seconds moves. */
  readonly commits?: number;
  readonly digits?: number;
}

const figure =
  (scenario: string, name: string) =>
  (results: Results): number =>
    results[scenario]?.[name] ?? NaN;

const ratio =
  (above: Goal['value'], below: Goal['value']) =>
  (results: Results): number =>
    above(results) / below(results);

/** What one orchestration of A writes, in commits of its own. */
const commitsPerOrchestration = 6;
const commits = figure('A', 'commitsPerSecond');
const seconds = figure('E', 'seconds');
const peerSeconds = figure('peer E', 'seconds');

const speed: readonly Goal[] = [
  {
    ...{ id: 'P1', what: 'A: orchestrations/s', scenario: 'A', better: 'higher', digits: 0 },
    value: figure('A', 'orchestrationsPerSecond'),
    peer: figure('peer A', 'orchestrationsPerSecond'),
    ...{ goal: 600, floor: 350, scales: true },
  },
  {
    ...{ id: 'P1', what: 'A: ÷ (commits/s ÷ 6)', scenario: 'A', better: 'higher', goal: 0.5 },
    value: (results) =>
      (figure('A', 'orchestrationsPerSecond')(results) * commitsPerOrchestration) /
      commits(results),
  },
  {
    ...{ id: 'P2', what: 'B: activities/s', scenario: 'B', better: 'higher', digits: 0 },
    value: figure('B', 'activitiesPerSecond'),
    peer: figure('peer B', 'activitiesPerSecond'),
    ...{ goal: 3000, floor: 1300, scales: true },
  },
  {
    ...{ id: 'P3', what: 'C: event to wake, p99 ms', scenario: 'C', better: 'lower', digits: 1 },
    value: figure('C', 'wakeMsP99'),
    peer: figure('peer C', 'wakeMsP99'),
    ...{ goal: 100, floor: 150, scales: true },
  },
  {
    ...{ id: 'P4', what: 'D: timer late, p99 ms', scenario: 'D', better: 'lower', digits: 1 },
    value: figure('D', 'lateMsP99'),
    peer: figure('peer D', 'lateMsP99'),
    ...{ goal: 120, floor: 160, scales: true },
  },
  {
    ...{ id: 'P5', what: 'E: seconds', scenario: 'E', better: 'lower', goal: 6, floor: 10 },
    ...{ value: seconds, peer: peerSeconds, scales: true, commits: 2000 },
  },
  {
    ...{ id: 'P5', what: 'E: CPU ÷ that of the SDK alone', scenario: 'E', better: 'lower' },
    ...{ value: ratio(figure('E', 'cpuSeconds'), figure('E', 'sdkCpuSeconds')), goal: 1.8 },
  },
  {
    ...{ id: 'P5', what: 'E: ÷ durabletask-js', scenario: 'E', better: 'lower', goal: 0.45 },
    value: ratio(seconds, peerSeconds),
  },
  {
    ...{ id: 'P5', what: 'E: last ÷ first steps', scenario: 'E', better: 'lower', goal: 8 },
    ...{ value: figure('E', 'lastToFirst'), peer: figure('peer E', 'lastToFirst') },
  },
  {
    ...{ id: 'P6', what: 'in parts: last ÷ first', scenario: 'P6', better: 'lower', goal: 1.3 },
    value: figure('P6', 'lastToFirst'),
  },
  {
    ...{ id: 'P6', what: 'in parts: seconds', scenario: 'P6', better: 'lower', goal: 2, floor: 3 },
    ...{ value: figure('P6', 'seconds'), scales: true, commits: 2000 },
  },
];

const size: readonly Goal[] = [
  {
    ...{ id: 'P7', what: 'syncs for a step, alone', scenario: 'P7', better: 'lower' },
    ...{ value: figure('P7', 'syncsPerStepAlone'), goal: 1, floor: 2 },
  },
  {
    ...{ id: 'P7', what: 'syncs for a step, 1,000 at once', scenario: 'P7', better: 'lower' },
    ...{ value: figure('P7', 'syncsPerStepTogether'), goal: 0.25, floor: 2 },
  },
  {
    ...{ id: 'P8', what: 'disk: bytes for one of A', scenario: 'A', better: 'lower', digits: 0 },
    ...{ value: figure('A', 'diskBytesPerOrchestration'), goal: 4096, floor: 8192 },
  },
  {
    ...{ id: 'P8', what: 'disk: bytes for a step of E', scenario: 'E', better: 'lower', digits: 0 },
    ...{ value: figure('E', 'diskBytesPerStep'), goal: 600, floor: 8192 },
  },
  {
    ...{ id: 'P9', what: 'memory: peak in A, MB', scenario: 'A', better: 'lower', digits: 0 },
    ...{ value: figure('A', 'peakRssMb'), goal: 200, floor: 300 },
  },
  {
    ...{ id: 'P9', what: 'memory: bytes for a parked one', scenario: 'parked', better: 'lower' },
    ...{ value: figure('parked', 'heapBytesPerParked'), goal: 1024, digits: 0 },
  },
  {
    ...{ id: 'P10', what: 'idle, 1,000 parked: % of a core', scenario: 'parked', better: 'lower' },
    ...{ value: figure('parked', 'idleCpuPercent'), goal: 1, floor: 3 },
  },
];

const recovery: readonly Goal[] = [
  {
    ...{ id: 'P11', what: 'kill -9: s until all resumed', scenario: 'P11', better: 'lower' },
    ...{ value: figure('P11', 'allResumedSeconds'), goal: 3, floor: 10 },
  },
  {
    ...{ id: 'P11', what: 'kill -9: results lost', scenario: 'P11', better: 'lower', digits: 0 },
    ...{ value: figure('P11', 'resultsLost'), goal: 0, floor: 0 },
  },
  {
    ...{ id: 'P11', what: 'kill -9: completed, run again', scenario: 'P11', better: 'lower' },
    ...{ value: figure('P11', 'activitiesRerun'), goal: 0, floor: 0, digits: 0 },
  },
];

const http: readonly Goal[] = [
  {
    ...{ id: 'P12', what: 'POST /clusters, 50 at once, p99 ms', scenario: 'P12', better: 'lower' },
    ...{ value: figure('P12', 'postMsP99'), digits: 1 },
    ...{ goal: 25, floor: 50, scales: true },
  },
  {
    ...{ id: 'P12', what: 'GET status of a run, p99 ms', scenario: 'P12', better: 'lower' },
    ...{ value: figure('P12', 'statusMsP99'), digits: 1 },
    ...{ goal: 10, floor: 20, scales: true },
  },
];

export const goals: readonly Goal[] = [...speed, ...size, ...recovery, ...http];

/**
 * What the reference machine does: all replays of 2,000 activities from a history in memory take
 * 3.4 s, a commit 0.12 ms.
 */
const reference = { replayMicros: 0.42, commitsPerSecond: 8333 };

/** A bound of the reference machine for this one, by the calibration in the scenario's own processes. */
function moved(bound: number, goal: Goal, figures: Results[string] = {}): number {
  if (goal.scales === undefined) return bound;
  const { replayMicros = 0, commitsPerSecond = Infinity } = figures;
  const slowness = Math.max(1, figures['slowness'] ?? replayMicros / reference.replayMicros);
  const slowerCommit = Math.max(0, 1 / commitsPerSecond - 1 / reference.commitsPerSecond);
  if (goal.better === 'higher') return bound / slowness;
  return bound * slowness + (goal.commits ?? 0) * slowerCommit;
}

/** How a goal was met: factors above 1 are on the good side. */
export interface Judgement {
  readonly goal: Goal;
  readonly value: number;
  readonly limit: number;
  readonly floor: number | undefined;
  readonly verdict: 'reached' | 'missed' | 'broken' | 'unknown';
}

export function judge(goal: Goal, results: Results): Judgement {
  const limit = moved(goal.goal, goal, results[goal.scenario]);
  const floor =
    goal.floor === undefined ? undefined : moved(goal.floor, goal, results[goal.scenario]);
  const value = goal.value(results);
  return { goal, value, limit, floor, verdict: verdictOf(value, { goal, limit, floor }) };
}

function verdictOf(
  value: number,
  { goal, limit, floor }: { goal: Goal; limit: number; floor: number | undefined },
): Judgement['verdict'] {
  // A figure counts as it is shown.
  const shown = Number(value.toFixed(goal.digits ?? 2));
  const meets = (bound: number): boolean =>
    goal.better === 'higher' ? shown >= bound : shown <= bound;
  if (Number.isNaN(value)) return 'unknown';
  if (meets(limit)) return 'reached';
  return floor === undefined || meets(floor) ? 'missed' : 'broken';
}
