import * as df from 'durable-functions';

import type { Topic } from './scenario';

interface Round {
  readonly n: number;
  readonly last: number;
}

/** Orchestrations that continue as new ones. */
export const renewals: Topic = {
  register() {
    df.app.orchestration('rounds', function* (context) {
      const { n, last } = context.df.getInput<Round>();
      context.df.setCustomStatus({ round: n });
      yield context.df.callActivity('echo', n);
      if (n < last) context.df.continueAsNew({ n: n + 1, last });
      return n;
    });
    df.app.orchestration('renewedWith', function* (context) {
      yield* [];
      const input = context.df.getInput<unknown>();
      if (typeof input !== 'object' || input === null || !('next' in input)) {
        return { input, kind: typeof input };
      }
      context.df.continueAsNew(input.next);
      return undefined;
    });
    df.app.orchestration('forgetsEvents', function* (context) {
      const { n } = context.df.getInput<Round>();
      if (n === 1) {
        context.df.setCustomStatus('waiting');
        yield context.df.waitForExternalEvent('go');
        context.df.continueAsNew({ n: 2, last: 2 });
        return 'renewed';
      }
      const due = new Date(context.df.currentUtcDateTime.getTime() + 2000);
      const deadline = context.df.createTimer(due);
      const event = context.df.waitForExternalEvent('kept');
      const winner = (yield context.df.Task.any([event, deadline])) as unknown;
      if (winner === event) deadline.cancel();
      return winner === event ? 'kept' : 'lost';
    });
  },
  scenarios: {
    'five rounds': (hub) => hub.run('rounds', { n: 1, last: 5 }),
    'a round with a text': (hub) => hub.run('renewedWith', { next: 'text' }),
    'a round with a number': (hub) => hub.run('renewedWith', { next: 5 }),
    'a round with nothing': (hub) => hub.run('renewedWith', { next: null }),
    'a round with a list': (hub) => hub.run('renewedWith', { next: [1, 'a', { b: false }] }),
    'an event that the round before did not hear': async (hub) => {
      const id = await hub.start('forgetsEvents', { input: { n: 1, last: 2 } });
      await hub.until(id, ({ customStatus }) => customStatus === 'waiting');
      await hub.raise(id, 'kept');
      await hub.until(id, ({ history }) => history.includes('EventRaised kept'));
      await hub.raise(id, 'go');
      return hub.ended(id);
    },
  },
};
