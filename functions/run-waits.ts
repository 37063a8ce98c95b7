import type { DurableClient } from 'durable-functions';

import type { WaitReason } from '../domain/progress';
import type { RunRecord } from '../domain/records';
import { findInstance, isLive } from './instances';
import { progressOf, stepOf } from './run-progress';

// Each costs the engine one or two look-ups. Whoever comes later waits for its turn.
const mostAsked = 200;
const atOnce = 20;

/** What the runs wait for that have not ended, oldest first; one that is at work waits for nothing. */
export async function waitsOf(
  queued: readonly RunRecord[],
  client: DurableClient,
): Promise<readonly WaitReason[]> {
  const reasons: (WaitReason | undefined)[] = queued.slice(mostAsked).map(() => 'concurrency');
  for (let first = 0; first < Math.min(queued.length, mostAsked); first += atOnce) {
    const some = queued.slice(first, Math.min(first + atOnce, mostAsked));
    reasons.push(...(await Promise.all(some.map((run) => waitOf(run, client)))));
  }
  return reasons.filter((reason) => reason !== undefined);
}

async function waitOf(run: RunRecord, client: DurableClient): Promise<WaitReason | undefined> {
  const instance = await findInstance(client, run.instanceId);
  if (!instance) return 'concurrency';
  if (!isLive(instance)) return undefined;
  const step = stepOf(run, instance);
  const child = step === undefined ? undefined : await findInstance(client, step);
  return (progressOf(child)?.wait ?? progressOf(instance)?.wait)?.reason;
}
