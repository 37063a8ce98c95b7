// `npm run bench:host`: the local host against its goals, and beside durabletask-js.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { buildCoreBundle, importTime } from './core-bundle.mts';
import { installPeer, peerScenarios, runPeer } from './peer.mts';
import { goals } from './goals.mts';
import { contentOf, reportOf, type Runs, textOf } from './report.mts';
import type { Figures, Scenario } from './scenario.mts';
import { scenarios } from './scenarios/all.mts';
import { hasStrace } from './scenarios/disk-syncs.mts';

const names = scenarios.map(({ name, title }) => `  ${name.padEnd(8)}${title}`).join('\n');
const usage = `npm run bench:host -- [options]
  --runs N        runs of each scenario, in turn with the others (3)
  --only A,P7     these scenarios alone
  --json FILE     every figure of every run, as JSON
  --no-peer       without durabletask-js beside it
scenarios:
${names}`;

interface Options {
  readonly runs: number;
  readonly chosen: readonly Scenario[];
  readonly json: string | undefined;
  readonly withPeer: boolean;
}

function parse(args: string[]): Options {
  const { values } = parseArgs({
    args,
    options: {
      runs: { type: 'string', default: '3' },
      only: { type: 'string' },
      json: { type: 'string' },
      'no-peer': { type: 'boolean', default: false },
    },
  });
  const runs = Number(values.runs);
  if (!Number.isInteger(runs) || runs < 1) throw new Error('--runs takes a number from 1 on.');
  const wanted = values.only?.split(',');
  const unknown = wanted?.find((each) => !scenarios.some(({ name }) => name === each));
  if (unknown !== undefined) throw new Error(`There is no scenario ${unknown}.`);
  const chosen = scenarios.filter(({ name }) => wanted?.includes(name) ?? true);
  return { runs, chosen, json: values.json, withPeer: !values['no-peer'] };
}

const say = (line: string): void => {
  process.stdout.write(`${line}\n`);
};
const progress = (line: string): void => {
  process.stderr.write(`${line}\n`);
};

/** Gives the work an empty folder of its own. */
async function inFolder<Result>(work: (folder: string) => Promise<Result>): Promise<Result> {
  const folder = mkdtempSync(join(tmpdir(), 'steward-bench-'));
  try {
    return await work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function measure({ runs, chosen }: Options, withPeer: boolean): Promise<Runs> {
  const found: Record<string, Figures[]> = {};
  const note = (name: string, figures: Figures): void => {
    (found[name] ??= []).push(figures);
  };
  await inFolder(async (bundleFolder) => {
    const bundle = await buildCoreBundle(bundleFolder);
    for (let run = 1; run <= runs; run += 1) {
      note('core', { coreImportMs: importTime(bundle) });
      for (const { name, title, run: work } of chosen) {
        progress(`run ${run} of ${runs}, ${name}: ${title}`);
        note(name, await inFolder((folder) => work({ folder })));
        if (withPeer && peerScenarios.includes(name)) note(`peer ${name}`, await runPeer(name));
      }
    }
  });
  return found;
}

/** What the command line asks for; undefined, with an explanation, when it cannot be understood. */
function optionsOf(args: string[]): Options | undefined {
  try {
    return parse(args);
  } catch (error) {
    progress(`${error instanceof Error ? error.message : String(error)}\n${usage}`);
    process.exitCode = 2;
    return undefined;
  }
}

async function main(): Promise<void> {
  const options = optionsOf(process.argv.slice(2));
  if (options === undefined) return;
  const noPeer = options.withPeer ? await installPeer() : '--no-peer was given.';
  const runs = await measure(options, noPeer === undefined);
  const report = reportOf(runs, goals);
  say(`Node ${process.version} on ${availableParallelism()} cores, ${options.runs} runs`);
  say(noPeer === undefined ? 'peer: durabletask-js, in memory' : `no peer: ${noPeer}`);
  if (!hasStrace) say('strace is missing: transactions are counted instead of syncs of the disk');
  say(textOf(report, runs));
  if (options.json !== undefined) {
    const content = { node: process.version, hasStrace, ...contentOf(report, runs) };
    writeFileSync(options.json, `${JSON.stringify(content, undefined, 2)}\n`);
  }
  if (report.judgements.some(({ verdict }) => verdict === 'broken')) process.exitCode = 1;
}

main().catch((error: unknown) => {
  progress(error instanceof Error ? (error.stack ?? error.message) : String(error));
  process.exitCode = 2;
});
