import { statSync } from 'node:fs';
import { join } from 'node:path';
import { type Scenario, timed, withHost } from '../scenario.mts';

const instances = 1000;
const steps = 5;

/** A: many short orchestrations at the same time. */
export const manySequences: Scenario = {
  name: 'A',
  title: `${instances} orchestrations of ${steps} activities one after the other`,
  run: async ({ folder }) => {
    const figures = await withHost(folder, async (host) => {
      await host.startMany(20, 'sequence', { prefix: 'warm', input: { steps } });
      await host.idle();
      const before = await host.process();
      const ms = await timed(async () => {
        await host.startMany(instances, 'sequence', { prefix: 'a', input: { steps } });
        await host.idle();
      });
      const after = await host.process();
      return {
        orchestrationsPerSecond: instances / (ms / 1000),
        cpuMsPerOrchestration: (after.cpuMs - before.cpuMs) / instances,
        peakRssMb: after.peakRssBytes / 2 ** 20,
        ...(await host.calibrate()),
      };
    });
    const { size } = statSync(join(folder, 'durable.db'));
    return { ...figures, diskBytesPerOrchestration: size / (instances + 20) };
  },
};
