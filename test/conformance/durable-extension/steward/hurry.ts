// Runs beside the app, and puts all of its orchestrators in a hurry: their timers fire at once and their
// retries wait for nothing. Their clock moves on by what they have slept and by nothing else, so that they
// meet their deadlines after as many turns as on an idle machine.
import type { DurableOrchestrationContext, RetryOptions } from 'durable-functions';

import { registerHook } from './host-interface';

registerHook('preInvocation', ({ invocationContext }) => {
  if (invocationContext.options.trigger.type !== 'orchestrationTrigger') return;
  let own: DurableOrchestrationContext | undefined;
  Object.defineProperty(invocationContext, 'df', {
    get: () => own,
    set(df: DurableOrchestrationContext) {
      own = inHurry(df);
    },
  });
});

function inHurry(df: DurableOrchestrationContext): DurableOrchestrationContext {
  let now = df.currentUtcDateTime;
  const createTimer: DurableOrchestrationContext['createTimer'] = (fireAt) => {
    now = fireAt;
    return df.createTimer(df.currentUtcDateTime);
  };
  const callActivityWithRetry: DurableOrchestrationContext['callActivityWithRetry'] = (
    name,
    options,
    input,
  ) => {
    const Options = options.constructor as typeof RetryOptions; // the app's own
    return df.callActivityWithRetry(name, new Options(1, options.maxNumberOfAttempts), input);
  };
  return new Proxy(df, {
    get(target, key) {
      if (key === 'currentUtcDateTime') return new Date(now);
      if (key === 'createTimer') return createTimer;
      if (key === 'callActivityWithRetry') return callActivityWithRetry;
      return Reflect.get(target, key) as unknown;
    },
  });
}
