import * as df from 'durable-functions';

import type { Flaky } from './activities';
import type { Topic } from './scenario';

interface Retried extends Flaky {
  readonly attempts: number;
}

function retrying(attempts: number): df.RetryOptions {
  const options = new df.RetryOptions(20, attempts);
  options.backoffCoefficient = 2;
  return options;
}

/** Calls that are repeated when they fail. */
export const retries: Topic = {
  register() {
    df.app.orchestration('retried', function* (context) {
      const { attempts, ...input } = context.df.getInput<Retried>();
      return (yield context.df.callActivityWithRetry('flaky', retrying(attempts), input)) as string;
    });
    df.app.orchestration('retriedAndCaught', function* (context) {
      const { attempts, ...input } = context.df.getInput<Retried>();
      try {
        yield context.df.callActivityWithRetry('flaky', retrying(attempts), input);
      } catch (error) {
        const [line] = (error as Error).message.split('\n');
        return [line, (yield context.df.callActivity('echo', 'afterwards')) as string];
      }
      return 'nothing was thrown';
    });
    df.app.orchestration('retriedBesideOthers', function* (context) {
      const key = context.df.getInput<string>();
      const soon = new Date(context.df.currentUtcDateTime.getTime() + 8000);
      const results = (yield context.df.Task.all([
        context.df.callActivityWithRetry('flaky', retrying(3), { key, failures: 2 }),
        context.df.callActivity('slow', { ms: 3000, value: 'beside' }),
        context.df.createTimer(soon),
      ])) as unknown[];
      return [...results.slice(0, 2), (yield context.df.callActivity('echo', 'after')) as string];
    });
    df.app.orchestration('retriedChild', function* (context) {
      const { attempts, ...input } = context.df.getInput<Retried>();
      return (yield context.df.callSubOrchestratorWithRetry(
        'flakyChild',
        retrying(attempts),
        input,
        context.df.instanceId + '-child',
      )) as string;
    });
    df.app.orchestration('flakyChild', function* (context) {
      return (yield context.df.callActivity('flaky', context.df.getInput())) as string;
    });
  },
  scenarios: {
    'retries until it succeeds': (hub) =>
      hub.run('retried', { key: hub.prefix, failures: 2, attempts: 4 }),
    'retries that are used up': (hub) =>
      hub.run('retriedAndCaught', { key: hub.prefix, failures: 9, attempts: 3 }),
    'retries that are used up and not caught': (hub) =>
      hub.run('retried', { key: hub.prefix, failures: 9, attempts: 2 }),
    'a single attempt': (hub) =>
      hub.run('retriedAndCaught', { key: hub.prefix, failures: 9, attempts: 1 }),
    'retries beside other work': async (hub) => {
      const { history, ...rest } = await hub.run('retriedBesideOthers', hub.prefix);
      return { ...rest, history: history.toSorted() };
    },
    'retries of a child': (hub) =>
      hub.run('retriedChild', { key: hub.prefix, failures: 1, attempts: 3 }),
    'retries of a child that are used up': (hub) =>
      hub.run('retriedChild', { key: hub.prefix, failures: 9, attempts: 2 }),
  },
};
