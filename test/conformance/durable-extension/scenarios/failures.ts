import * as df from 'durable-functions';

import type { Topic } from './scenario';

/** Values that are thrown, by name; an app can throw anything. */
const thrown: Readonly<Record<string, unknown>> = {
  error: new RangeError('out of range'),
  text: 'a text',
  object: { code: 'E1', text: 'an object' },
  number: 42,
  nothing: undefined,
  null: null,
  'an empty error': new Error(''),
  label: new Error('first\n\n$OutOfProcData$:{"isDone":true}'),
};

function raise(name: string): never {
  throw thrown[name] as Error;
}

/** Everything that can be thrown, in each place. */
export const failures: Topic = {
  register() {
    df.app.activity('throws', { handler: (name: string) => raise(name) });
    df.app.orchestration('catches', function* (context) {
      try {
        const result = (yield context.df.callActivity('throws', context.df.getInput())) as unknown;
        return { result: result ?? 'nothing' };
      } catch (error) {
        const { name, message } = error as Error;
        return { name, message, isError: error instanceof Error };
      }
    });
    df.app.orchestration('fails', function* (context) {
      yield context.df.callActivity('echo', 1);
      raise(context.df.getInput());
    });
    df.app.orchestration('failsAtOnce', function (context) {
      return raise(context.df.getInput());
    } as df.OrchestrationHandler);
    df.app.orchestration('doesNotCatch', function* (context) {
      yield context.df.callActivity('throws', context.df.getInput());
    });
    df.app.orchestration('yieldsNoTask', function* () {
      yield 5 as unknown as df.Task;
    });
    df.app.orchestration('oneOfManyFails', function* (context) {
      try {
        yield context.df.Task.all([
          context.df.callActivity('throws', 'error'),
          context.df.callActivity('slow', { ms: 200, value: 1 }),
        ]);
      } catch (error) {
        return (error as Error).message.split('\n')[0];
      }
      return 'nothing was thrown';
    });
  },
  scenarios: {
    ...Object.fromEntries(
      Object.keys(thrown).map((name) => [
        `an activity that throws ${name}`,
        (hub) => hub.run('catches', name),
      ]),
    ),
    ...Object.fromEntries(
      ['error', 'text', 'object', 'number', 'null', 'an empty error', 'label'].map((name) => [
        `an orchestrator that throws ${name}`,
        (hub) => hub.run('fails', name),
      ]),
    ),
    'an orchestrator that throws nothing': async (hub) =>
      hub.stuck(await hub.start('fails', { input: 'nothing' }), ({ history }) =>
        history.includes('TaskCompleted echo'),
      ),
    'an orchestrator that fails at once': (hub) => hub.run('failsAtOnce', 'error'),
    'a failure that nobody catches': (hub) => hub.run('doesNotCatch', 'error'),
    'a yield of something else': (hub) => hub.run('yieldsNoTask'),
    'one of two that fails': (hub) => hub.run('oneOfManyFails'),
  },
};
