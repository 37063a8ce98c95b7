import * as df from 'durable-functions';

import type { Hub, Outcome, Topic } from './scenario';

function inMs(context: df.OrchestrationContext, ms: number): Date {
  return new Date(context.df.currentUtcDateTime.getTime() + ms);
}

/** An instance that says that it is about to hang, and then does. */
async function stuckAfter(hub: Hub, name: string, input?: unknown): Promise<Outcome> {
  const id = await hub.start(name, { input });
  await hub.until(id, ({ customStatus }) => customStatus === 'about to hang');
  return hub.stuck(id);
}

/** Code that does not do on Azure what one would expect. */
export const hazards: Topic = {
  register() {
    df.app.orchestration('waitsTwiceInCompounds', function* (context) {
      const quick = context.df.callActivity('slow', { ms: 10, value: 'quick' });
      const slow = context.df.callActivity('slow', { ms: 1000, value: 'slow' });
      yield context.df.Task.any([quick, slow]);
      const later = context.df.callActivity('slow', { ms: 100, value: 'later' });
      const winner = (yield context.df.Task.any([slow, later])) as df.Task;
      return { winner: winner.result, isLater: winner === later };
    });
    df.app.orchestration('reusesDeadline', function* (context) {
      const deadline = context.df.createTimer(inMs(context, 3000));
      for (const step of [1, 2]) {
        const work = context.df.callActivity('echo', step);
        yield context.df.Task.any([work, deadline]);
      }
      deadline.cancel();
      return 'done';
    });
    df.app.orchestration('waitsForCompleted', function* (context) {
      context.df.setCustomStatus('about to hang');
      const task = context.df.callActivity('echo', 'a');
      yield context.df.Task.all([task]);
      return (yield context.df.Task.all([task])) as unknown;
    });
    df.app.orchestration('yieldsAgain', function* (context) {
      const quick = context.df.callActivity('echo', 'quick');
      const slow = context.df.callActivity('slow', { ms: 200, value: 'slow' });
      yield context.df.Task.any([quick, slow]);
      return [(yield slow) as string, (yield quick) as string];
    });
    df.app.orchestration('cleansUpTooEarly', function* (context) {
      const key = context.df.getInput<string>();
      try {
        yield context.df.Task.all([
          context.df.callActivity('flaky', { key: `${key}-a`, failures: 9 }),
          context.df.callActivityWithRetry('flaky', new df.RetryOptions(2000, 3), {
            key: `${key}-b`,
            failures: 1,
            ms: 1000,
          }),
        ]);
      } catch {
        const result = (yield context.df.callActivity('echo', 'cleanup')) as unknown;
        return { result: result ?? 'nothing' };
      }
      return 'nothing was thrown';
    });
    df.app.orchestration('drainsFirst', function* (context) {
      const key = context.df.getInput<string>();
      const tasks = [
        context.df.callActivity('flaky', { key: `${key}-a`, failures: 9 }),
        context.df.callActivityWithRetry('flaky', new df.RetryOptions(20, 3), {
          key: `${key}-b`,
          failures: 1,
          ms: 1000,
        }),
      ];
      try {
        yield context.df.Task.all(tasks);
      } catch {
        // every task is waited for below
      }
      const results: unknown[] = [];
      for (const task of tasks) {
        try {
          results.push(yield task);
        } catch {
          results.push('failed');
        }
      }
      return [...results, (yield context.df.callActivity('echo', 'cleanup')) as string];
    });
    df.app.orchestration('givesUpRetrying', function* (context) {
      context.df.setCustomStatus('about to hang');
      const options = new df.RetryOptions(1000, 50);
      options.retryTimeoutInMilliseconds = 1500;
      const input = { key: context.df.instanceId, failures: 99 };
      yield context.df.callActivityWithRetry('flaky', options, input);
      return 'done';
    });
    df.app.orchestration('waitsForNone', function* (context) {
      const { Task } = context.df;
      yield context.df.getInput() === 'all' ? Task.all([]) : Task.any([]);
      return 'done';
    });
    df.app.orchestration('locksForEver', function* (context) {
      yield context.df.lock(new df.EntityId('account', context.df.getInput()));
      context.df.setCustomStatus('locked');
      yield context.df.waitForExternalEvent('never');
    });
    df.app.orchestration('wantsLocked', function* (context) {
      context.df.setCustomStatus('about to hang');
      const id = new df.EntityId('account', context.df.getInput());
      return (yield context.df.callEntity(id, 'get')) as number;
    });
    df.app.orchestration('callsUnknown', function* (context) {
      context.df.setCustomStatus('about to hang');
      const isActivity = context.df.getInput() === 'activity';
      try {
        if (isActivity) yield context.df.callActivity('nowhere', 1);
        else yield context.df.callSubOrchestrator('nowhere', 1);
      } catch {
        return 'caught';
      }
      return 'done';
    });
    df.app.orchestration('usesUnknownEntity', function* (context) {
      context.df.setCustomStatus('about to hang');
      const id = new df.EntityId('nobody', 'key');
      if (context.df.getInput() === 'call') yield context.df.callEntity(id, 'get');
      else context.df.signalEntity(id, 'add', 1);
      return (yield context.df.callActivity('echo', 'after')) as string;
    });
    df.app.orchestration('forgetsToYield', function* (context) {
      context.df.callActivity('echo', 'forgotten');
      return (yield context.df.callActivity('echo', 'waited for')) as string;
    });
  },
  scenarios: {
    'a pending task in a second compound (H1)': (hub) => hub.run('waitsTwiceInCompounds'),
    'a deadline that is used again (H1)': (hub) => hub.run('reusesDeadline'),
    'a completed task in a compound (H2)': (hub) => stuckAfter(hub, 'waitsForCompleted'),
    'a task that is yielded again': (hub) => hub.run('yieldsAgain'),
    'work after a failure while others retry (H3)': (hub) =>
      hub.run('cleansUpTooEarly', hub.prefix),
    'work after a failure and a drain': (hub) => hub.run('drainsFirst', hub.prefix),
    'a retry timeout (H4)': async (hub) => {
      const { status, output } = await stuckAfter(hub, 'givesUpRetrying');
      return { status, output };
    },
    'all of none (H6)': (hub) => hub.run('waitsForNone', 'all'),
    'any of none (H6)': (hub) => hub.run('waitsForNone', 'any'),
    'a lock whose holder is terminated (H8)': async (hub) => {
      const id = await hub.start('locksForEver', { input: hub.prefix });
      await hub.until(id, ({ customStatus }) => customStatus === 'locked');
      await hub.control(id, 'terminate');
      const holder = await hub.ended(id);
      return { holder, other: await stuckAfter(hub, 'wantsLocked', hub.prefix) };
    },
    'an activity that does not exist': (hub) => stuckAfter(hub, 'callsUnknown', 'activity'),
    'a child that does not exist': (hub) => stuckAfter(hub, 'callsUnknown', 'child'),
    'an orchestration that does not exist': async (hub) => {
      const { output, ...rest } = await hub.run('nowhere');
      const [text = '', names = ''] = String(output).split('known orchestrator functions: ');
      return { ...rest, text, names: names.replace(/\.$/, '').split(', ').sort() };
    },
    'a call of an entity that does not exist': (hub) =>
      stuckAfter(hub, 'usesUnknownEntity', 'call'),
    'a signal to an entity that does not exist': (hub) => hub.run('usesUnknownEntity', 'signal'),
    'a task that is never yielded': (hub) => hub.run('forgetsToYield'),
  },
};
