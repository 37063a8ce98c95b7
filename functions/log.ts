import type { InvocationContext } from '@azure/functions';

import { jsonLog } from '../domain/log';
import type { Log, LogScope } from '../domain/log';

/** The log of a trigger. */
export function logOf(context: InvocationContext, about: LogScope['about'] = {}): Log {
  const scope = { now: () => new Date(), about: { requestId: context.invocationId, ...about } };
  return jsonLog(context, scope);
}
