import * as df from 'durable-functions';

import type { Topic } from './scenario';

/** Activities one after the other and beside each other. */
export const chains: Topic = {
  register() {
    df.app.orchestration('chain', function* (context) {
      const results: number[] = [];
      for (let step = 0; step < context.df.getInput<number>(); step += 1) {
        results.push((yield context.df.callActivity('echo', step)) as number);
      }
      return results;
    });
    df.app.orchestration('slowChain', function* (context) {
      const results: number[] = [];
      for (let value = 0; value < context.df.getInput<number>(); value += 1) {
        results.push((yield context.df.callActivity('slow', { ms: 100, value })) as number);
      }
      return results;
    });
    df.app.orchestration('fanOut', function* (context) {
      const width = context.df.getInput<number>();
      const tasks = Array.from({ length: width }, (_, index) =>
        context.df.callActivity('echo', index),
      );
      const results = (yield context.df.Task.all(tasks)) as number[];
      return (yield context.df.callActivity('echo', results)) as number[];
    });
    df.app.orchestration('firstOfTwo', function* (context) {
      const quick = context.df.callActivity('echo', 'quick');
      const slow = context.df.callActivity('slow', { ms: 400, value: 'slow' });
      const winner = (yield context.df.Task.any([quick, slow])) as unknown;
      return [winner === quick, (yield slow) as string];
    });
    df.app.orchestration('lengthOfLong', function* (context) {
      const text = (yield context.df.callActivity('long', context.df.getInput())) as string;
      return text.length;
    });
    df.app.orchestration('returnsLong', function* (context) {
      return (yield context.df.callActivity('long', context.df.getInput())) as string;
    });
  },
  scenarios: {
    'a chain of five': (hub) => hub.run('chain', 5),
    'a chain of none': (hub) => hub.run('chain', 0),
    'a fan-out of twenty': (hub) => hub.run('fanOut', 20),
    'the first of two': (hub) => hub.run('firstOfTwo'),
    'an activity result of 200 KB': (hub) => hub.run('lengthOfLong', 200_000),
    'an activity result of 1 MiB': (hub) => hub.run('lengthOfLong', 1 << 20),
    'an orchestration result of 200 KB': async (hub) => {
      const { output, ...rest } = await hub.run('returnsLong', 200_000);
      return { ...rest, length: String(output).length };
    },
    'names in another letter case': (hub) => hub.run('CHAIN', 2),
  },
};
