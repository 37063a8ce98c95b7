// `npm run bench:azure`: the simulated Azure with 10,000 clusters against its goals.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { contentOf, reportOf, type Runs, tableOf } from '../report.mts';
import type { Figures, Scenario } from '../scenario.mts';
import { goals } from './goals.mts';
import { scenarios } from './scenarios.mts';

const names = scenarios.map(({ name, title }) => `  ${name.padEnd(8)}${title}`).join('\n');
const usage = `npm run bench:azure -- [options]
  --runs N        runs of each scenario, in turn with the others (3)
  --only A,B      these scenarios alone
  --json FILE     every figure of every run, as JSON
scenarios:
${names}`;

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      runs: { type: 'string', default: '3' },
      only: { type: 'string' },
      json: { type: 'string' },
    },
  });
  const runs = Number(values.runs);
  const wanted = values.only?.split(',');
  const chosen = scenarios.filter(({ name }) => wanted?.includes(name) ?? true);
  if (!Number.isInteger(runs) || runs < 1 || chosen.length !== (wanted ?? scenarios).length) {
    throw new Error(usage);
  }
  const found = await measure(chosen, runs);
  const report = reportOf(found, goals);
  const slowness = report.medians['all']?.['slowness'] ?? NaN;
  process.stdout.write(
    `Node ${process.version} on ${availableParallelism()} cores, ${runs} runs, each in fresh processes
calibration: ${slowness.toFixed(2)} of the reference machine's time for JSON; goals in time are wider where it is above 1

${tableOf(report, found)}\n`,
  );
  if (values.json !== undefined) {
    const content = { node: process.version, ...contentOf(report, found) };
    writeFileSync(values.json, `${JSON.stringify(content, undefined, 2)}\n`);
  }
  if (report.judgements.some(({ verdict }) => verdict === 'broken')) process.exitCode = 1;
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

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 2;
});
