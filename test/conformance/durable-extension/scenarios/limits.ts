import * as df from 'durable-functions';

import type { Outcome, Topic } from './scenario';

/** The twenty activities that are allowed have run, or the instance has ended. */
function hasDoneAllowed({ status, history }: Outcome): boolean {
  return (
    status === 'Failed' || history.filter((entry) => entry === 'TaskCompleted echo').length === 20
  );
}

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
    df.app.entity('sink', () => undefined);
    df.app.orchestration('plansSignals', function* (context) {
      const sink = new df.EntityId('sink', context.df.instanceId);
      for (let n = 0; n < context.df.getInput<number>(); n += 1) {
        context.df.signalEntity(sink, 'add', n);
      }
      return (yield context.df.callActivity('echo', 'signalled')) as string;
    });
  },
  scenarios: {
    'as many activities in turn as are allowed': (hub) => hub.run('plansInTurn', 20),
    'one activity in turn too many': async (hub) =>
      hub.stuck(await hub.start('plansInTurn', { input: 21 }), hasDoneAllowed),
    'as many activities at once as are allowed': (hub) => hub.run('plansAtOnce', 20),
    'one activity at once too many': async (hub) =>
      hub.stuck(await hub.start('plansAtOnce', { input: 21 }), hasDoneAllowed),
    'as many signals as are allowed': (hub) => hub.run('plansSignals', 19),
    'one signal too many': (hub) => hub.run('plansSignals', 21),
  },
};
