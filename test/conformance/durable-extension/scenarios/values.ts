import * as df from 'durable-functions';

import type { Topic } from './scenario';

/** What an app passes on and returns; `1e21` and integers beyond 64 bits are not among them. */
const values: readonly unknown[] = [
  ...[true, false, 0, 5, -1.5, 2 ** 53, '', 'text', '123', 'true', 'null', '{"a":1}'],
  ...['2020-01-01T00:00:00Z', { d: '2020-01-01T00:00:00.000Z', n: null, t: true }],
  ...[[1, [2]], [], {}, null, { Timestamp: '2020-01-01T00:00:00Z' }, 'ä€😀'],
];

const shape = (value: unknown): object => ({
  kind: typeof value,
  value: value === undefined ? 'nothing' : value,
});

/** Values on their way through every kind of call. */
export const valueKinds: Topic = {
  register() {
    df.app.activity('shape', { handler: shape });
    df.app.activity('give', { handler: (index: number) => values[index] });
    df.app.activity('giveOdd', {
      handler: (name: string) =>
        new Map<string, unknown>([
          ['date', new Date(0)],
          ['NaN', NaN],
          ['bytes', Buffer.from('bytes')],
        ]).get(name),
    });
    df.app.orchestration('shapesOfInputs', function* (context) {
      const shapes: unknown[] = [];
      for (const value of values) shapes.push(yield context.df.callActivity('shape', value));
      return shapes;
    });
    df.app.orchestration('shapesOfResults', function* (context) {
      const shapes: unknown[] = [];
      for (const index of values.keys()) {
        shapes.push(shape(yield context.df.callActivity('give', index)));
      }
      for (const name of ['none', 'date', 'NaN', 'bytes']) {
        shapes.push(shape(yield context.df.callActivity('giveOdd', name)));
      }
      return shapes;
    });
    df.app.orchestration('shapeOfOwn', function* (context) {
      yield* [];
      return shape(context.df.getInput());
    });
    df.app.orchestration('returnsValue', function* (context) {
      yield* [];
      return values[context.df.getInput<{ index: number }>().index];
    });
    df.app.orchestration('shapesOfChildren', function* (context) {
      const shapes: unknown[] = [];
      for (const value of values) {
        shapes.push(yield context.df.callSubOrchestrator('shapeOfOwn', value));
      }
      return shapes;
    });
    df.app.orchestration('shapeOfEvent', function* (context) {
      return shape(yield context.df.waitForExternalEvent('e'));
    });
  },
  scenarios: {
    'inputs of activities': (hub) => hub.run('shapesOfInputs'),
    'results of activities': (hub) => hub.run('shapesOfResults'),
    'inputs of children': (hub) => hub.run('shapesOfChildren'),
    'inputs of orchestrations': async (hub) => {
      const shapes = [(await hub.run('shapeOfOwn')).output];
      for (const value of values) shapes.push((await hub.run('shapeOfOwn', value)).output);
      return shapes;
    },
    'results of orchestrations': async (hub) => {
      const results = [];
      for (const index of values.keys()) {
        results.push((await hub.run('returnsValue', { index })).output);
      }
      return results;
    },
    'data of events': async (hub) => {
      const results = [];
      for (const value of values) {
        const id = await hub.start('shapeOfEvent');
        await hub.until(id, ({ status }) => status === 'Running');
        results.push(await hub.raise(id, 'e', value), (await hub.ended(id)).output);
      }
      return results;
    },
  },
};
