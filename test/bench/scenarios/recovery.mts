import { setTimeout as sleep } from 'node:timers/promises';
import { Host, type Mark } from '../host.mts';
import { inParallel } from '../http.mts';
import type { Scenario } from '../scenario.mts';

const instances = 1000;
const steps = 20;

/** P11: the process is killed while all orchestrations are running. */
export const recovery: Scenario = {
  name: 'P11',
  title: `kill -9 with ${instances} running orchestrations of ${steps} activities`,
  run: async ({ folder }) => {
    const first = await Host.start(folder);
    const ids = await first.startMany(instances, 'sequence', { prefix: 'k', input: { steps } });
    while ((await first.list('Pending', 1)).length > 0) await sleep(2);
    await first.kill();

    const started = performance.timeOrigin + performance.now();
    const second = await Host.start(folder);
    try {
      const { pid } = await second.process();
      await second.idle();
      const marks = await second.marks(0);
      return { ...(await compare(second, { ids, marks, pid })), ...resumption(marks, started) };
    } finally {
      await second.stop();
    }
  },
};

/** How long after the start each orchestration that had not ended went on. */
function resumption(marks: readonly Mark[], started: number) {
  const firstOf = new Map<string, number>();
  for (const [key, at] of marks) if (!firstOf.has(key)) firstOf.set(key, at);
  return {
    resumed: firstOf.size,
    allResumedSeconds: (Math.max(...firstOf.values()) - started) / 1000,
  };
}

/** Results of the first process that are missing in the histories, or whose activity ran again. */
async function compare(
  host: Host,
  { ids, marks, pid }: { ids: readonly string[]; marks: readonly Mark[]; pid: number },
) {
  const again = new Map<string, number>();
  for (const [key] of marks) again.set(key, (again.get(key) ?? 0) + 1);
  let kept = 0;
  let lost = 0;
  let rerun = 0;
  await inParallel(ids, 20, async (id) => {
    const results = (await host.history(id))
      .filter(({ EventType: type }) => type === 'TaskCompleted')
      .map(({ Result }) => (Result as { pid: number }).pid);
    const fromFirst = results.filter((by) => by !== pid).length;
    kept += fromFirst;
    lost += Math.max(0, steps - results.length);
    rerun += Math.max(0, (again.get(id) ?? 0) - (steps - fromFirst));
  });
  return { resultsKept: kept, resultsLost: lost, activitiesRerun: rerun };
}
