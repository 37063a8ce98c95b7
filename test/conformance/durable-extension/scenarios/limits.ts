import * as df from 'durable-functions';

import type { Outcome, Topic } from './scenario';

/** As `host.json` says, instead of 100,000 */
export const allowedActions = 8;

/** The activities that are allowed have run; the real engine forgets the rest, and waits for ever. */
function hasDoneAllowed({ history }: Outcome): boolean {
  return history.filter((entry) => entry === 'TaskCompleted echo').length === allowedActions;
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
    'as many activities in turn as are allowed': (hub) => hub.run('plansInTurn', allowedActions),
    'one activity in turn too many': async (hub) =>
      hub.stuck(await hub.start('plansInTurn', { input: allowedActions + 1 }), hasDoneAllowed),
    'as many activities at once as are allowed': (hub) => hub.run('plansAtOnce', allowedActions),
    'one activity at once too many': async (hub) =>
      hub.stuck(await hub.start('plansAtOnce', { input: allowedActions + 1 }), hasDoneAllowed),
    'as many signals as are allowed': (hub) => hub.run('plansSignals', allowedActions - 1),
    'one signal too many': (hub) => hub.run('plansSignals', allowedActions + 1),
  },
};
