import type { InvocationContext, Timer } from '@azure/functions';
import type { DurableClient } from 'durable-functions';

import { logOf } from './log';
import { startUnlessLive } from './instances';
import type { Services } from './services';

/** The schedule → a sweep of the fleet. A sweep that is still under way is not started twice. */
export async function onSweepTimer(
  timer: Timer,
  client: DurableClient,
  { services, context }: { readonly services: Services; readonly context: InvocationContext },
): Promise<void> {
  const { subscriptions, policy } = services;
  const started = await startUnlessLive(client, {
    orchestration: 'sweepFleet',
    instanceId: 'sweep',
    input: { subscriptions, policy, cause: timer.isPastDue ? 'schedule, late' : 'schedule' },
  });
  logOf(context).info('sweep.due', { started, isPastDue: timer.isPastDue });
}
