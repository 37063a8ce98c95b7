import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { Goal } from './goals.mts';
import { contentOf, type Report, reportOf, type Runs, tableOf } from './report.mts';
import type { Figures, Scenario } from './scenario.mts';

/** A benchmark without a peer. */
export interface Bench {
  /** `npm run …` */
  readonly command: string;
  readonly scenarios: readonly Scenario[];
  readonly goals: readonly Goal[];
  readonly runs: number;
  /** What else belongs above the table. */
  readonly preface: (report: Report) => string;
}

/** Does what the command line asks for; the exit code tells of goals whose floor was broken. */
export async function runBench(bench: Bench): Promise<void> {
  const { values } = parseArgs({
    options: {
      runs: { type: 'string', default: String(bench.runs) },
      only: { type: 'string' },
      json: { type: 'string' },
    },
  });
  const runs = Number(values.runs);
  const wanted = values.only?.split(',');
  const chosen = bench.scenarios.filter(({ name }) => wanted?.includes(name) ?? true);
  const isKnown = chosen.length === (wanted ?? bench.scenarios).length;
  if (!Number.isInteger(runs) || runs < 1 || !isKnown) throw new Error(usageOf(bench));
  const found = await measure(chosen, runs);
  const report = reportOf(found, bench.goals);
  process.stdout.write(
    `Node ${process.version} on ${availableParallelism()} cores, ${runs} runs, each in fresh processes
${bench.preface(report)}

${tableOf(report, found)}\n`,
  );
  if (values.json !== undefined) {
    const content = { node: process.version, ...contentOf(report, found) };
    writeFileSync(values.json, `${JSON.stringify(content, undefined, 2)}\n`);
  }
  if (report.judgements.some(({ verdict }) => verdict === 'broken')) process.exitCode = 1;
}

function usageOf({ command, scenarios, runs }: Bench): string {
  return `npm run ${command} -- [options]
  --runs N        runs of each scenario, in turn with the others (${runs})
  --only A,B      these scenarios alone
  --json FILE     every figure of every run, as JSON
scenarios:
${scenarios.map(({ name, title }) => `  ${name.padEnd(8)}${title}`).join('\n')}`;
}

async function measure(chosen: readonly Scenario[], runs: number): Promise<Runs> {
  const found: Record<string, Figures[]> = {};
  for (let run = 1; run <= runs; run += 1) {
    for (const { name, title, run: work } of chosen) {
      process.stderr.write(`run ${run} of ${runs}, ${name}: ${title}\n`);
      const folder = mkdtempSync(join(tmpdir(), 'steward-bench-'));
      try {
        (found[name] ??= []).push(await work({ folder }));
      } finally {
        rmSync(folder, { recursive: true, force: true });
      }
    }
  }
  return found;
}
