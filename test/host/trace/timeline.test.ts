import * as df from 'durable-functions';
import type { InstanceTrace } from '../../../host/durable/contract';
import { printEntity, printTimeline } from '../../../host/trace/print-timeline';
import { toTimeline } from '../../../host/trace/timeline';
import { activity, attempt, orchestrator, wait } from '../durable/support/define';
import { Driver } from '../durable/support/driver';

jest.mock(
  '@azure/functions-core',
  () => jest.requireActual<object>('../durable/support/functions-core'),
  { virtual: true },
);

let driver: Driver;
let failures = 0;

beforeAll(() => {
  activity('read', ({ cluster }: { cluster: string }) => ({ cluster, nodes: 3 }));
  activity('flaky', () => {
    failures += 1;
    if (failures < 3) throw new Error(`refused\nthe ${failures}. time`);
    return { ok: true };
  });
  activity('broken', () => {
    throw new Error('no such cluster');
  });
  df.app.entity('budget', (context) => {
    context.df.setState(1);
    context.df.return('left: 1');
  });
  orchestrator('child', function* (context) {
    return yield context.callActivity('read', context.getInput());
  });
  orchestrator('loop', function* (context) {
    const { turn } = context.getInput<{ turn: number }>();
    if (turn < 3) context.continueAsNew({ turn: turn + 1 });
    else yield context.waitForExternalEvent('stop');
  });
  orchestrator('everything', function* (context) {
    const options = new df.RetryOptions(5000, 4);
    yield context.callActivityWithRetry('flaky', options, { cluster: 'a' });
    yield* attempt(context.callActivity('broken', 'x'.repeat(300)));
    yield context.callSubOrchestrator('child', { cluster: 'b' }, 'everything-child');
    yield context.callEntity(new df.EntityId('budget', 'fleet'), 'take', 1);
    context.signalEntity(new df.EntityId('budget', 'fleet'), 'note', { by: 'me' });
    context.setCustomStatus({ step: 'approval' });
    const approved = context.waitForExternalEvent('approval');
    const deadline = context.createTimer(
      new Date(context.currentUtcDateTime.getTime() + 3_600_000),
    );
    yield context.Task.any([approved, deadline]);
    deadline.cancel();
    return yield* wait(context.waitForExternalEvent('end'));
  });
});

beforeEach(() => {
  failures = 0;
  driver = new Driver();
  driver.engine.open();
});

afterEach(() => driver.engine.close(100));

async function traceOf(id: string): Promise<InstanceTrace> {
  const found = await driver.engine.trace(id);
  if (found.kind !== 'instance') throw new Error(`${id} is ${found.kind}`);
  return found;
}

/** The text, without the ids and dates that every run has others of. */
async function shown(id: string): Promise<string> {
  const text = printTimeline(toTimeline(await traceOf(id)), driver.clock.now() + 90_000);
  return text.replaceAll('2031-01-01', 'day');
}

describe('the timeline of an instance', () => {
  it('shows calls, attempts, failures, children, entities and what is waited for', async () => {
    await driver.start('everything', { n: 1 }, { instanceId: 'everything' });
    await driver.until('everything', ({ customStatus }) => customStatus !== undefined);

    const text = await shown('everything');

    expect(text).toBe(`everything  everything  Running
  created       dayT00:00:00.000Z
  last change   dayT00:00:10.006Z
  custom status {"step":"approval"}

      +0.000 s  day 00:00:00.000  started everything  {"n":1}
      +0.000 s  day 00:00:00.000  activity #0 flaky  {"cluster":"a"}  FAILED (0.000 s) refused
      +0.001 s  day 00:00:00.001  retry delay #1  after attempt 1 failed  due dayT00:00:05.001Z  done (5.000 s)
      +5.001 s  day 00:00:05.001  activity #2 flaky  attempt 2  {"cluster":"a"}  FAILED (0.000 s) refused
      +5.002 s  day 00:00:05.002  retry delay #3  after attempt 2 failed  due dayT00:00:10.002Z  done (5.000 s)
     +10.002 s  day 00:00:10.002  activity #4 flaky  attempt 3  {"cluster":"a"}  -> {"ok":true} (0.000 s)
     +10.003 s  day 00:00:10.003  activity #5 broken  "${'x'.repeat(99)}...  FAILED (0.000 s) no such cluster
     +10.004 s  day 00:00:10.004  child #6 child  instance everything-child  {"cluster":"b"}  -> {"cluster":"b","nodes":3} (0.000 s)
     +10.005 s  day 00:00:10.005  entity call #7 @budget@fleet take  1  -> "left: 1" (0.000 s)
     +10.006 s  day 00:00:10.006  entity signal #8 @budget@fleet note  {"by":"me"}
     +10.006 s  day 00:00:10.006  timer #9  due dayT01:00:10.006Z  ...

  waits for
    event approval
    timer #9 due dayT01:00:10.006Z, in 58.5 min
`);
  });

  it('shows what became of a timer that was cancelled, and of the end', async () => {
    await driver.start('everything', { n: 1 }, { instanceId: 'ends' });
    await driver.until('ends', ({ customStatus }) => customStatus !== undefined);
    await driver.engine.raiseEvent('ends', 'approval', '"yes"');
    await driver.engine.raiseEvent('ends', 'end', '"over"');
    await driver.ended('ends');

    const { entries, waitsFor } = toTimeline(await traceOf('ends'));

    const last = entries.slice(-4).map(({ what, name, state, input, result }) => ({
      ...{ what, name, state, input, result },
    }));
    expect(last).toEqual([
      { what: 'timer', state: 'cancelled' },
      { what: 'event', name: 'approval', input: '"yes"' },
      { what: 'event', name: 'end', input: '"over"' },
      { what: 'ended', name: 'Completed', result: '"over"' },
    ]);
    expect(waitsFor).toEqual({ calls: [], events: [] });
  });

  it('counts the executions, of which only the current one has a history', async () => {
    await driver.start('loop', { turn: 1 }, { instanceId: 'loop' });
    await driver.rest();
    await driver.engine.suspend('loop', 'lunch');
    await driver.rest();

    const text = await shown('loop');

    expect(text).toBe(`loop  loop  Suspended
  created       dayT00:00:00.000Z
  last change   dayT00:00:00.001Z
  execution     3 (the 2 before it ended with continueAsNew, which keeps no history)

      +0.000 s  day 00:00:00.000  started loop  {"turn":3}
      +0.000 s  day 00:00:00.000  suspended  lunch

  waits for
    being resumed
    event stop
`);
  });

  it('tells of an instance that has not run why it has no history', async () => {
    const held = new Driver({ settings: { defaultVersion: '1.0' } });
    held.engine.open();
    await held.start('loop', { turn: 1 }, { instanceId: 'newer', version: '2.0' });
    await held.rest();

    const found = await held.engine.trace('newer');
    await held.engine.close(100);

    const text = found.kind === 'instance' ? printTimeline(toTimeline(found)) : found.kind;
    expect(text).toContain(`
  waited for, when the host stopped
    its first run, or defaultVersion in host.json to allow 2.0
    1 messages that it has not seen yet
`);
  });
});

describe('the trace of an entity', () => {
  it('shows how it stands, since it has no history', async () => {
    await driver.engine.signalEntity({ name: 'budget', key: 'east' }, 'take');
    await driver.rest();

    const found = await driver.engine.trace('@budget@east');

    expect(found.kind === 'entity' && printEntity(found)).toBe(`@budget@east  exists
Entities keep no history; this is how it stands.
  last operation  2031-01-01T00:00:00.000Z
  state           1
  locked by       nobody
  waiting         0 messages
`);
  });
});

describe('an id that nobody has', () => {
  it('brings up those that it may have been meant for', async () => {
    for (const id of ['onboard-payments', 'onboard-billing', 'sweep-7']) {
      await driver.start('loop', { turn: 3 }, { instanceId: id });
    }

    const answers = [];
    for (const id of ['onboard-payment', 'onbord-biling', 'Sweep', 'xyz']) {
      answers.push(await driver.engine.trace(id));
    }

    expect(answers).toEqual([
      { kind: 'unknown', closest: ['onboard-payments'] },
      { kind: 'unknown', closest: ['onboard-billing'] },
      { kind: 'unknown', closest: ['sweep-7'] },
      { kind: 'unknown', closest: [] },
    ]);
  });
});
