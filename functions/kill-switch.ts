import type { HttpMethod, InvocationContext } from '@azure/functions';
import type { DurableClient } from 'durable-functions';

import { logOf } from './log';
import { Problem } from './problem';
import type { Services } from './services';

/**
 * `STEWARD_ENABLED=false`: nothing is started. What is already running is refused its next write by the clients.
 *
 * @throws Problem for a request that would start something.
 */
export function requireSwitchedOn(enabled: boolean, method: HttpMethod): void {
  if (enabled || method === 'GET') return;
  throw new Problem(
    'switched-off',
    'Steward is switched off by STEWARD_ENABLED and can only be looked at. Set it to true, then send the request again.',
  );
}

/** What an event or a timer leads to. */
export type Reaction<T> = (
  trigger: T,
  client: DurableClient,
  by: { readonly services: Services; readonly context: InvocationContext },
) => Promise<void>;

/**
 * A reaction as the host calls it: a line in the log while Steward is switched off. An event counts as handled then; the
 * first sweep afterwards sees what it was about.
 */
export function reacting<T>(
  react: Reaction<T>,
  { services, enabled }: { readonly services: Services; readonly enabled: boolean },
): (trigger: T, client: DurableClient, context: InvocationContext) => Promise<void> {
  return async (trigger, client, context) => {
    if (enabled) await react(trigger, client, { services, context });
    else logOf(context).warn('switched-off', { function: context.functionName });
  };
}
