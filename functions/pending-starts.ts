import type { InvocationContext, Timer } from '@azure/functions';
import type { DurableClient } from 'durable-functions';

import { logOf } from './log';
import { failureOf } from '../domain/outcome';
import type { StartRecord } from '../domain/records';
import { catchUp } from './run-start';
import type { Services } from './services';

/** Every minute: starts what was accepted and is not started, be it that its process has ended. */
export async function onStartTimer(
  _timer: Timer,
  client: DurableClient,
  { services, context }: { readonly services: Services; readonly context: InvocationContext },
): Promise<void> {
  const log = logOf(context);
  for await (const start of pendingStarts(services)) {
    const { fleetId } = start;
    try {
      await catchUp(start, { client, services });
      log.info('start.caught-up', { fleetId });
    } catch (error) {
      // The next one may be possible, and this one is tried again in a minute.
      log.warn('start.failed', { fleetId, reason: failureOf(error).message });
    }
  }
}

async function* pendingStarts({ records }: Services): AsyncGenerator<StartRecord> {
  let after: string | undefined;
  do {
    const page = await records.list('start', { limit: 100, ...(after !== undefined && { after }) });
    yield* page.items;
    after = page.next;
  } while (after !== undefined);
}
