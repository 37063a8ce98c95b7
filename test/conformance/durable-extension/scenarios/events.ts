import * as df from 'durable-functions';

import type { Hub, Outcome, Topic } from './scenario';

const waits = ({ customStatus }: Outcome): boolean => customStatus === 'waiting';

/** Raises events in their order: each is taken in before the next one is sent. */
async function raiseInTurn(hub: Hub, id: string, events: readonly [string, unknown][]) {
  for (const [name, data] of events) {
    const seen = await hub.until(id, () => true);
    const raised = (outcome: Outcome): number =>
      outcome.history.filter((entry) => entry.startsWith('EventRaised')).length;
    await hub.raise(id, name, data);
    await hub.until(id, (now) => now.status !== 'Running' || raised(now) > raised(seen));
  }
}

/** Messages from outside. */
export const events: Topic = {
  register() {
    df.app.orchestration('approval', function* (context) {
      const due = new Date(context.df.currentUtcDateTime.getTime() + context.df.getInput<number>());
      const deadline = context.df.createTimer(due);
      const decision = context.df.waitForExternalEvent('decision');
      context.df.setCustomStatus('waiting');
      const winner = (yield context.df.Task.any([decision, deadline])) as unknown;
      if (winner !== decision) return 'too late';
      deadline.cancel();
      return { decision: decision.result };
    });
    df.app.orchestration('threeEvents', function* (context) {
      const results: unknown[] = [];
      context.df.setCustomStatus('waiting');
      for (let n = 0; n < 3; n += 1) results.push(yield context.df.waitForExternalEvent('e'));
      return results;
    });
    df.app.orchestration('lateListener', function* (context) {
      context.df.setCustomStatus('waiting');
      yield context.df.waitForExternalEvent('first');
      yield context.df.callActivity('slow', { ms: 300, value: 1 });
      return (yield context.df.waitForExternalEvent('second')) as unknown;
    });
    df.app.orchestration('twoListeners', function* (context) {
      const older = context.df.waitForExternalEvent('e');
      const newer = context.df.waitForExternalEvent('e');
      context.df.setCustomStatus('waiting');
      yield context.df.Task.all([older, newer]);
      return { older: older.result, newer: newer.result };
    });
  },
  scenarios: {
    'an event in time': async (hub) => {
      const id = await hub.start('approval', { input: 3_600_000 });
      await hub.until(id, waits);
      const raised = await hub.raise(id, 'decision', { approved: true });
      return { raised, end: await hub.ended(id) };
    },
    'an event too late': async (hub) => {
      const id = await hub.start('approval', { input: 1000 });
      const end = await hub.ended(id);
      return { end, raised: await hub.raise(id, 'decision') };
    },
    'an event that waits for its listener': async (hub) => {
      const id = await hub.start('lateListener');
      await hub.until(id, waits);
      await raiseInTurn(hub, id, [
        ['second', 'early'],
        ['first', 1],
      ]);
      return hub.ended(id);
    },
    'three events in turn': async (hub) => {
      const id = await hub.start('threeEvents');
      await hub.until(id, waits);
      await raiseInTurn(hub, id, [
        ['e', 1],
        ['e', 'two'],
        ['e', { three: true }],
      ]);
      return hub.ended(id);
    },
    'two listeners for one event': async (hub) => {
      const id = await hub.start('twoListeners');
      await hub.until(id, waits);
      await raiseInTurn(hub, id, [
        ['e', 'first'],
        ['e', 'second'],
      ]);
      return hub.ended(id);
    },
    'an event in another letter case': async (hub) => {
      const id = await hub.start('threeEvents');
      await hub.until(id, waits);
      await raiseInTurn(hub, id, [
        ['E', 'unheard'],
        ['e', 1],
        ['e', 2],
        ['e', 3],
      ]);
      return hub.ended(id);
    },
    'an event for nobody': (hub) => hub.raise(`${hub.prefix}-nobody`, 'e'),
  },
};
