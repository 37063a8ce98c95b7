import * as df from 'durable-functions';

import type { Topic } from './scenario';

/** Orchestrations that call others. */
export const children: Topic = {
  register() {
    df.app.orchestration('parent', function* (context) {
      const given = `${context.df.instanceId}-given`;
      const child = (yield context.df.callSubOrchestrator('child', { n: 1 }, given)) as object;
      const unnamed = (yield context.df.callSubOrchestrator('child', { n: 2 })) as object;
      return [child, unnamed];
    });
    df.app.orchestration('parentOfMany', function* (context) {
      const tasks = [1, 2, 3].map((n) =>
        context.df.callSubOrchestrator('child', { n }, `${context.df.instanceId}-${n}`),
      );
      return (yield context.df.Task.all(tasks)) as object[];
    });
    df.app.orchestration('child', function* (context) {
      const { n } = context.df.getInput<{ n: number }>();
      const doubled = (yield context.df.callActivity('echo', n * 2)) as number;
      return { doubled, parent: context.df.parentInstanceId, id: context.df.instanceId };
    });
    df.app.orchestration('parentOfFailing', function* (context) {
      try {
        yield context.df.callSubOrchestrator('failingChild', null, `${context.df.instanceId}-1`);
      } catch (error) {
        return (error as Error).message;
      }
      return 'nothing was thrown';
    });
    df.app.orchestration('uncaughtParent', function* (context) {
      yield context.df.callSubOrchestrator('failingChild', null, `${context.df.instanceId}-1`);
    });
    df.app.orchestration('failingChild', function* (context) {
      yield context.df.callActivity('echo', 1);
      throw new RangeError('the child is out of range');
    });
  },
  scenarios: {
    'a child with a given id and one without': (hub) => hub.run('parent'),
    'three children at once': (hub) => hub.run('parentOfMany'),
    'the child itself, as its parent left it': async (hub) => {
      const id = await hub.start('parentOfMany');
      await hub.ended(id);
      return hub.ended(`${id}-2`);
    },
    'the failure of a child': (hub) => hub.run('parentOfFailing'),
    'the failure of a child that nobody catches': (hub) => hub.run('uncaughtParent'),
  },
};
