import type { Host } from '../host.mts';
import { type Scenario, withHost } from '../scenario.mts';
import { percentile } from '../statistics.mts';

const instances = 200;
const ms = 1000;

/** D: timers that are due at about the same time. */
export const timers: Scenario = {
  name: 'D',
  title: `${instances} timers of one second`,
  run: ({ folder }) =>
    withHost(folder, async (host) => {
      await sleepAll(host, 'warm');
      const late = await sleepAll(host, 'd');
      return {
        lateMsP50: percentile(late, 50),
        lateMsP99: percentile(late, 99),
        ...(await host.calibrate()),
      };
    }),
};

/** How long after its timer was due each orchestration's next activity ran. */
async function sleepAll(host: Host, prefix: string): Promise<readonly number[]> {
  await host.startMany(instances, 'sleep', { prefix, input: { ms } });
  const marks = await host.marks(instances);
  await host.idle();
  return marks.map(([, at, due = NaN]) => at - due);
}
