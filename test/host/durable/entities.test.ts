import * as df from 'durable-functions';
import { activity, attempt, orchestrator, wait } from './support/define';
import { Driver, shown } from './support/driver';

jest.mock('@azure/functions-core', () => jest.requireActual<object>('./support/functions-core'), {
  virtual: true,
});

let driver: Driver;

beforeAll(() => {
  activity('pause', () => new Promise(setImmediate));
  df.app.entity('Counter', (context) => {
    const { operationName } = context.df;
    const count = (context.df.getState(() => 0) as number | undefined) ?? 0;
    if (operationName === 'add') context.df.setState(count + (context.df.getInput<number>() ?? 0));
    if (operationName === 'get') context.df.return(count);
    if (operationName === 'delete') context.df.destructOnExit();
    if (operationName === 'break') {
      context.df.setState(999);
      throw new Error('after setting');
    }
    if (operationName === 'tell') {
      context.df.signalEntity(new df.EntityId('counter', 'told'), 'add', 3);
    }
  });
  orchestrator('calls', function* (context) {
    const id = new df.EntityId('Counter', 'k');
    const results: unknown[] = [];
    for (const [operation, input] of context.getInput<[string, unknown][]>()) {
      results.push((yield* attempt(context.callEntity(id, operation, input))) ?? null);
    }
    return results;
  });
  orchestrator('signals', function* (context) {
    const id = new df.EntityId('counter', 'k');
    for (let n = 1; n <= 5; n += 1) context.signalEntity(id, 'add', n);
    return yield* wait(context.callEntity(id, 'get'));
  });
  orchestrator('moves', function* (context) {
    const { from, to } = context.getInput<{ from: string; to: string }>();
    const ids = [from, to].map((key) => new df.EntityId('counter', key));
    const lock = yield* wait<df.DurableLock>(context.lock(ids));
    const [source, target] = ids;
    if (source === undefined || target === undefined) return 'unreachable';
    const before = yield* wait<number>(context.callEntity(source, 'get'));
    yield context.callActivity('pause');
    yield context.callEntity(source, 'add', -1);
    yield context.callEntity(target, 'add', 1);
    const after = yield* wait<number>(context.callEntity(source, 'get'));
    lock.release();
    return after - before;
  });
  orchestrator('calls locked', function* (context) {
    const id = (key: string) => new df.EntityId('counter', key);
    const lock = yield* wait<df.DurableLock>(context.lock(id('a'), id('b'), id('c')));
    for (const key of context.getInput<string[]>()) yield context.callEntity(id(key), 'get');
    lock.release();
  });
  orchestrator('holds', function* (context) {
    yield context.lock(new df.EntityId('counter', 'held'));
    yield context.waitForExternalEvent('go');
    return 'forgot to release';
  });
  orchestrator('wants', function* (context) {
    return yield* wait(context.callEntity(new df.EntityId('counter', 'held'), 'get'));
  });
});

beforeEach(() => {
  driver = new Driver({ strict: 'off' });
  driver.engine.open();
});

afterEach(() => driver.engine.close(100));

test('keeps state from call to call', async () => {
  const { output } = await driver.run('calls', [['get'], ['add', 5], ['add', 2], ['get']]);

  expect(shown(output)).toEqual([0, null, null, 7]);
  expect(await driver.engine.readEntity({ name: 'COUNTER', key: 'k' })).toMatchObject({
    state: '7',
  });
});

test('handles signals in the order in which they were sent', async () => {
  const { output } = await driver.run('signals');

  expect(output).toBe('15');
});

test('keeps what was set by an operation that throws, as Azure does', async () => {
  const { output } = await driver.run('calls', [['break'], ['get']]);

  expect(shown(output)).toEqual(['[object Object]', 999]);
});

test('forgets a deleted entity', async () => {
  await driver.run('calls', [['add', 5], ['delete']]);

  expect(await driver.engine.readEntity({ name: 'counter', key: 'k' })).toBeUndefined();
  expect(await driver.engine.listEntities({})).toEqual({ entities: [] });
});

test('passes signals from entity to entity', async () => {
  await driver.engine.signalEntity({ name: 'counter', key: 'teller' }, 'tell');
  await driver.rest();

  expect(await driver.engine.listEntities({ name: 'counter', fetchState: true })).toMatchObject({
    entities: [{ key: 'told', state: '3' }],
  });
});

test('does not know entities without a function', async () => {
  const answer = await driver.engine.signalEntity({ name: 'nobody', key: 'k' }, 'add', '1');

  expect(answer).toBe('not-found');
});

test('pages through entities', async () => {
  for (const key of ['c', 'a', 'b']) {
    await driver.engine.signalEntity({ name: 'counter', key }, 'add', '1');
  }
  await driver.rest();

  const first = await driver.engine.listEntities({ top: 2 });
  const second = await driver.engine.listEntities({
    top: 2,
    continuation: first.continuation ?? '',
  });

  expect([first, second].map(({ entities }) => entities.map(({ key }) => key))).toEqual([
    ['a', 'b'],
    ['c'],
  ]);
});

test('lets nobody in between while a lock is held', async () => {
  const pairs = ['ab', 'ba', 'bc', 'ca', 'ac', 'cb', 'ab', 'ca', 'bc', 'ba'];
  const ids = await Promise.all(pairs.map(([from, to]) => driver.start('moves', { from, to })));

  const outputs = await Promise.all(ids.map(async (id) => (await driver.ended(id)).output));
  const { entities } = await driver.engine.listEntities({ fetchState: true });

  expect(outputs).toEqual(pairs.map(() => '-1'));
  expect(entities.reduce((sum, { state }) => sum + Number(state), 0)).toBe(0);
});

test('releases what was called after what was not, in the order of the calls', async () => {
  const { instanceId } = await driver.run('calls locked', ['c', 'a', 'c']);

  const sent = (await driver.engine.history(instanceId)).filter(({ Name }) => Name === 'release');

  expect(sent.map(({ InstanceId }) => InstanceId)).toEqual([
    '@counter@b',
    '@counter@a',
    '@counter@c',
  ]);
});

test('frees a lock that was not released when the orchestration ends', async () => {
  const holder = await driver.start('holds');
  await driver.rest();
  const wanting = await driver.start('wants');
  await driver.rest();
  const before = (await driver.engine.status(wanting))?.runtimeStatus;
  await driver.engine.raiseEvent(holder, 'go', '1');

  expect([before, (await driver.ended(wanting)).output]).toEqual(['Running', '0']);
});

test('keeps the lock of a terminated orchestration until it is repaired', async () => {
  const holder = await driver.start('holds');
  await driver.rest();
  await driver.engine.terminate(holder, 'by hand');
  const wanting = await driver.start('wants');
  await driver.rest();
  const before = (await driver.engine.status(wanting))?.runtimeStatus;
  const freed = await driver.engine.releaseLocks();

  expect([before, freed, (await driver.ended(wanting)).output]).toEqual(['Running', 1, '0']);
});
