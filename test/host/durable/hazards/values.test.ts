import { activity, orchestrator, wait } from '../support/define';
import { Driver } from '../support/driver';
import { testInEachMode, testSound } from '../support/modes';
import * as df from 'durable-functions';

jest.mock('@azure/functions-core', () => jest.requireActual<object>('../support/functions-core'), {
  virtual: true,
});

const circle: { self?: unknown } = {};
circle.self = circle;

const values: Readonly<Record<string, unknown>> = {
  true: true,
  false: false,
  wrapped: { on: true },
  nan: NaN,
  'nan inside': { list: [1, NaN] },
  map: { map: new Map([[1, 2]]) },
  error: { error: new Error('text') },
  date: { at: new Date(0) },
  bytes: Buffer.from('abc'),
  bigint: { n: 1n },
  circle,
  reference: { $ref: '1', x: 1 },
  big: 1e21,
  'big inside': { n: 1e21 },
  safe: Number.MAX_SAFE_INTEGER,
  text: 'text',
  members: { a: undefined },
};

activity('echo', (value) => value ?? 'nothing');
orchestrator('sends', function* (df) {
  return yield* wait(df.callActivity('echo', values[df.getInput<string>()]));
});
orchestrator('retries', function* (context) {
  const options = new df.RetryOptions(1000, 2);
  return yield* wait(
    context.callActivityWithRetry('echo', options, values[context.getInput<string>()]),
  );
});
orchestrator('child', function* (df) {
  yield df.callActivity('echo', 1);
  return df.getInput();
});
orchestrator('to a child', function* (df) {
  return yield* wait(df.callSubOrchestrator('child', values[df.getInput<string>()]));
});
df.app.entity('keeper', ({ df: context }) => {
  context.return(context.getInput() ?? 'nothing');
});
orchestrator('to an entity', function* (context) {
  const id = new df.EntityId('keeper', 'k');
  return yield* wait(context.callEntity(id, 'keep', values[context.getInput<string>()]));
});
orchestrator('returns', function* (df) {
  yield df.callActivity('echo', 1);
  return values[df.getInput<string>()];
});
orchestrator('again with', function* (df) {
  const input = df.getInput<{ next?: string } | string | null>();
  if (typeof input === 'object' && typeof input?.next === 'string') {
    df.continueAsNew(values[input.next]);
    return undefined;
  }
  return yield* wait(df.callActivity('echo', { input }));
});
orchestrator('returns after continueAsNew', function* (df) {
  const { turn } = df.getInput<{ turn: number }>();
  yield df.callActivity('echo', turn);
  if (turn < 2) df.continueAsNew({ turn: turn + 1 });
  return turn;
});
orchestrator('works after continueAsNew', function* (df) {
  const { turn } = df.getInput<{ turn: number }>();
  if (turn === 2) return 'second';
  df.continueAsNew({ turn: 2 });
  return yield* wait(df.callActivity('echo', 'never'));
});
orchestrator('signals after continueAsNew', function* (context) {
  const { turn } = context.getInput<{ turn: number }>();
  yield context.callActivity('echo', turn);
  if (turn === 2) return 'second';
  context.continueAsNew({ turn: 2 });
  context.signalEntity(new df.EntityId('keeper', 'k'), 'keep', 1);
  return undefined;
});
orchestrator('stamp', function* (df) {
  const { x } = df.getInput<{ x: { Timestamp: unknown } }>();
  return yield* wait(df.callActivity('echo', { is: typeof x.Timestamp }));
});
orchestrator('status', function* (df) {
  df.setCustomStatus(df.getInput());
  return yield* wait(df.callActivity('echo', 'done'));
});
orchestrator('sets status twice', function* (df) {
  df.setCustomStatus(null);
  yield df.callActivity('echo', 1);
  df.setCustomStatus({ step: 0 });
  return yield* wait(df.callActivity('echo', 'done'));
});

const lost = { code: 'ValueLost', severity: 'failure' } as const;
const changed = { code: 'ValueChangesForm', severity: 'warning' } as const;
const bool = { run: 'sends', code: 'BooleanInput', severity: 'failure' } as const;
const notJson = { code: 'NotJson', severity: 'failure' } as const;
const bigint = { ...notJson, input: 'bigint', azure: { fails: 'serialize a BigInt' } } as const;
const falsy = { run: 'status', code: 'FalsyStatus', severity: 'warning' } as const;
const stamp = { run: 'stamp', code: 'TimestampKey' } as const;

testInEachMode([
  {
    ...{ ...bool, input: 'true', azure: { output: 'True' } },
    says: 'the input of \'echo\' is true; on Azure it arrives as the text "True". Wrap it in an object.',
  },
  { ...bool, input: 'false', azure: { output: 'False' }, says: 'arrives as the text "False"' },
  {
    ...{ ...bool, run: 'retries', input: 'true', azure: { output: 'True' } },
    says: "the input of 'echo' is true",
  },
  {
    ...{ ...lost, run: 'sends', input: 'nan', azure: { output: 'nothing' } },
    says: "the input of 'echo' is not what arrives on Azure: NaN does not arrive as a number.",
  },
  {
    ...{ ...lost, run: 'sends', input: 'nan inside', azure: { output: { list: [1, null] } } },
    says: "the input of 'echo' (at list[1]) is not what arrives",
  },
  {
    ...{ ...lost, run: 'to a child', input: 'map', azure: { output: { map: {} } } },
    says: "the input of 'child' (at map) is not what arrives on Azure: Map arrives without its content",
  },
  {
    ...{ ...lost, run: 'to an entity', input: 'error', azure: { output: { error: {} } } },
    says: "the input of the operation 'keep' of @keeper@k (at error)",
  },
  { ...lost, run: 'returns', input: 'nan', says: 'the output is not', azure: { output: null } },
  {
    ...{ ...lost, run: 'again with', input: { next: 'nan inside' } },
    says: 'the input of continueAsNew (at list[1])',
    azure: { output: { input: { list: [1, null] } } },
  },
  {
    ...{ ...changed, run: 'sends', input: 'date', says: '(at at) is not what arrives on Azure' },
    azure: { output: { at: '1970-01-01T00:00:00.000Z' } },
  },
  {
    ...{ ...changed, run: 'returns', input: 'bytes', says: 'bytes arrive as an object' },
    azure: { output: { type: 'Buffer', data: [97, 98, 99] } },
  },
  { ...bigint, run: 'sends', says: "the input of 'echo' (at n) cannot be written" },
  { ...bigint, run: 'to an entity', says: '(at n) cannot be written' },
  { ...bigint, run: 'returns', says: 'the output (at n) cannot be written' },
  {
    ...{ ...notJson, run: 'again with', input: { next: 'bigint' }, says: 'continueAsNew (at n)' },
    azure: { fails: 'serialize a BigInt' },
  },
  {
    ...{ ...notJson, run: 'to a child', input: 'circle', says: "the input of 'child' (at self)" },
    azure: { fails: 'Converting circular structure to JSON' },
  },
  {
    ...{ run: 'sends', input: 'reference', code: 'ReferenceKey', severity: 'failure' },
    says: "the input of 'echo' cannot be read on Azure: an object that begins with the key $ref is refused",
    azure: { fails: 'Additional content found in JSON reference object.' },
  },
  {
    ...{ run: 'again with', input: { next: 'text' }, azure: { output: { input: '"text"' } } },
    ...{ code: 'TextIntoContinueAsNew', severity: 'failure' },
    says: 'on Azure the next execution gets it encoded twice, with quotation marks in it. Wrap it in an object.',
  },
  {
    ...{ run: 'returns after continueAsNew', input: { turn: 1 }, azure: { output: 2 } },
    ...{ code: 'ReturnAfterContinueAsNew', severity: 'warning', says: 'which Azure ignores' },
  },
  {
    ...{ run: 'works after continueAsNew', input: { turn: 1 }, azure: { output: 'second' } },
    ...{ code: 'WorkAfterContinueAsNew', severity: 'failure' },
    says: 'callActivity came after continueAsNew; Azure ignores it.',
  },
  {
    ...{ run: 'signals after continueAsNew', input: { turn: 1 }, azure: { output: 'second' } },
    ...{ code: 'WorkAfterContinueAsNew', severity: 'failure' },
    says: 'signalEntity came after continueAsNew; Azure ignores it.',
  },
  {
    ...{ ...stamp, severity: 'warning', input: { x: { Timestamp: '2031-02-03T04:05:06.000Z' } } },
    ...{ says: 'the SDK makes a Date of it', azure: { output: { is: 'object' } } },
  },
  {
    ...{ ...stamp, severity: 'failure', input: { x: { Timestamp: 'some time' } } },
    says: 'the text "some time"; the SDK makes a Date of it, which is invalid, and the text is lost.',
    azure: { output: { is: 'object' } },
  },
  { ...falsy, input: 0, says: 'setCustomStatus(0) clears', azure: { output: 'done' } },
  { ...falsy, input: false, says: 'setCustomStatus(false) clears', azure: { output: 'done' } },
  { ...falsy, input: '', says: 'setCustomStatus("") clears', azure: { output: 'done' } },
]);

testSound([
  { run: 'sends', input: 'wrapped', output: { on: true } },
  { run: 'sends', input: 'big inside', output: { n: 1e21 } },
  { run: 'sends', input: 'safe', output: Number.MAX_SAFE_INTEGER },
  { run: 'sends', input: 'text', output: 'text' },
  { run: 'sends', input: 'members', output: {} },
  { run: 'to a child', input: 'true', output: true },
  { run: 'to an entity', input: 'true', output: true },
  { run: 'returns', input: 'false', output: false },
  { run: 'returns', input: 'big', output: 1e21 },
  { run: 'again with', input: { next: 'wrapped' }, output: { input: { on: true } } },
  { run: 'stamp', input: { x: { Timestamp: 5 } }, output: { is: 'number' } },
  { run: 'stamp', input: { x: {}, timestamp: 'some time' }, output: { is: 'undefined' } },
  { run: 'sets status twice', output: 'done' },
]);

describe('numbers that somebody else has written', () => {
  orchestrator('listens', function* (df) {
    yield df.waitForExternalEvent('go');
    return df.getInput();
  });

  const logs = async (strict: 'on' | 'warn' | 'off', text: string): Promise<string[]> => {
    const driver = new Driver({ strict });
    driver.engine.open();
    await driver.engine.start({ functionName: 'listens', instanceId: 'id', input: text });
    await driver.rest();
    await driver.engine.raiseEvent('id', 'go', text);
    await driver.ended('id');
    await driver.engine.close(100);
    return driver.logs;
  };
  const sentence = (what: string): string =>
    `warning: id: LongNumber: ${what} holds the number 12345678901234567890, of which JavaScript keeps the first digits only. Send it as a text.`;

  test.each(['on', 'warn'] as const)('are told of when they are too long (%s)', async (strict) => {
    expect(await logs(strict, '{"a":[1,12345678901234567890]}')).toEqual([
      sentence('the input'),
      sentence("the event 'go'"),
    ]);
  });

  test.each([
    ['off', '12345678901234567890'],
    ['on', '9007199254740991'],
    ['on', '"12345678901234567890"'],
    ['on', '{"text":"id: 12345678901234567890, and","half":0.12345678901234567}'],
    ['on', '1152921504606847000'],
  ] as const)('are not told of otherwise (%s, %s)', async (strict, text) => {
    expect(await logs(strict, text)).toEqual([]);
  });
});
