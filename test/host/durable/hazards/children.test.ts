import { activity, attempt, orchestrator, wait } from '../support/define';
import { Driver } from '../support/driver';
import { testInEachMode, testSound } from '../support/modes';

jest.mock('@azure/functions-core', () => jest.requireActual<object>('../support/functions-core'), {
  virtual: true,
});

const longId = 'n'.repeat(101);

activity('echo', (value) => value);
orchestrator('waits', function* (df) {
  return yield* wait(df.waitForExternalEvent('go'));
});
orchestrator('child', function* (df) {
  return yield* wait(df.callActivity('echo', df.getInput()));
});
orchestrator('fails at first', function* (df) {
  yield df.callActivity('echo', 1);
  throw new Error('not this time');
});
orchestrator('takes the id', function* (df) {
  return yield* attempt(df.callSubOrchestrator('child', 'new', `taken-${df.instanceId}`));
});
orchestrator('two with one id', function* (df) {
  const id = `${df.instanceId}.x`;
  const [first, second] = [1, 2].map((n) => df.callSubOrchestrator('child', n, id));
  if (first === undefined || second === undefined) return 'unreachable';
  return yield* wait(df.Task.all([first, second]));
});
orchestrator('one id in turn', function* (df) {
  const id = `${df.instanceId}.x`;
  return [
    yield* attempt(df.callSubOrchestrator('fails at first', null, id)),
    yield* wait(df.callSubOrchestrator('child', 2, id)),
    yield* wait(df.callSubOrchestrator('child', 3)),
  ].map((value) => (typeof value === 'string' ? value.split(' \n')[0] : value));
});
orchestrator('odd id', function* (df) {
  return yield* wait(df.callSubOrchestrator('child', 1, df.getInput<string>()));
});
orchestrator('parent', function* (df) {
  return yield* attempt(df.callSubOrchestrator('waits', null, `${df.instanceId}.child`));
});
orchestrator('versioned child', function* (df) {
  return yield* wait(df.callSubOrchestrator('child', 1, undefined, '2.0'));
});

const odd = { run: 'odd id', code: 'OddInstanceId', severity: 'warning' } as const;

testInEachMode([
  {
    ...{ run: 'two with one id', code: 'ChildReplacesInstance', severity: 'failure' },
    says: "Azure replaces that instance without a word, and what it was doing is lost. Put the parent's own instance id into the ids of its children, or leave them out.",
    azure: 'hangs',
  },
  {
    ...{ run: 'parent', code: 'ChildTerminated', severity: 'failure' },
    says: '.child was terminated; on Azure its parent then fails as non-deterministic, even if it catches the error. Do not terminate children',
    meanwhile: (driver, id) => driver.engine.terminate(`${id}.child`, 'by hand'),
    azure: { fails: 'Non-Deterministic workflow detected: A previous execution' },
  },
  { ...odd, input: 'a/b', says: 'Leave out / \\ # ?', azure: { output: 1 } },
  { ...odd, input: 'a?b', says: 'some places on Azure do not take', azure: { output: 1 } },
  { ...odd, input: '@a', says: "looks like an entity's", azure: { output: 1 } },
  { ...odd, input: longId, says: '101 characters long', azure: { output: 1 } },
]);

testSound([
  {
    ...{ run: 'one id in turn', input: null },
    output: ["Orchestrator function 'fails at first' failed: not this time", 2, 3],
  },
  { run: 'odd id', input: 'a.b:c-d_e', output: 1 },
  {
    ...{ run: 'parent', output: 'end' },
    meanwhile: (driver, id) => driver.engine.raiseEvent(`${id}.child`, 'go', '"end"'),
  },
]);

describe('a live instance with the id of a child', () => {
  const replaced = async (strict: 'on' | 'warn' | 'off'): Promise<[Driver, unknown]> => {
    const driver = new Driver({ strict });
    driver.engine.open();
    await driver.start('waits', undefined, { instanceId: 'taken-parent' });
    await driver.rest();
    const { output } = await driver.run('takes the id', undefined, { instanceId: 'parent' });
    const taken = await driver.engine.status('taken-parent');
    await driver.engine.close(100);
    return [driver, [output, taken?.name]];
  };
  const sentence =
    "parent: ChildReplacesInstance: the child 'child' is started with the id of the live instance taken-parent; Azure replaces that instance without a word, and what it was doing is lost. Put the parent's own instance id into the ids of its children, or leave them out.";

  test('is not replaced in strict mode', async () => {
    const [{ logs }, [output, name]] = (await replaced('on')) as [Driver, [string, string]];

    expect([output.slice(0, 64), name]).toEqual([
      "Orchestrator function 'takes the id' failed: ChildReplacesInstan",
      'waits',
    ]);
    expect(logs).toEqual([`error: ${sentence}`]);
  });

  test.each([
    ['warn', [`warning: ${sentence}`]],
    ['off', []],
  ] as const)('is replaced as on Azure (%s)', async (strict, logs) => {
    const [driver, seen] = await replaced(strict);

    expect(seen).toEqual(['"new"', 'child']);
    expect(driver.logs).toEqual(logs);
  });
});

describe('a version without defaultVersion', () => {
  const sentence =
    'VersionNeverRuns: the instance has version 2.0 and host.json has no extensions.durableTask.defaultVersion; on Azure it stays Pending for ever. Set defaultVersion to the newest version of the app, or start it without a version.';
  let driver: Driver;

  afterEach(() => driver.engine.close(100));

  const start = async (strict: 'on' | 'warn' | 'off', more = {}): Promise<string> => {
    driver = new Driver({ strict, ...more });
    driver.engine.open();
    const id = await driver.start('child', 1, { version: '2.0' });
    await driver.rest();
    return id;
  };

  test('fails the instance in strict mode', async () => {
    const id = await start('on');

    const record = await driver.engine.status(id);

    expect([record?.runtimeStatus, record?.output]).toEqual([
      'Failed',
      `Orchestrator function 'child' failed: ${sentence}`,
    ]);
  });

  test('fails a parent whose child it is', async () => {
    await start('on');

    const { output } = await driver.run('versioned child');

    expect(output).toContain(sentence);
  });

  test.each([
    ['warn', (id: string) => [`warning: ${id}: ${sentence}`]],
    ['off', () => []],
  ] as const)('leaves it Pending as on Azure (%s)', async (strict, logs) => {
    const id = await start(strict);
    await driver.engine.raiseEvent(id, 'again', '1');
    await driver.rest();

    expect((await driver.engine.status(id))?.runtimeStatus).toBe('Pending');
    expect(driver.logs).toEqual(logs(id));
  });

  test('only warns of a version that a newer host may run', async () => {
    const id = await start('on', { settings: { defaultVersion: '1.0' } });

    expect((await driver.engine.status(id))?.runtimeStatus).toBe('Pending');
    expect(driver.logs.join()).toContain(`warning: ${id}: VersionWaits: `);
  });

  test('says nothing of a version that runs', async () => {
    const id = await start('on', { settings: { defaultVersion: '2.1' } });

    expect((await driver.engine.status(id))?.runtimeStatus).toBe('Completed');
    expect(driver.logs).toEqual([]);
  });
});
