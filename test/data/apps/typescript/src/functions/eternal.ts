import * as df from 'durable-functions';
import { OrchestrationContext } from 'durable-functions';

interface Cleanups {
  done: number;
}

// Eternal orchestration: a cleanup job that goes on until somebody stops it
df.app.orchestration('periodicCleanup', function* (context: OrchestrationContext) {
  const state: Cleanups = context.df.getInput() ?? { done: 0 };
  yield context.df.callActivity('cleanUp', state);
  context.df.setCustomStatus({ cleanups: state.done + 1 });

  // sleep for one hour between cleanups
  const nextCleanup = new Date(context.df.currentUtcDateTime.getTime() + 60 * 60 * 1000);
  const stop = context.df.waitForExternalEvent('stop');
  const timer = context.df.createTimer(nextCleanup);
  const winner = yield context.df.Task.any([stop, timer]);
  if (winner === stop) {
    timer.cancel();
    return { cleanups: state.done + 1, reason: stop.result };
  }

  context.df.continueAsNew({ done: state.done + 1 });
});

df.app.activity('cleanUp', {
  handler: async (): Promise<void> => {
    await new Promise((resolve) => setTimeout(resolve, 1));
  },
});
