import fc from 'fast-check';
import { activity, orchestrator } from '../support/define';
import { Driver } from '../support/driver';

jest.mock('@azure/functions-core', () => jest.requireActual<object>('../support/functions-core'), {
  virtual: true,
});

jest.setTimeout(30_000);

/** Tasks by number: waited for one by one, or as a group. */
interface Wait {
  readonly kind: 'bare' | 'all' | 'any';
  readonly tasks: readonly number[];
}

const wait: fc.Arbitrary<Wait> = fc.record({
  kind: fc.constantFrom('bare', 'all', 'any'),
  tasks: fc.uniqueArray(fc.integer({ min: 0, max: 7 }), { minLength: 1, maxLength: 3 }),
});

/** Azure schedules a task whenever it is part of a group, and when it is first yielded by itself. */
function isScheduledTwice(waits: readonly Wait[]): boolean {
  const scheduled = new Set<number>();
  return waits.some(({ kind, tasks }) => {
    const again = kind !== 'bare' && tasks.some((task) => scheduled.has(task));
    for (const task of tasks) scheduled.add(task);
    return again;
  });
}

activity('echo', (value) => value);
orchestrator('waits', function* (df) {
  const tasks = Array.from({ length: 8 }, (_, index) => df.callActivity('echo', index));
  for (const { kind, tasks: wanted } of df.getInput<Wait[]>()) {
    const group = wanted.flatMap((index) => tasks[index] ?? []);
    if (kind === 'bare') for (const task of group) yield task;
    else yield df.Task[kind](group);
  }
  return 'done';
});

test('a task is refused exactly when Azure would schedule it twice', async () => {
  const property = fc.asyncProperty(fc.array(wait, { maxLength: 4 }), async (waits) => {
    const driver = new Driver({ strict: 'on' });
    driver.engine.open();
    const { output } = await driver.run('waits', waits);
    await driver.engine.close(100);

    expect((output ?? '').includes(': TaskYieldedTwice: ')).toBe(isScheduledTwice(waits));
    expect(output === '"done"').toBe(!isScheduledTwice(waits));
  });

  await fc.assert(property, { numRuns: 200 });
});
