import { RetryOptions } from 'durable-functions';
import type {
  DurableOrchestrationContext,
  OrchestrationContext,
  OrchestrationHandler,
} from 'durable-functions';

/**
 * An orchestrator in a hurry: its timers fire at once and its retries wait for nothing. Its clock moves
 * on by what it has slept and by nothing else, so that it meets its deadlines after as many turns as on
 * an idle machine.
 */
export function hurried(handler: OrchestrationHandler): OrchestrationHandler {
  return function* (context: OrchestrationContext) {
    context.df = inHurry(context.df);
    return yield* handler(context);
  };
}

function inHurry(df: DurableOrchestrationContext): DurableOrchestrationContext {
  let now = df.currentUtcDateTime;
  const createTimer: DurableOrchestrationContext['createTimer'] = (fireAt) => {
    now = fireAt;
    return df.createTimer(df.currentUtcDateTime);
  };
  const callActivityWithRetry: DurableOrchestrationContext['callActivityWithRetry'] = (
    name,
    { maxNumberOfAttempts },
    input,
  ) => df.callActivityWithRetry(name, new RetryOptions(1, maxNumberOfAttempts), input);
  return new Proxy(df, {
    get(target, key) {
      if (key === 'currentUtcDateTime') return new Date(now);
      if (key === 'createTimer') return createTimer;
      if (key === 'callActivityWithRetry') return callActivityWithRetry;
      return Reflect.get(target, key) as unknown;
    },
  });
}
