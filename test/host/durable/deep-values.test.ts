import { activity, attempt, orchestrator, wait } from './support/define';
import { Driver, shown } from './support/driver';

jest.mock('@azure/functions-core', () => jest.requireActual<object>('./support/functions-core'), {
  virtual: true,
});

const nest = (depth: number): unknown => {
  let value: unknown = 1;
  for (let level = 0; level < depth; level += 1) value = [value];
  return value;
};
const depthOf = (value: unknown): number => (Array.isArray(value) ? 1 + depthOf(value[0]) : 0);
const steps = (count: number): string => '[0]'.repeat(count);
let driver: Driver;

beforeAll(() => {
  activity('give', ({ depth }: { depth: number }) => nest(depth));
  activity('take', depthOf);
  orchestrator('returns', function* (df) {
    yield* [];
    return nest(Number(df.getInput()));
  });
  orchestrator('passes on', function* (df) {
    return yield* wait(df.callActivity('take', nest(Number(df.getInput()))));
  });
  orchestrator('gets', function* (df) {
    return depthOf(yield df.callActivity('give', { depth: df.getInput() }));
  });
  orchestrator('gets more than there is stack for', function* (df) {
    return yield* attempt(df.callActivity('give', { depth: 100_000 }));
  });
  orchestrator('goes on', function* (df) {
    yield* [];
    df.continueAsNew(nest(Number(df.getInput())));
  });
  orchestrator('shows', function* (df) {
    df.setCustomStatus(nest(Number(df.getInput())));
    return yield* wait(df.callActivity('take', 1));
  });
});

beforeEach(() => {
  driver = new Driver();
  driver.engine.open();
});

afterEach(async () => {
  await driver.engine.close(0);
});

describe('a value inside values', () => {
  // Limits and texts are those of the real engine.
  test.each([
    ['returns', 64, `output${steps(63)}`],
    ['passes on', 61, `actions[0][0].input${steps(60)}`],
    ['goes on', 61, `actions[0][0].input${steps(60)}`],
    ['shows', 64, `customStatus${steps(63)}`],
    ['returns', 100_000, `output${steps(63)}`],
    ['passes on', 100_000, `actions[0][0].input${steps(60)}`],
    ['shows', 100_000, `customStatus${steps(63)}`],
  ])('fails an orchestrator that %s one %i deep', async (name, depth, path) => {
    const { runtimeStatus, output } = await driver.run(name, depth);

    expect(runtimeStatus).toBe('Failed');
    expect(output).toBe(
      `Orchestrator function '${name}' failed: The reader's MaxDepth of 64 has been exceeded. Path '${path}'.`,
    );
  });

  test.each([
    ['returns', 63, nest(63)],
    ['passes on', 60, 60],
    ['shows', 63, 0],
    ['gets', 200, 200],
  ])('is fine where an orchestrator %s one %i deep', async (name, depth, result) => {
    const { output } = await driver.run(name, depth);

    expect(shown(output)).toEqual(result);
  });

  test('that has no text is a failure of the activity', async () => {
    const { output } = await driver.run('gets more than there is stack for');

    expect(output).toContain("Activity function 'give' failed: Maximum call stack size exceeded");
  });
});
