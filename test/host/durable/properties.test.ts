import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as df from 'durable-functions';
import fc from 'fast-check';
import { activity, attempt, firstLine, orchestrator } from './support/define';
import { Driver, shown } from './support/driver';

jest.mock('@azure/functions-core', () => jest.requireActual<object>('./support/functions-core'), {
  virtual: true,
});

jest.setTimeout(30_000);

/** A step of an orchestration that is made up. */
type Step =
  | { readonly kind: 'call'; readonly value: number }
  | { readonly kind: 'fail'; readonly value: number }
  | { readonly kind: 'retry'; readonly failures: number; readonly attempts: number }
  | { readonly kind: 'all'; readonly values: readonly number[] }
  | { readonly kind: 'timer'; readonly ms: number }
  | { readonly kind: 'race'; readonly value: number }
  | { readonly kind: 'hear' }
  | { readonly kind: 'status'; readonly value: number }
  | { readonly kind: 'child'; readonly steps: readonly Step[] };

const small = fc.integer({ min: 0, max: 9 });
const leaf: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ kind: fc.constant('call' as const), value: small }),
  fc.record({ kind: fc.constant('fail' as const), value: small }),
  fc.record({
    kind: fc.constant('retry' as const),
    failures: fc.integer({ min: 0, max: 3 }),
    attempts: fc.integer({ min: 1, max: 3 }),
  }),
  fc.record({
    kind: fc.constant('all' as const),
    values: fc.array(small, { minLength: 1, maxLength: 5 }),
  }),
  fc.record({ kind: fc.constant('timer' as const), ms: fc.integer({ min: -5, max: 5000 }) }),
  fc.record({ kind: fc.constant('race' as const), value: small }),
  fc.record({ kind: fc.constant('hear' as const) }),
  fc.record({ kind: fc.constant('status' as const), value: fc.integer({ min: 1, max: 9 }) }),
);
const programs = fc.array(
  fc.oneof(
    { weight: 6, arbitrary: leaf },
    {
      weight: 1,
      arbitrary: fc.record({
        kind: fc.constant('child' as const),
        // What a child hears is not predictable here: only the top one is spoken to.
        steps: fc.array(
          leaf.filter(({ kind }) => kind !== 'hear'),
          { maxLength: 3 },
        ),
      }),
    },
  ),
  { minLength: 1, maxLength: 7 },
);

/** What a program comes to: the model has no host, no history and no clock. */
function expected(steps: readonly Step[]): unknown[] {
  let heard = 0;
  return steps.map((step) => {
    if (step.kind === 'hear') {
      heard += 1;
      return heard;
    }
    return step.kind === 'child' ? expected(step.steps) : expectedOf(step);
  });
}

function expectedOf(step: Exclude<Step, { kind: 'hear' | 'child' }>): unknown {
  switch (step.kind) {
    case 'call':
    case 'race':
      return step.value + 1;
    case 'fail':
      return `Activity function 'fail' failed: no ${step.value}`;
    case 'retry':
      return step.failures < step.attempts
        ? 'fine'
        : `Activity function 'flaky' failed: attempt ${step.attempts}`;
    case 'all':
      return step.values.map((value) => value + 1);
    case 'timer':
      return 'fired';
    case 'status':
      return step.value;
  }
}

const attempts = new Map<string, number>();

beforeAll(() => {
  activity('increment', (value: number) => value + 1);
  activity('fail', (value: number) => {
    throw new Error(`no ${value}`);
  });
  activity('flaky', ({ key, failures }: { key: string; failures: number }) => {
    const count = (attempts.get(key) ?? 0) + 1;
    attempts.set(key, count);
    if (count <= failures) throw new Error(`attempt ${count}`);
    return 'fine';
  });
  orchestrator('program', function* (context) {
    const results: unknown[] = [];
    for (const [index, step] of context.getInput<Step[]>().entries()) {
      results.push(yield* perform(context, step, `${context.instanceId}/${index}`));
    }
    return results;
  });
});

type Context = df.OrchestrationContext['df'];

function* perform(context: Context, step: Step, key: string): Generator<df.Task, unknown, unknown> {
  switch (step.kind) {
    case 'call':
      return yield context.callActivity('increment', step.value);
    case 'fail':
      return firstLine(yield* attempt(context.callActivity('fail', step.value)));
    case 'retry': {
      const options = new df.RetryOptions(100, step.attempts);
      const input = { key, failures: step.failures };
      return firstLine(yield* attempt(context.callActivityWithRetry('flaky', options, input)));
    }
    case 'all':
      return yield context.Task.all(
        step.values.map((value) => context.callActivity('increment', value)),
      );
    case 'timer':
      yield context.createTimer(new Date(context.currentUtcDateTime.getTime() + step.ms));
      return 'fired';
    case 'race': {
      const call = context.callActivity('increment', step.value);
      const deadline = context.createTimer(
        new Date(context.currentUtcDateTime.getTime() + 3_600_000),
      );
      yield context.Task.any([call, deadline]);
      deadline.cancel();
      return call.result;
    }
    case 'hear':
      return yield context.waitForExternalEvent('word');
    case 'status':
      context.setCustomStatus(step.value);
      return step.value;
    case 'child':
      return yield context.callSubOrchestrator('program', step.steps);
  }
}

const folder = mkdtempSync(join(tmpdir(), 'durable-properties-'));
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

let runs = 0;

async function begin(driver: Driver, steps: readonly Step[]): Promise<string> {
  runs += 1;
  const id = await driver.start('program', steps, { instanceId: `run-${runs}` });
  const words = steps.filter(({ kind }) => kind === 'hear');
  for (const [index] of words.entries()) {
    await driver.engine.raiseEvent(id, 'word', String(index + 1));
  }
  return id;
}

test('any program comes to what the model says, however little may run at once', async () => {
  const property = fc.asyncProperty(
    programs,
    fc.integer({ min: 1, max: 4 }),
    async (steps, limit) => {
      const driver = new Driver({
        settings: {
          maxConcurrentActivityFunctions: limit,
          maxConcurrentOrchestratorFunctions: limit,
        },
      });
      driver.engine.open();
      const { output } = await driver.ended(await begin(driver, steps));
      await driver.engine.close(100);

      expect(shown(output)).toEqual(expected(steps));
      // Retries after 100 ms and short timers are what strict mode warns of, and nothing else.
      expect(driver.logs.filter((line) => !line.includes(': ShortWait: '))).toEqual([]);
    },
  );

  await fc.assert(property, { numRuns: 60 });
});

test('any program comes to the same when the engine is closed and opened on the way', async () => {
  // An activity whose result was lost runs again, so those that count their runs are left out.
  const steady = programs.map((steps) =>
    steps.filter(({ kind }) => kind !== 'retry' && kind !== 'child'),
  );
  const property = fc.asyncProperty(
    steady,
    fc.array(fc.integer({ min: 0, max: 12 }), { maxLength: 4 }),
    async (steps, pauses) => {
      const databasePath = join(folder, `${runs}.db`);
      let driver = new Driver({ databasePath });
      driver.engine.open();
      const id = await begin(driver, steps);
      for (const turns of pauses) {
        for (let turn = 0; turn < turns; turn += 1) await new Promise(setImmediate);
        await driver.engine.close(0);
        driver = new Driver({ databasePath, clock: driver.clock });
        driver.engine.open();
      }
      const { output } = await driver.ended(id);
      await driver.engine.close(100);

      expect(shown(output)).toEqual(expected(steps));
    },
  );

  await fc.assert(property, { numRuns: 40 });
});

test('a history leads to the same decisions each time it is replayed', async () => {
  const property = fc.asyncProperty(programs, async (steps) => {
    const driver = new Driver();
    driver.engine.open();
    const first = await driver.ended(await begin(driver, steps));
    const second = await driver.ended(await begin(driver, steps));
    const histories = await Promise.all(
      [first, second].map(({ instanceId }) => driver.historyTypes(instanceId)),
    );
    await driver.engine.close(100);

    expect(histories[0]).toEqual(histories[1]);
  });

  await fc.assert(property, { numRuns: 20 });
});
