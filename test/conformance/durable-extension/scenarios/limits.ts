import * as df from 'durable-functions';

import type { Topic } from './scenario';

/** Orchestrations that plan more than `maxOrchestrationActions` allows. */
export const limits: Topic = {
  register() {
    df.app.orchestration('plansAtOnce', function* (context) {
      const width = context.df.getInput<number>();
      const tasks = Array.from({ length: width }, (_, n) => context.df.callActivity('echo', n));
      return ((yield context.df.Task.all(tasks)) as unknown[]).length;
    });
    df.app.orchestration('plansInTurn', function* (context) {
      const length = context.df.getInput<number>();
      for (let n = 0; n < length; n += 1) yield context.df.callActivity('echo', n);
      return length;
    });
    df.app.orchestration('plansSignals', function* (context) {
      const account = new df.EntityId('account', context.df.instanceId);
      for (let n = 0; n < context.df.getInput<number>(); n += 1) {
        context.df.signalEntity(account, 'add', n);
      }
      return (yield context.df.callActivity('echo', 'signalled')) as string;
    });
  },
  scenarios: {
    'as many activities in turn as are allowed': (hub) => hub.run('plansInTurn', 20),
    'one activity in turn too many': async (hub) =>
      hub.stuck(await hub.start('plansInTurn', { input: 21 })),
    'as many activities at once as are allowed': (hub) => hub.run('plansAtOnce', 20),
    'one activity at once too many': async (hub) =>
      hub.stuck(await hub.start('plansAtOnce', { input: 21 })),
    'as many signals as are allowed': (hub) => hub.run('plansSignals', 19),
    'one signal too many': (hub) => hub.run('plansSignals', 21),
  },
};
