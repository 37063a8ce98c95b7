import * as df from 'durable-functions';

import type { Topic } from './scenario';

/** What an orchestration says about itself. */
export const customStatus: Topic = {
  register() {
    df.app.orchestration('says', function* (context) {
      context.df.setCustomStatus({ at: 'first' });
      yield context.df.callActivity('echo', 1);
      context.df.setCustomStatus(context.df.getInput());
      yield context.df.waitForExternalEvent('go');
      return 'said';
    });
    df.app.orchestration('saysNothingAfterwards', function* (context) {
      context.df.setCustomStatus('kept');
      yield context.df.callActivity('echo', 1);
      return (yield context.df.callActivity('echo', 2)) as number;
    });
    df.app.orchestration('saysMuch', function* (context) {
      context.df.setCustomStatus('x'.repeat(context.df.getInput()));
      yield context.df.callActivity('echo', 1);
      return 'said';
    });
    df.app.orchestration('saysAndFails', function* (context) {
      context.df.setCustomStatus('last words');
      yield context.df.callActivity('echo', 1);
      throw new Error('after the status');
    });
  },
  scenarios: {
    ...Object.fromEntries(
      [{ at: 'second' }, null, 0, false, '', 'text', [1]].map((value) => [
        `a status that becomes ${JSON.stringify(value)}`,
        async (hub) => {
          const id = await hub.start('says', { input: value });
          const isWaiting = await hub.stuck(id, ({ history }) =>
            history.includes('TaskCompleted echo'),
          );
          await hub.raise(id, 'go');
          return { isWaiting, end: await hub.ended(id) };
        },
      ]),
    ),
    'a status that is set once': (hub) => hub.run('saysNothingAfterwards'),
    'a status that is just short enough': async (hub) => {
      const { status, output } = await hub.run('saysMuch', 8190);
      return { status, output };
    },
    'a status that is too long': (hub) => hub.run('saysMuch', 20_000),
    'a status before a failure': (hub) => hub.run('saysAndFails'),
  },
};
