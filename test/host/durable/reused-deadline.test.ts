import { activity, orchestrator, wait } from './support/define';
import { Driver, shown } from './support/driver';

jest.mock('@azure/functions-core', () => jest.requireActual<object>('./support/functions-core'), {
  virtual: true,
});

const code = 1234;
let driver: Driver;

beforeAll(() => {
  activity('echo', (value) => value);
  // Microsoft's phone verification sample: one deadline for all the codes that may be typed in.
  orchestrator('verify', function* (df) {
    const deadline = df.createTimer(new Date(df.currentUtcDateTime.getTime() + 90_000));
    let authorized = false;
    for (let tries = 0; tries <= 3 && !authorized; tries += 1) {
      const answer = df.waitForExternalEvent('code');
      if ((yield df.Task.any([answer, deadline])) !== answer) break;
      authorized = answer.result === code;
    }
    if (!deadline.isCompleted) deadline.cancel();
    return authorized;
  });
  orchestrator('verify, then call', function* (df) {
    const deadline = df.createTimer(new Date(df.currentUtcDateTime.getTime() + 90_000));
    for (let tries = 0; tries < 2; tries += 1) {
      yield df.Task.any([df.waitForExternalEvent('code'), deadline]);
    }
    deadline.cancel();
    return yield* wait(df.callActivity('echo', 'done'));
  });
});

beforeEach(() => {
  driver = new Driver();
  driver.engine.open();
});

afterEach(async () => {
  await driver.engine.close(0);
});

async function raise(instanceId: string, codes: readonly number[]): Promise<void> {
  for (const each of codes) {
    await driver.engine.raiseEvent(instanceId, 'code', JSON.stringify(each));
    await driver.rest();
  }
}

describe('one deadline for several events', () => {
  // Results and numbers of timers are those of the real engine.
  test.each([
    { codes: [code], authorized: true, timers: 1 },
    { codes: [1, code], authorized: true, timers: 2 },
    { codes: [1, 2, 3, 4], authorized: false, timers: 4 },
    { codes: [1], authorized: false, timers: 2 },
    { codes: [], authorized: false, timers: 1 },
  ])('works as on Azure with the codes $codes', async ({ codes, authorized, timers }) => {
    const id = await driver.start('verify');
    await raise(id, codes);

    const { output } = await driver.ended(id);

    const created = (await driver.historyTypes(id)).filter((type) => type === 10);
    expect(shown(output)).toBe(authorized);
    expect(created).toHaveLength(timers);
  });

  test('fails as soon as something comes after it that takes a number', async () => {
    const id = await driver.start('verify, then call');
    await raise(id, [1, 2]);

    const { runtimeStatus, output } = await driver.ended(id);

    expect(runtimeStatus).toBe('Failed');
    expect(output).toContain('TaskYieldedTwice: a timer is part of a second Task.all or Task.any');
  });
});
