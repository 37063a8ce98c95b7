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
  },
  scenarios: {
    'as many actions in turn as are allowed': (hub) => hub.run('plansInTurn', 20),
    'one action in turn too many': (hub) => hub.run('plansInTurn', 21),
    'as many actions at once as are allowed': (hub) => hub.run('plansAtOnce', 19),
    'one action at once too many': (hub) => hub.run('plansAtOnce', 20),
    'far too many actions at once': (hub) => hub.run('plansAtOnce', 40),
  },
};
