import { activity, attempt, firstLine, orchestrator, wait } from '../support/define';
import { Driver, shown } from '../support/driver';
import { testInEachMode, testSound } from '../support/modes';

jest.mock('@azure/functions-core', () => jest.requireActual<object>('../support/functions-core'), {
  virtual: true,
});

const thrown: Readonly<Record<string, unknown>> = {
  text: 'some text',
  object: { code: 5 },
  null: null,
  number: 17,
  nameless: new Error(''),
  error: new Error('named'),
  message: { message: 'a message' },
  undefined,
};

function raise(kind: string): never {
  throw thrown[kind];
}

activity('echo', (value) => value);
activity('throws', raise);
orchestrator('throws', function* (df) {
  yield df.callActivity('echo', 1);
  raise(df.getInput<string>());
});
orchestrator('catches', function* (df) {
  try {
    yield df.callActivity('echo', 1);
    raise(df.getInput<string>());
  } catch {
    return 'caught';
  }
});
orchestrator('calls', function* (df) {
  const caught = yield* attempt(df.callActivity('throws', df.getInput()));
  return caught === null ? 'nothing' : firstLine(caught);
});
orchestrator('asynchronous', (async (df: { callActivity(name: string): unknown }) =>
  Promise.resolve(df.callActivity('echo'))) as never);
orchestrator('plain', (() => 'value') as never);
orchestrator('asynchronous generator', async function* () {
  yield Promise.resolve();
} as never);
orchestrator('yields', function* (df) {
  const values: Readonly<Record<string, unknown>> = {
    promise: Promise.resolve(1),
    number: 5,
    nothing: undefined,
  };
  yield values[df.getInput<string>()] as never;
  return yield* wait(df.callActivity('echo', 1));
});

const noError = {
  run: 'throws',
  code: 'ThrewNoError',
  severity: 'failure',
  says: 'Throw an Error with a message.',
  azure: { fails: 'Non-Deterministic workflow detected' },
} as const;
const noTask = { run: 'yields', code: 'YieldedNoTask', severity: 'failure' } as const;
const noGenerator = {
  code: 'NotAGenerator',
  severity: 'failure',
  says: 'Write function* instead',
  azure: { fails: 'this.generator.next is not a function' },
} as const;

testInEachMode([
  { ...noError, input: 'text' },
  { ...noError, input: 'object' },
  { ...noError, input: 'null' },
  { ...noError, input: 'number' },
  { ...noError, input: 'nameless' },
  {
    ...{ run: 'throws', input: 'undefined', code: 'ThrewUndefined', severity: 'failure' },
    ...{ says: 'on Azure it then stays Running for ever. Throw an Error.', azure: 'hangs' },
  },
  { ...noGenerator, run: 'asynchronous' },
  { ...noGenerator, run: 'plain' },
  {
    ...{ ...noTask, run: 'asynchronous generator', says: 'or it is an async generator' },
    azure: { fails: 'yielded data of type undefined' },
  },
  {
    ...{ ...noTask, input: 'promise', says: 'a value of type object, which is no task' },
    azure: { fails: 'Orchestration yielded data of type object.' },
  },
  {
    ...{ ...noTask, input: 'number', says: 'a value of type number, which is no task' },
    azure: { fails: 'Orchestration yielded data of type number.' },
  },
  {
    ...{ ...noTask, input: 'nothing', says: 'the result of signalEntity' },
    azure: { fails: 'Orchestration yielded data of type undefined.' },
  },
]);

testSound([
  { run: 'catches', input: 'text', output: 'caught' },
  { run: 'catches', input: 'undefined', output: 'caught' },
  { run: 'calls', input: 'error', output: "Activity function 'throws' failed: named" },
  { run: 'calls', input: 'text', output: "Activity function 'throws' failed: some text" },
]);

describe('an error with a message', () => {
  test.each(['error', 'message'])('keeps it in strict mode (%s)', async (kind) => {
    const driver = new Driver({ strict: 'on' });
    driver.engine.open();

    const { output } = await driver.run('throws', kind);
    await driver.engine.close(100);

    expect(output).toMatch(/^Orchestrator function 'throws' failed: (named|a message)$/);
    expect(driver.logs).toEqual([]);
  });
});

describe('an activity that throws nothing', () => {
  const sentence =
    "ThrewNothing: the activity 'throws' threw undefined or null; Azure takes that for success with the result null. Throw an Error.";
  const seen = async (strict: 'on' | 'warn' | 'off', kind: string): Promise<unknown[]> => {
    const driver = new Driver({ strict });
    driver.engine.open();
    const { instanceId, output } = await driver.run('calls', kind);
    await driver.engine.close(100);
    return [shown(output), driver.logs.map((line) => line.replace(instanceId, 'id'))];
  };

  test.each(['undefined', 'null'])('fails in strict mode: %s', async (kind) => {
    expect(await seen('on', kind)).toEqual([
      `Activity function 'throws' failed: ${sentence}`,
      [`error: id: ${sentence}`],
    ]);
  });

  test.each(['undefined', 'null'])('succeeds as on Azure: %s', async (kind) => {
    expect(await seen('warn', kind)).toEqual(['nothing', [`warning: id: ${sentence}`]]);
    expect(await seen('off', kind)).toEqual(['nothing', []]);
  });
});
