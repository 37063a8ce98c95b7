import { inParallel } from '../http.mts';
import { type Figures, type Scenario, timed } from '../scenario.mts';
import { median } from '../statistics.mts';
import { Azure } from './azure.mts';
import { BareServer } from './bare-server.mts';
import { slowness } from './calibrate.mts';
import { cpuSecondsOf, peakMbOf } from './process-figures.mts';

const reads = 8000;

async function withAzure(
  folder: string,
  work: (azure: Azure) => Promise<Figures>,
  options?: { kept: boolean },
): Promise<Figures> {
  const azure = await Azure.start(folder, options);
  try {
    return { ...(await work(azure)), slowness: await slowness() };
  } finally {
    await azure.stop();
  }
}

const world: Scenario = {
  name: 'world',
  title: 'a world of 10,000 clusters, in memory and on disk',
  run: async ({ folder }) => {
    const inMemory = await withAzure(folder, (azure) =>
      Promise.resolve({ readySeconds: azure.readySeconds, readyMb: peakMbOf(azure.program.pid) }),
    );
    const kept = { kept: true };
    const onDisk = await withAzure(
      folder,
      (azure) => Promise.resolve({ keptSeconds: azure.readySeconds }),
      kept,
    );
    const again = await withAzure(
      folder,
      (azure) => Promise.resolve({ againSeconds: azure.readySeconds }),
      kept,
    );
    return { ...again, ...onDisk, ...inMemory };
  },
};

const graph: Scenario = {
  name: 'graph',
  title: 'three walks over all clusters in pages of 1,000 rows',
  run: ({ folder }) =>
    withAzure(folder, async (azure) => {
      const walks = [await walk(azure), await walk(azure), await walk(azure)];
      const [cold = NaN] = walks[0] ?? [];
      const first = median(walks.slice(1).map(([ms = NaN]) => ms));
      const next = median(walks.slice(1).flatMap((walked) => walked.slice(1)));
      const { text } = await azure.page();
      const writing = await timed(() => Promise.resolve(JSON.stringify(JSON.parse(text))));
      const peakMb = peakMbOf(azure.program.pid);
      return { cold, first, next, nextToJson: next / writing, peakMb };
    }),
};

/** Milliseconds for each page. */
async function walk(azure: Azure): Promise<readonly number[]> {
  const times: number[] = [];
  for (let token: string | undefined; ;) {
    const page = await azure.page(token);
    times.push(page.ms);
    token = page.token;
    if (token === undefined) return times;
  }
}

const resources: Scenario = {
  name: 'reads',
  title: `${reads} reads of clusters by their ids, and as many from a bare server`,
  run: ({ folder }) =>
    withAzure(folder, async (azure) => {
      const { rows } = await azure.page();
      const paths = rows.map(({ id }) => `${id}?api-version=2026-06-01`);
      const get = (index: number): Promise<unknown> => azure.get(paths[index % paths.length] ?? '');
      await pace(azure.program.pid, get); // warms it up
      const own = await pace(azure.program.pid, get);
      const { body } = await azure.get(paths[0] ?? '');
      const bare = await BareServer.start(JSON.stringify(body));
      const bound = await pace(bare.pid, () => bare.get());
      await bare.stop();
      const peakMb = peakMbOf(azure.program.pid);
      return { ...own, bareReadsPerCore: bound.readsPerCore, peakMb };
    }),
};

async function pace(pid: number, get: (index: number) => Promise<unknown>) {
  const used = cpuSecondsOf(pid);
  const ms = await timed(() => inParallel(Array(reads).fill(0), 8, (_, index) => get(index)));
  const cpuSeconds = cpuSecondsOf(pid) - used;
  return { readsPerSecond: (reads * 1000) / ms, readsPerCore: reads / cpuSeconds };
}

export const scenarios: readonly Scenario[] = [world, graph, resources];
