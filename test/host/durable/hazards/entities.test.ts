import * as df from 'durable-functions';
import { attempt, orchestrator, wait } from '../support/define';
import { Driver, shown } from '../support/driver';

jest.mock('@azure/functions-core', () => jest.requireActual<object>('../support/functions-core'), {
  virtual: true,
});

const operations: Readonly<Record<string, (context: df.EntityContext<number>['df']) => void>> = {
  get: (context) => {
    context.return(context.getState(() => 0));
  },
  set: (context) => {
    context.setState(context.getInput<number>() ?? 0);
  },
  throwError: () => {
    throw new Error('the text');
  },
  throwText: () => {
    const text: unknown = 'the text';
    throw text;
  },
  setAndThrow: (context) => {
    context.setState(999);
    throw new Error('after setting');
  },
  returnTwice: (context) => {
    context.return(1);
    context.return(2);
  },
  signalCapital: (context) => {
    context.signalEntity(new df.EntityId('Account', 'told'), 'set', 3);
    context.return('told');
  },
  signalSmall: (context) => {
    context.signalEntity(new df.EntityId('account', 'told'), 'set', 3);
    context.return('told');
  },
};

df.app.entity('account', (context: df.EntityContext<number>) => {
  operations[context.df.operationName ?? '']?.(context.df);
});
orchestrator('calls', function* (context) {
  const id = new df.EntityId('Account', context.instanceId);
  const results: unknown[] = [];
  for (const operation of context.getInput<string[]>()) {
    results.push(yield* attempt(context.callEntity(id, operation)));
  }
  return results;
});
orchestrator('holds', function* (context) {
  yield context.lock(new df.EntityId('account', 'held'));
  return yield* wait(context.waitForExternalEvent('go'));
});

let driver: Driver;

afterEach(() => driver.engine.close(100));

async function called(strict: 'on' | 'warn' | 'off', operations: string[]): Promise<unknown[]> {
  driver = new Driver({ strict });
  driver.engine.open();
  const { output } = await driver.run('calls', operations, { instanceId: 'x' });
  return [shown(output), driver.logs];
}

const about = (operation: string): string => `the operation '${operation}' of @account@x`;
const next = 'Return { ok: false, error } instead of throwing.';

describe.each([
  {
    operation: 'throwError',
    sentence: `EntityErrorLost: ${about('throwError')} threw; on Azure its caller gets an error without the text. ${next}`,
    azure: ['[object Object]', 0],
    strict: 0,
  },
  {
    operation: 'setAndThrow',
    sentence: `EntityKeptState: ${about('setAndThrow')} threw after it had set the state; Azure keeps the new state. ${next}`,
    azure: ['[object Object]', 999],
    strict: 999,
  },
  {
    operation: 'returnTwice',
    sentence: `EntityReturnedTwice: ${about('returnTwice')}, or another one of its batch, called return() more than once; on Azure other callers then get its results. Call return() once.`,
    azure: [1, 0],
    strict: 0,
  },
  {
    operation: 'signalCapital',
    sentence: `SignalNameCase: ${about('signalCapital')} signals the entity 'Account'; on Azure a signal from an entity to a name with capital letters is lost. Write 'account'.`,
    azure: ['told', 0],
    strict: 0,
  },
])('$operation', ({ operation, sentence, azure, strict }) => {
  test('fails by name in strict mode', async () => {
    const seen = await called('on', [operation, 'get']);

    expect(seen).toEqual([[sentence, strict], [`error: @account@x: ${sentence}`]]);
  });

  test('is told of in warn mode, and as on Azure', async () => {
    const seen = await called('warn', [operation, 'get']);

    expect(seen).toEqual([azure, [`warning: @account@x: ${sentence}`]]);
  });

  test('is as on Azure otherwise', async () => {
    expect(await called('off', [operation, 'get'])).toEqual([azure, []]);
  });
});

test.each([
  ['throwText', 'the text'],
  ['signalSmall', 'told'],
  ['get', 0],
])('says nothing about what works on Azure: %s', async (operation, result) => {
  expect(await called('on', [operation])).toEqual([[result], []]);
});

test('tells of signals that nobody waits for', async () => {
  driver = new Driver({ strict: 'on' });
  driver.engine.open();
  await driver.engine.signalEntity({ name: 'account', key: 'x' }, 'throwError');
  await driver.rest();

  expect(driver.logs).toEqual([expect.stringContaining('error: @account@x: EntityErrorLost: ')]);
});

describe('an instance that is terminated while it holds a lock', () => {
  test.each([
    ['on', 1],
    ['warn', 1],
    ['off', 0],
  ] as const)('keeps it, and is told of by name (%s)', async (strict, lines) => {
    driver = new Driver({ strict });
    driver.engine.open();
    const id = await driver.start('holds');
    await driver.rest();
    await driver.engine.terminate(id, 'by hand');
    await driver.rest();

    const sentence = `warning: ${id}: TerminatedWithLock: the instance was terminated while it holds the lock of @account@held; on Azure everyone else waits for it for ever. Use a lease entity with an expiry for what may be terminated. Here POST /admin/durable/unlock frees it.`;
    expect(driver.logs).toEqual(Array<string>(lines).fill(sentence));
    expect(await driver.engine.releaseLocks()).toBe(1);
  });

  test('is not told of when the lock was given back', async () => {
    driver = new Driver({ strict: 'on' });
    driver.engine.open();
    const id = await driver.start('holds');
    await driver.rest();
    await driver.engine.raiseEvent(id, 'go', '1');
    await driver.ended(id);

    expect(driver.logs).toEqual([]);
  });
});
