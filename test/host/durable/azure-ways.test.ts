import * as df from 'durable-functions';

import { orchestrator, wait } from './support/define';
import { Driver, shown } from './support/driver';

jest.mock('@azure/functions-core', () => jest.requireActual<object>('./support/functions-core'), {
  virtual: true,
});

let driver: Driver;

beforeAll(() => {
  orchestrator('waits', function* (context) {
    return yield* wait(context.waitForExternalEvent('go'));
  });
  orchestrator('ends', function* (context) {
    yield context.createTimer(context.currentUtcDateTime);
  });
  orchestrator('sleeps', function* (context) {
    const until = context.currentUtcDateTime.getTime() + context.getInput<number>();
    yield context.createTimer(new Date(until));
    return { early: context.currentUtcDateTime.getTime() < until };
  });
  orchestrator('starts a newer child', function* (context) {
    return yield* wait(context.callSubOrchestrator('waits', null, 'newer', '9.9'));
  });
  df.app.entity('Box', (context) => {
    const { operationName } = context.df;
    if (operationName === 'set') context.df.setState(context.df.getInput());
    if (operationName === 'delete') context.df.destructOnExit();
    if (operationName === 'tell') {
      context.df.signalEntity(new df.EntityId('Box', 'told'), 'set', 1);
    }
  });
});

function open(strict: 'on' | 'warn' | 'off'): void {
  driver = new Driver({ strict });
  driver.engine.open();
}

afterEach(() => driver.engine.close(100));

const ids = async () =>
  (await driver.engine.query({})).instances.map(({ instanceId }) => instanceId);

async function signal(key: string, operation: string, input?: string): Promise<void> {
  await driver.engine.signalEntity({ name: 'Box', key }, operation, input);
  await driver.rest();
}

/** A live instance, an ended one, and an entity. */
async function fill(strict: 'on' | 'off'): Promise<void> {
  open(strict);
  await driver.start('waits', undefined, { instanceId: 'live' });
  await driver.run('ends', undefined, { instanceId: 'ended' });
  await signal('k', 'set', '1');
}

describe('a purge by filter', () => {
  test('leaves alone what lives', async () => {
    await fill('on');

    const count = await driver.engine.purgeWhere({ createdFrom: 0 });

    expect([count, await ids()]).toEqual([1, ['@box@k', 'live']]);
  });

  test.each([
    [undefined, 3, []],
    [['Running'], 3, []],
    [['Completed', 'Running'], 1, ['@box@k', 'live']],
    [['Canceled'], 0, ['@box@k', 'ended', 'live']],
  ])('with the states %p takes %d as on Azure', async (runtimeStatus, purged, left) => {
    await fill('off');

    const filter = { createdFrom: 0, ...(runtimeStatus && { runtimeStatus }) };
    const count = await driver.engine.purgeWhere(filter);

    expect([count, await ids()]).toEqual([purged, left]);
  });
});

describe('an entity among the instances', () => {
  test('has its state for an input, and takes what is meant for orchestrations', async () => {
    await fill('on');

    const record = await driver.engine.status('@box@k');
    const raised = await driver.engine.raiseEvent('@box@k', 'go', '1');

    expect([record?.runtimeStatus, shown(record?.input), shown(record?.customStatus)]).toEqual([
      'Running',
      { exists: true, state: '1', sorter: {} },
      { entityExists: true },
    ]);
    expect(raised).toBe('accepted');
  });

  test('is purged like an instance', async () => {
    await fill('on');

    const purged = await driver.engine.purge('@box@k');

    expect([purged, await driver.engine.readEntity({ name: 'box', key: 'k' })]).toEqual([
      'accepted',
      undefined,
    ]);
  });

  test.each([
    ['on', ['ended', 'live']],
    ['off', ['@box@k', 'ended', 'live']],
  ] as const)('after its deletion, with strict %s', async (strict, left) => {
    await fill(strict);

    await signal('k', 'delete');

    expect(await ids()).toEqual(left);
  });
});

test.each([
  ['warn', { state: '1' }],
  ['off', undefined],
] as const)('a signal to a name in mixed case, with strict %s', async (strict, entity) => {
  open(strict);

  await signal('teller', 'tell');
  await driver.rest();
  const told = await driver.engine.readEntity({ name: 'Box', key: 'told' });

  expect(told && { state: told.state }).toEqual(entity);
});

test.each([
  ['warn', 'Pending'],
  ['off', undefined],
] as const)('a child that may not run, with strict %s', async (strict, status) => {
  open(strict);

  await driver.start('starts a newer child');
  await driver.rest();
  const child = await driver.engine.status('newer');

  expect(child?.runtimeStatus).toBe(status);
});

test.each([
  ['on', 1500, { early: false, tookMs: 1500 }],
  ['off', 1500, { early: true, tookMs: 1000 }],
  ['off', 2000, { early: false, tookMs: 2000 }],
  ['off', 700, { early: true, tookMs: 180 }],
] as const)('a timer with strict %s and %d ms: %j', async (strict, delayMs, expected) => {
  open(strict);
  const before = driver.clock.now();

  const { output } = await driver.run('sleeps', delayMs);
  const tookMs = driver.clock.now() - before;

  expect({ ...(shown(output) as object), tookMs }).toEqual(expected);
});

test.each([
  ['on', [undefined, 'Pending']],
  ['off', [undefined, undefined]],
] as const)('two starts of one id at once, with strict %s', async (strict, conflicts) => {
  open(strict);

  const request = { functionName: 'waits', instanceId: 'one' };
  const results = await Promise.all([driver.engine.start(request), driver.engine.start(request)]);

  expect(results.map(({ conflict }) => conflict)).toEqual(conflicts);
  expect(await ids()).toEqual(['one']);
});

test('a start after another one is refused in every mode', async () => {
  open('off');
  await driver.start('waits', undefined, { instanceId: 'one' });
  await driver.rest();

  const second = await driver.engine.start({ functionName: 'waits', instanceId: 'one' });

  expect(second).toEqual({ instanceId: 'one', conflict: 'Running' });
});
