import { activity, firstLine, orchestrator, wait } from './support/define';
import { Driver, shown } from './support/driver';

jest.mock('@azure/functions-core', () => jest.requireActual<object>('./support/functions-core'), {
  virtual: true,
});

let driver: Driver;
let failuresLeft = 0;

beforeAll(() => {
  activity('echo', (value) => value);
  activity('fails', () => {
    failuresLeft -= 1;
    if (failuresLeft >= 0) throw new Error('broken');
    return 'repaired';
  });
  orchestrator('waits', function* (df) {
    const heard = [yield df.waitForExternalEvent('go'), yield df.waitForExternalEvent('go')];
    return [...heard, yield* wait(df.callActivity('echo', 'after'))];
  });
  orchestrator('echoes', function* (df) {
    return yield* wait(df.callActivity('echo', df.getInput()));
  });
  orchestrator('fragile', function* (df) {
    const first = yield* wait(df.callActivity('echo', 'first'));
    return [first, yield* wait(df.callActivity('fails'))];
  });
  orchestrator('fragile parent', function* (df) {
    return yield* wait(df.callSubOrchestrator('fragile', undefined, 'fragile-child'));
  });
  orchestrator('fails itself', function* (df) {
    yield df.callActivity('echo', 1);
    throw new Error('of its own');
  });
});

beforeEach(() => {
  driver = new Driver();
  driver.engine.open();
});

afterEach(() => driver.engine.close(100));

const statusOf = async (id: string) => (await driver.engine.status(id))?.runtimeStatus;

describe('start', () => {
  test('refuses the id of a live instance and takes that of an ended one', async () => {
    const first = await driver.engine.start({
      functionName: 'echoes',
      instanceId: 'x',
      input: '1',
    });
    const live = await driver.engine.start({ functionName: 'echoes', instanceId: 'x', input: '2' });
    await driver.ended('x');
    const ended = await driver.engine.start({
      functionName: 'echoes',
      instanceId: 'x',
      input: '3',
    });

    expect([first, live.conflict, ended]).toEqual([
      { instanceId: 'x' },
      expect.stringMatching(/Pending|Running/),
      { instanceId: 'x' },
    ]);
    expect((await driver.ended('x')).output).toBe('3');
  });

  test('replaces a live instance where the settings allow it', async () => {
    await driver.engine.close(0);
    driver = new Driver({ settings: { overridableExistingInstanceStates: 'AnyState' } });
    driver.engine.open();
    await driver.start('waits', undefined, { instanceId: 'x' });
    await driver.rest();

    const again = await driver.engine.start({
      functionName: 'echoes',
      instanceId: 'x',
      input: '3',
    });

    expect(again.conflict).toBeUndefined();
    expect((await driver.ended('x')).output).toBe('3');
  });

  test('finds functions in any letter case', async () => {
    const { name, output } = await driver.run('ECHOES', 5);

    expect([name, output]).toEqual(['ECHOES', '5']);
  });

  test('begins nothing before the engine is open, and everything then', async () => {
    await driver.engine.close(0);
    driver = new Driver();
    const id = await driver.start('echoes', 1);
    await driver.rest();
    const before = await statusOf(id);
    driver.engine.open();

    expect([before, (await driver.ended(id)).output]).toEqual(['Pending', '1']);
  });
});

describe('terminate', () => {
  test.each([
    ['a reason', 'enough'],
    ['no reason', undefined],
  ])('ends an instance with %s', async (_kind, reason) => {
    const id = await driver.start('waits');
    await driver.rest();

    const accepted = await driver.engine.terminate(id, reason);

    const { runtimeStatus, output } = await driver.ended(id);
    expect([accepted, runtimeStatus, output]).toEqual(['accepted', 'Terminated', reason]);
    expect(await driver.historyTypes(id)).toEqual([0, 3, 1]);
  });

  test('drops the result of an activity that was running', async () => {
    await driver.engine.close(0);
    let finish: (value: unknown) => void = () => undefined;
    driver = new Driver({
      invoke: (call) =>
        call.kind === 'activity'
          ? new Promise((resolve) => (finish = resolve))
          : Promise.resolve({
              isDone: false,
              actions: [[{ actionType: 0, functionName: 'echo' }]],
            }),
    });
    driver.engine.open();
    const id = await driver.start('echoes');
    await driver.until(id, ({ runtimeStatus }) => runtimeStatus === 'Running');
    await new Promise(setImmediate);
    await driver.engine.terminate(id, 'mid');
    await driver.until(id, ({ runtimeStatus }) => runtimeStatus === 'Terminated');
    finish(1);
    await driver.rest();

    expect(await driver.historyTypes(id)).toEqual([0, 4, 3, 1]);
  });

  test('is too late for an ended instance and for an unknown one', async () => {
    const { instanceId } = await driver.run('echoes', 1);

    expect([
      await driver.engine.terminate(instanceId, ''),
      await driver.engine.raiseEvent(instanceId, 'e', '1'),
      await driver.engine.terminate('unknown', ''),
      await driver.engine.raiseEvent('unknown', 'e', '1'),
    ]).toEqual(['completed', 'completed', 'not-found', 'not-found']);
  });
});

describe('suspend and resume', () => {
  test('keep events until the instance goes on', async () => {
    const id = await driver.start('waits');
    await driver.rest();
    await driver.engine.suspend(id, 'hold on');
    for (const word of ['one', 'two']) {
      await driver.rest();
      await driver.engine.raiseEvent(id, 'go', JSON.stringify(word));
    }
    await driver.rest();
    const suspended = await driver.engine.status(id);
    const ran = driver.calls.length;
    await driver.engine.resume(id, 'go on');

    const { output } = await driver.ended(id);

    expect([suspended?.runtimeStatus, suspended?.output, ran]).toEqual(['Suspended', 'hold on', 0]);
    expect(shown(output)).toEqual(['one', 'two', 'after']);
    expect(await driver.historyTypes(id)).toEqual([0, 19, 15, 15, 20, 4, 5, 1]);
  });

  test('are refused in the wrong state', async () => {
    const id = await driver.start('waits');
    await driver.rest();
    const running = await driver.engine.resume(id, '');
    await driver.engine.suspend(id, '');
    await driver.rest();

    expect([running, await driver.engine.suspend(id, '')]).toEqual(['wrong-state', 'wrong-state']);
  });

  test('leave a suspended instance open to termination', async () => {
    const id = await driver.start('waits');
    await driver.rest();
    await driver.engine.suspend(id, 's');
    await driver.rest();
    await driver.engine.terminate(id, 'from suspended');

    expect((await driver.ended(id)).output).toBe('from suspended');
  });
});

describe('rewind', () => {
  test('calls a failed activity again and keeps the results of the others', async () => {
    failuresLeft = 1;
    const failed = await driver.run('fragile');
    const accepted = await driver.engine.rewind(failed.instanceId, 'fixed');

    const { output } = await driver.ended(failed.instanceId);

    expect([accepted, shown(output)]).toEqual(['accepted', ['first', 'repaired']]);
    expect(await driver.historyTypes(failed.instanceId)).toEqual([
      ...[0, 4, 5, 17, 17, 17, 17, 4, 5, 1],
    ]);
  });

  test('rewinds the failed child, which reports to its parent', async () => {
    failuresLeft = 1;
    const failed = await driver.run('fragile parent');
    await driver.engine.rewind(failed.instanceId, 'fixed');

    const { output } = await driver.ended(failed.instanceId);

    expect(failed.runtimeStatus).toBe('Failed');
    expect(shown(output)).toEqual(['first', 'repaired']);
    expect(await driver.historyTypes(failed.instanceId)).toEqual([0, 7, 17, 17, 8, 1]);
  });

  test('fails again what failed by its own throw', async () => {
    const { instanceId } = await driver.run('fails itself');
    await driver.engine.rewind(instanceId, 'try');

    expect(firstLine((await driver.ended(instanceId)).output)).toBe(
      "Orchestrator function 'fails itself' failed: of its own",
    );
  });

  test('is refused for what has not failed', async () => {
    const { instanceId } = await driver.run('echoes', 1);

    expect([
      await driver.engine.rewind(instanceId, ''),
      await driver.engine.rewind('unknown', ''),
    ]).toEqual(['wrong-state', 'not-found']);
  });
});

describe('restart', () => {
  test.each([true, false])('runs with the stored input again (new id: %s)', async (newId) => {
    const { instanceId } = await driver.run('echoes', { a: 1 });

    const again = await driver.engine.restart(instanceId, newId);

    expect(again?.instanceId === instanceId).toBe(!newId);
    expect(shown((await driver.ended(again?.instanceId ?? '')).output)).toEqual({ a: 1 });
  });

  test('runs as the version that is current', async () => {
    await driver.engine.close(100);
    driver = new Driver({ settings: { defaultVersion: '2.0' } });
    driver.engine.open();
    const { instanceId } = await driver.run('echoes', 1, { version: '1.0' });

    await driver.engine.restart(instanceId, false);

    expect((await driver.ended(instanceId)).version).toBe('2.0');
  });

  test('replaces a live instance where starts do', async () => {
    await driver.engine.close(100);
    driver = new Driver({ settings: { overridableExistingInstanceStates: 'AnyState' } });
    driver.engine.open();
    const id = await driver.start('waits');
    await driver.rest();

    expect(await driver.engine.restart(id, false)).toEqual({ instanceId: id });
  });

  test('refuses the id of a live instance and does not know others', async () => {
    const id = await driver.start('waits');
    await driver.rest();

    expect([
      await driver.engine.restart(id, false),
      await driver.engine.restart('no', true),
    ]).toEqual([{ instanceId: id, conflict: 'Running' }, undefined]);
  });
});

describe('purge', () => {
  test('removes ended instances only', async () => {
    const { instanceId } = await driver.run('echoes', 1);
    const live = await driver.start('waits');
    await driver.rest();

    expect([
      await driver.engine.purge(instanceId),
      await driver.engine.purge(instanceId),
      await driver.engine.purge(live),
    ]).toEqual(['accepted', 'not-found', 'wrong-state']);
    expect(await driver.engine.history(instanceId)).toEqual([]);
  });

  test('never takes a live instance by filter', async () => {
    const live = await driver.start('waits');
    await driver.run('echoes', 1);
    await driver.run('fails itself');

    const failed = await driver.engine.purgeWhere({ createdFrom: 0, runtimeStatus: ['Failed'] });
    const rest = await driver.engine.purgeWhere({ createdFrom: 0, runtimeStatus: ['Running'] });

    expect([failed, rest, await statusOf(live)]).toEqual([1, 1, 'Running']);
  });
});

describe('query', () => {
  test('pages through instances in the order of their ids', async () => {
    for (const id of ['b-2', 'a-1', 'a_1', 'a-3', 'a-2']) {
      await driver.run('echoes', id, { instanceId: id });
    }
    const pages: string[][] = [];
    let continuation: string | undefined;
    do {
      const page = await driver.engine.query({
        instanceIdPrefix: 'a-',
        top: 2,
        ...(continuation === undefined ? {} : { continuation }),
      });
      pages.push(page.instances.map(({ instanceId }) => instanceId));
      ({ continuation } = page);
    } while (continuation !== undefined);

    expect(pages).toEqual([['a-1', 'a-2'], ['a-3']]);
  });

  test('filters by state and time and leaves inputs out', async () => {
    await driver.run('echoes', 'old');
    driver.clock.moveTo(driver.clock.now() + 1000);
    const { instanceId } = await driver.run('echoes', 'new');
    await driver.start('waits');

    const { instances } = await driver.engine.query({
      createdFrom: driver.clock.now(),
      runtimeStatus: ['Completed'],
      withoutInput: true,
    });

    expect(instances.map((found) => [found.instanceId, found.input])).toEqual([
      [instanceId, undefined],
    ]);
  });
});
