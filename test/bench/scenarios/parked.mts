import { setTimeout as sleep } from 'node:timers/promises';
import type { Host } from '../host.mts';
import { type Scenario, withHost } from '../scenario.mts';

const instances = 1000;
const more = 10_000;
const idleMs = 5000;

/** P9, P10: what orchestrations cost that wait for something. */
export const parked: Scenario = {
  name: 'parked',
  title: `${instances} parked orchestrations, and ${more} more`,
  run: ({ folder }) =>
    withHost(
      folder,
      async (host) => {
        await park(host, instances, 'first');
        const first = await host.process();
        await sleep(idleMs);
        const later = await host.process();
        const few = await host.processAfterGc();
        await park(host, more, 'more');
        const many = await host.processAfterGc();
        return {
          idleCpuPercent: ((later.cpuMs - first.cpuMs) / idleMs) * 100,
          heapBytesPerParked: (many.heapBytes - few.heapBytes) / more,
          rssBytesPerParked: (many.rssBytes - few.rssBytes) / more,
        };
      },
      { nodeFlags: ['--expose-gc'] },
    ),
};

async function park(host: Host, count: number, prefix: string): Promise<void> {
  await host.startMany(count, 'listen', { prefix, input: {} });
  while ((await host.list('Pending', 1)).length > 0) await sleep(20);
  await sleep(500);
}
