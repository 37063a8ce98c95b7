import type { Host } from '../host.mts';
import { type Scenario, withHost } from '../scenario.mts';
import { percentile } from '../statistics.mts';

const instances = 200;

/** C: parked orchestrations that events wake, all at once. */
export const events: Scenario = {
  name: 'C',
  title: `${instances} parked orchestrations woken by events`,
  run: ({ folder }) =>
    withHost(folder, async (host) => {
      await wakeAll(host, 'warm');
      const late = await wakeAll(host, 'c');
      return {
        wakeMsP50: percentile(late, 50),
        wakeMsP99: percentile(late, 99),
        ...(await host.calibrate()),
      };
    }),
};

/** How long after each event was sent the orchestration's next activity ran. */
async function wakeAll(host: Host, prefix: string): Promise<readonly number[]> {
  const ids = await host.startMany(instances, 'listen', { prefix, input: {} });
  while ((await host.list('Pending', 1)).length > 0);
  await host.wake(ids);
  const marks = await host.marks(instances);
  await host.idle();
  return marks.map(([, at, due = NaN]) => at - due);
}
