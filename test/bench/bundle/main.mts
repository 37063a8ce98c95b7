// `npm run bench:bundle`: a cold start of what is deployed, beside the lower bound.
import { runBench } from '../bench.mts';
import type { Figures } from '../scenario.mts';
import { cpuShareProblem } from './cpu-share.mts';
import { goals } from './goals.mts';
import { scenarios } from './scenarios.mts';

const limited = cpuShareProblem === undefined ? [] : ['quarter'];

runBench({
  command: 'bench:bundle',
  goals,
  scenarios: scenarios.filter(({ name }) => !limited.includes(name)),
  runs: 7,
  preface: ({ medians }) => prefaceOf(medians['start']),
}).catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 2;
});

function prefaceOf({ coreMs = NaN, coreRssMb = NaN }: Figures = {}): string {
  return [
    `lower bound: @azure/functions and durable-functions alone, imported in ${coreMs.toFixed(0)} ms, ${coreRssMb.toFixed(0)} MB`,
    'goals in time are those of a machine that imports it in 92 ms, and wider on a slower one',
    ...(cpuShareProblem === undefined ? [] : [`not on a quarter of a core: ${cpuShareProblem}`]),
  ].join('\n');
}
