import * as df from 'durable-functions';
import type { DurableOrchestrationContext, Task } from 'durable-functions';

import { EventType } from '../../host/durable/history';
import type { HistoryEvent } from '../../host/durable/contract';
import { root } from '../host/support/build-host';
import { additions, noAdditions } from './histories/additions';
import { differenceOf } from './histories/differences';
import { readRecording, recordings } from './histories/recorded';
import type { RecordedExecution } from './histories/recorded';
import { Recorder, registerOnce } from './histories/recorder';

jest.mock(
  '@azure/functions-core',
  () => jest.requireActual<object>('../host/durable/support/functions-core'),
  { virtual: true },
);

registerOnce();
for (const name of ['first', 'second', 'third']) df.app.activity(name, { handler: () => name });

type Code = (df: DurableOrchestrationContext) => Generator<Task, unknown, unknown>;

function register(code: Code): void {
  df.app.orchestration('work', (context) => code(context.df));
}

const day = 86_400_000;
const after = (df: DurableOrchestrationContext, ms: number) =>
  new Date(df.currentUtcDateTime.getTime() + ms);

const before: Code = function* (df) {
  yield df.callActivity('first', { id: 1 });
  yield df.createTimer(after(df, day));
  yield df.Task.all([df.callActivity('second', { id: 1 }), df.callActivity('third', { id: 1 })]);
  return 'done';
};

/** What is found when the code is changed while runs of it are in flight. */
async function foundIn(
  now: Code,
  allowed = noAdditions,
  old = before,
): Promise<string | undefined> {
  register(old);
  const recorder = new Recorder(() => {
    throw new Error('The activities of this test are registered.');
  });
  await recorder.run('work', 'work_1', {});
  const [execution] = await recorder.executions();
  if (!execution) throw new Error('Nothing was recorded.');
  register(now);
  return differenceOf(execution, allowed);
}

const changes: readonly (readonly [string, string, Code])[] = [
  [
    'a renamed activity',
    'expected activity first (task 0), got activity second (task 0).',
    function* (df) {
      yield df.callActivity('second', { id: 1 });
    },
  ],
  [
    'an activity that nobody registered any more',
    'expected activity first (task 0), got nothing more.',
    function* (df) {
      yield df.callActivity('gone', { id: 1 });
    },
  ],
  [
    'a step before the others',
    'expected activity first (task 0), got activity third (task 0).',
    function* (df) {
      yield df.callActivity('third', { id: 1 });
      return yield* before(df);
    },
  ],
  [
    'a step between the others',
    'expected timer until 2031-01-02T00:00:00.001Z (task 1), got activity third (task 1).',
    function* (df) {
      yield df.callActivity('first', { id: 1 });
      yield df.callActivity('third', { id: 1 });
      yield df.createTimer(after(df, day));
    },
  ],
  [
    'a longer timer',
    'expected timer until 2031-01-02T00:00:00.001Z (task 1), got timer until 2031-01-03T00:00:00.001Z (task 1).',
    function* (df) {
      yield df.callActivity('first', { id: 1 });
      yield df.createTimer(after(df, 2 * day));
    },
  ],
  [
    'tasks in another order',
    'expected activity second (task 2), got activity third (task 2).',
    function* (df) {
      yield df.callActivity('first', { id: 1 });
      yield df.createTimer(after(df, day));
      yield df.Task.all([
        df.callActivity('third', { id: 1 }),
        df.callActivity('second', { id: 1 }),
      ]);
    },
  ],
  [
    'another input',
    'expected activity first (task 0) with the recorded input, got another id.',
    function* (df) {
      yield df.callActivity('first', { id: 2 });
    },
  ],
  [
    'an input with more in it',
    'expected activity first (task 0) with the recorded input, got another asOf.',
    function* (df) {
      yield df.callActivity('first', { id: 1, asOf: 'now' });
    },
  ],
  [
    'an earlier end',
    'expected timer until 2031-01-02T00:00:00.001Z (task 1), got the end Completed with "done".',
    function* (df) {
      yield df.callActivity('first', { id: 1 });
      return 'done';
    },
  ],
  [
    'another output',
    'expected the end Completed with "done", got the end Completed with "ready".',
    function* (df) {
      yield* before(df);
      return 'ready';
    },
  ],
  [
    'a child in place of an activity',
    'expected activity first (task 0), got child work as child_1 (task 0).',
    function* (df) {
      yield df.callSubOrchestrator('work', { id: 1 }, 'child_1');
    },
  ],
  [
    'a new execution in place of the end',
    'expected the end Completed with "done", got nothing more.',
    function* (df) {
      yield* before(df);
      df.continueAsNew({ again: true });
    },
  ],
];

/** Calls one more after all others. */
const further: Code = function* (df) {
  yield* before(df);
  yield df.callActivity('third', { id: 2 });
  return 'done';
};

describe('a change of an orchestration with runs in flight', () => {
  it.each(changes)('is found: %s', async (_name, expected, now) => {
    expect(await foundIn(now)).toContain(`: ${expected} Runs in flight would`);
  });

  it('is told with its place and the rule that it breaks', async () => {
    const renamed: Code = function* (df) {
      yield df.callActivity('second', { id: 1 });
    };

    expect(await foundIn(renamed)).toBe(
      'work, entry 2: expected activity first (task 0), got activity second (task 0). Runs in flight would break down or go astray: give the change a switch in the input, or the orchestration a new name ("Changing an orchestration" in CONTRIBUTING.md).',
    );
  });

  it('is no difference when it asks for the same', async () => {
    expect(await foundIn((df) => before(df))).toBeUndefined();
  });

  it('may put a failure into other words, and not give it another code', async () => {
    const failing = (code: string, message: string): Code =>
      function* (df) {
        yield df.callActivity('first', { failure: { code, message } });
        return { ok: false, failure: { code, message } };
      };
    const old = failing('Locked', 'A lock denies it.');

    expect(await foundIn(failing('Locked', 'There is a lock.'), noAdditions, old)).toBeUndefined();
    expect(await foundIn(failing('Denied', 'A lock denies it.'), noAdditions, old)).toContain(
      'got another failure.',
    );
  });

  it('may add to an input what is listed, and nothing else', async () => {
    const more: Code = function* (df) {
      yield df.callActivity('first', { id: 1, asOf: 'now' });
      yield df.createTimer(after(df, day));
      yield df.Task.all([
        df.callActivity('second', { id: 2 }),
        df.callActivity('third', { id: 1 }),
      ]);
      return 'done';
    };

    const found = await foundIn(more, { ...noAdditions, inputs: { first: ['asOf'] } });

    expect(found).toContain(
      'expected activity second (task 2) with the recorded input, got another id.',
    );
  });

  it('may add a step after the last that is listed', async () => {
    const listed = { ...noAdditions, lastSteps: { work: ['third'] } };

    expect(await foundIn(further, listed)).toBeUndefined();
    expect(await foundIn(further)).toContain('got activity third (task 4).');
  });
});

/** The same history, had it been left by code that asks for something else at one place. */
function falsified(execution: RecordedExecution, at: number): RecordedExecution {
  const history = execution.history.map((event, index) => (index === at ? other(event) : event));
  return { ...execution, history };
}

function other(event: HistoryEvent): HistoryEvent {
  switch (event.EventType) {
    case EventType.TimerCreated:
      return { ...event, FireAt: '2040-01-01T00:00:00.000Z' };
    case EventType.ExecutionCompleted:
      return { ...event, Result: '"something else"' };
    default:
      return { ...event, Name: 'somethingElse' };
  }
}

const decisions: readonly number[] = [
  EventType.TaskScheduled,
  EventType.SubOrchestrationInstanceCreated,
  EventType.TimerCreated,
  EventType.ExecutionCompleted,
];

const [, everything = ''] =
  recordings(root).find(([scene]) => scene.endsWith('/a-cluster-that-needs-everything')) ?? [];

describe('a recorded run that needed everything', () => {
  it('is told from one that differs in any single decision', async () => {
    const missed: string[] = [];
    for (const execution of readRecording(everything)) {
      for (const [at, { EventType: type }] of execution.history.entries()) {
        if (!decisions.includes(type)) continue;
        const found = await differenceOf(falsified(execution, at), additions);
        if (found?.startsWith(`${execution.orchestration}, entry ${at}: expected `) !== true) {
          missed.push(`${execution.orchestration} ${at}: ${found ?? 'nothing'}`);
        }
      }
    }

    expect(missed).toEqual([]);
  });

  it('is told from one that differs in the input of any call', async () => {
    const missed: string[] = [];
    for (const execution of readRecording(everything)) {
      for (const [id, input] of Object.entries(execution.calledWith)) {
        const calledWith = { ...execution.calledWith, [id]: { ...(input as object), extra: 1 } };
        const found = await differenceOf({ ...execution, calledWith }, additions);
        if (found?.includes('got another extra.') !== true) missed.push(`${id}: ${found ?? ''}`);
      }
    }

    expect(missed).toEqual([]);
  });
});
