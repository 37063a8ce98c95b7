import { statSync } from 'node:fs';
import { join } from 'node:path';
import type { Mark } from '../host.mts';
import { type Scenario, timed, withHost } from '../scenario.mts';
import { mean } from '../statistics.mts';

const steps = 2000;
/** Steps at the beginning and at the end that are compared. */
const edge = 100;

/** E: one long orchestration, which is replayed from its beginning after every activity. */
export const longSequence: Scenario = {
  name: 'E',
  title: `one orchestration of ${steps} activities one after the other`,
  run: async ({ folder }) => {
    const figures = await withHost(folder, async (host) => {
      await host.startInstance('sequence', 'warm', { steps: 200 });
      await host.idle();
      await host.marks(200);
      const before = await host.process();
      const ms = await timed(async () => {
        await host.startInstance('sequence', 'e', { steps });
        await host.idle();
      });
      const after = await host.process();
      const growth = lastToFirst(await host.marks(steps));
      const replay = await host.replay(steps);
      return {
        seconds: ms / 1000,
        cpuSeconds: (after.cpuMs - before.cpuMs) / 1000,
        sdkSeconds: replay.wallMs / 1000,
        sdkCpuSeconds: replay.cpuMs / 1000,
        lastToFirst: growth,
        ...(await host.calibrate()),
      };
    });
    const { size } = statSync(join(folder, 'durable.db'));
    return { ...figures, diskBytesPerStep: size / (steps + 200) };
  },
};

/** E as it should be written: a new execution after every hundred activities. */
export const longSequenceInParts: Scenario = {
  name: 'P6',
  title: `the same, continued as new after every ${edge}`,
  run: ({ folder }) =>
    withHost(folder, async (host) => {
      await host.startInstance('sequenceInParts', 'warm', { left: 200, part: edge });
      await host.idle();
      await host.marks(200);
      const ms = await timed(async () => {
        await host.startInstance('sequenceInParts', 'p6', { left: steps, part: edge });
        await host.idle();
      });
      const growth = lastToFirst(await host.marks(steps));
      return { seconds: ms / 1000, lastToFirst: growth, ...(await host.calibrate()) };
    }),
};

/** Mean time between the last steps, divided by that between the first ones. */
function lastToFirst(marks: readonly Mark[]): number {
  const times = marks.map(([, at]) => at);
  const gaps = times.slice(1).map((at, index) => at - (times[index] ?? NaN));
  return mean(gaps.slice(-edge)) / mean(gaps.slice(0, edge));
}
