import { type Goal, judge, type Judgement, type Results } from './goals.mts';
import type { Figures } from './scenario.mts';
import { median } from './statistics.mts';

/** All runs of each scenario; the peer's scenarios are called `peer A` and so on. */
export type Runs = Readonly<Record<string, readonly Figures[]>>;

export interface Report {
  readonly medians: Results;
  readonly judgements: readonly Judgement[];
}

export function reportOf(runs: Runs, goals: readonly Goal[]): Report {
  const medians = mediansOf(runs);
  const measured = goals.filter(({ scenario }) => medians[scenario] !== undefined);
  const judgements = measured.map((goal) => judge(goal, medians));
  return { medians, judgements };
}

/** The median of every figure; what all scenarios measure is under `all` too. */
function mediansOf(runs: Runs): Results {
  const all = Object.values(runs).flat();
  const entries = Object.entries({ ...runs, all }).filter(([, figures]) => figures.length > 0);
  return Object.fromEntries(
    entries.map(([scenario, figures]) => {
      const names = [...new Set(figures.flatMap((run) => Object.keys(run)))];
      const valuesOf = (name: string): number[] =>
        figures.flatMap((run) => (run[name] === undefined ? [] : [run[name]]));
      return [scenario, Object.fromEntries(names.map((name) => [name, median(valuesOf(name))]))];
    }),
  );
}

const columns = ['', '', 'goal', 'floor', 'median', 'range', 'to goal', 'to floor', 'peer', ''];

/** The calibration of the host's processes, and the table. */
export function textOf(report: Report, runs: Runs): string {
  return [calibrationOf(report, runs), '', tableOf(report, runs)].join('\n');
}

/** What goes into the JSON file. */
export function contentOf({ judgements, medians }: Report, runs: Runs): object {
  const listed = judgements.map(({ goal, ...judgement }) => ({
    ...{ id: goal.id, what: goal.what },
    ...judgement,
  }));
  return { judgements: listed, medians, runs };
}

/** Every goal with what was found, and a count of the verdicts that names what was missed. */
export function tableOf(report: Report, runs: Runs): string {
  const rows = report.judgements.map((judgement) => rowOf(judgement, runs, report.medians));
  const listed = (verdict: Judgement['verdict']): string[] =>
    report.judgements
      .filter((judgement) => judgement.verdict === verdict)
      .map(({ goal }) => `${goal.id} ${goal.what}`);
  const count = (verdict: Judgement['verdict']): string => {
    const names = listed(verdict);
    return `${verdict}: ${names.length}${verdict === 'reached' || names.length === 0 ? '' : ` (${names.join('; ')})`}`;
  };
  const verdicts = (['reached', 'missed', 'broken', 'unknown'] as const).map(count);
  return [aligned([columns, ...rows]), '', ...verdicts].join('\n');
}

function calibrationOf({ medians }: Report, runs: Runs): string {
  const all = Object.values(runs).flat();
  const shown = (name: string, digits: number): string =>
    `${(medians['all']?.[name] ?? NaN).toFixed(digits)} (${rangeOf(valuesIn(all, name), digits)})`;
  const starter =
    medians['P12'] === undefined
      ? ''
      : ` · a function that only starts an orchestration answers 50 at once in ${shown('starterMsP99', 0)} ms (p99)`;
  return [
    `calibration: ${shown('commitsPerSecond', 0)} commits/s · ${shown('replayMicros', 2)} µs for each replayed event · core bundle imported in ${shown('coreImportMs', 0)} ms${starter}`,
    'durability: every result is synced to disk before it counts; goals in time are those of the reference machine, and wider where the calibration of the same process is slower',
  ].join('\n');
}

function rowOf(judgement: Judgement, runs: Runs, medians: Results): string[] {
  const { goal, value, limit, floor, verdict } = judgement;
  const digits = goal.digits ?? 2;
  const sign = goal.better === 'higher' ? '≥' : '≤';
  const each = (runs[goal.scenario] ?? []).map((run) =>
    goal.value({ ...medians, [goal.scenario]: run }),
  );
  const peer = goal.peer?.(medians);
  return [
    ...[goal.id, goal.what, `${sign}${number(limit)}`],
    floor === undefined ? '' : number(floor),
    ...(Number.isNaN(value) ? ['', ''] : [value.toFixed(digits), rangeOf(each, digits)]),
    factorOf(goal, value, limit),
    floor === undefined ? '' : factorOf(goal, value, floor),
    peer === undefined || Number.isNaN(peer) ? '' : peer.toFixed(digits),
    verdict,
  ];
}

/** How far on the good side of a bound: 2.00 is twice as good. */
function factorOf({ better }: Goal, value: number, bound: number): string {
  if (bound === 0 || Number.isNaN(value)) return '';
  return `${(better === 'higher' ? value / bound : bound / value).toFixed(2)}×`;
}

function valuesIn(figures: readonly Figures[], name: string): number[] {
  return figures.flatMap((run) => (run[name] === undefined ? [] : [run[name]]));
}

function rangeOf(values: readonly number[], digits: number): string {
  if (values.length === 0) return 'none';
  return `${Math.min(...values).toFixed(digits)}–${Math.max(...values).toFixed(digits)}`;
}

const number = (value: number): string => String(Number(value.toFixed(2)));

function aligned(rows: readonly (readonly string[])[]): string {
  const widths = columns.map((_, column) =>
    Math.max(...rows.map((row) => row[column]?.length ?? 0)),
  );
  const textColumns = [0, 1, columns.length - 1];
  return rows
    .map((row) =>
      row
        .map((cell, column) => {
          const width = widths[column] ?? 0;
          return textColumns.includes(column) ? cell.padEnd(width) : cell.padStart(width);
        })
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}
