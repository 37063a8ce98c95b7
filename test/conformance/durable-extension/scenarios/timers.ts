import * as df from 'durable-functions';

import type { Outcome, Topic } from './scenario';

const dayMs = 86_400_000;

/** Waiting for a time. */
export const timers: Topic = {
  register() {
    df.app.orchestration('sleeps', function* (context) {
      const before = context.df.currentUtcDateTime.getTime();
      yield context.df.createTimer(new Date(before + context.df.getInput<number>()));
      return { waited: context.df.currentUtcDateTime.getTime() > before };
    });
    df.app.orchestration('sleepsUntilEarly', function* (context) {
      for (let times = 0; times < context.df.getInput<number>(); times += 1) {
        const due = new Date(context.df.currentUtcDateTime.getTime() + 2000);
        yield context.df.createTimer(due);
        if (context.df.currentUtcDateTime < due) return 'early';
      }
      return 'never early';
    });
    df.app.orchestration('cancels', function* (context) {
      const due = new Date(context.df.currentUtcDateTime.getTime() + dayMs);
      const timer = context.df.createTimer(due);
      const work = context.df.callActivity('echo', 'done');
      yield context.df.Task.any([work, timer]);
      timer.cancel();
      return (yield context.df.callActivity('echo', 'after')) as string;
    });
    df.app.orchestration('forgetsToCancel', function* (context) {
      const due = new Date(context.df.currentUtcDateTime.getTime() + 4000);
      const work = context.df.callActivity('echo', 'done');
      yield context.df.Task.any([work, context.df.createTimer(due)]);
      context.df.setCustomStatus('returning');
      return 'returned';
    });
    df.app.orchestration('sleepsInThePast', function* (context) {
      yield context.df.createTimer(new Date(context.df.currentUtcDateTime.getTime() - 60_000));
      return 'awake';
    });
  },
  scenarios: {
    'a timer of two seconds': (hub) => hub.run('sleeps', 2000),
    'a timer that fires before its time': async (hub) =>
      (await hub.run('sleepsUntilEarly', 15)).output,
    'a timer in the past': (hub) => hub.run('sleepsInThePast'),
    'a timer that is cancelled': (hub) => hub.run('cancels'),
    'a timer that nobody cancels': async (hub) => {
      const id = await hub.start('forgetsToCancel');
      const meanwhile = await hub.until(id, ({ customStatus }) => customStatus === 'returning');
      return { meanwhile: meanwhile.status, afterwards: await hub.ended(id) };
    },
    'a timer of seven days': async (hub) => {
      const id = await hub.start('sleeps', { input: 7 * dayMs });
      await hub.until(id, waitsForTimer);
      const { body } = await hub.call('GET', `instances/${id}?showHistory=true`);
      const first = firstTimer(body);
      const terminated = await hub.control(id, 'terminate');
      return { days: Math.round(first / dayMs), terminated, end: await hub.ended(id) };
    },
  },
};

function waitsForTimer({ history }: Outcome): boolean {
  return history.includes('TimerCreated');
}

/** How long after the start the first timer fires, in milliseconds. */
function firstTimer(body: unknown): number {
  const { createdTime, historyEvents } = body as {
    createdTime: string;
    historyEvents: readonly { EventType: string; FireAt?: string }[];
  };
  const created = historyEvents.find(({ EventType }) => EventType === 'TimerCreated');
  return Date.parse(created?.FireAt ?? '') - Date.parse(createdTime);
}
