// `npm run bench:azure`: the simulated Azure with 10,000 clusters against its goals.
import { runBench } from '../bench.mts';
import { goals } from './goals.mts';
import { scenarios } from './scenarios.mts';

runBench({
  command: 'bench:azure',
  ...{ scenarios, goals, runs: 3 },
  preface: ({ medians }) =>
    `calibration: ${(medians['all']?.['slowness'] ?? NaN).toFixed(2)} of the reference machine's time for JSON; goals in time are wider where it is above 1`,
}).catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 2;
});
