import * as df from 'durable-functions';

import { answerDurable } from '../../../host/durable-http/api';
import type { Strictness } from '../../../host/durable/contract';
import { type Listener, listen } from '../../../host/http/server';
import { createLog } from '../../../host/log';
import { activity, orchestrator, wait } from '../durable/support/define';
import { Driver } from '../durable/support/driver';

jest.mock(
  '@azure/functions-core',
  () => jest.requireActual<object>('../durable/support/functions-core'),
  { virtual: true },
);

let driver: Driver;
let listener: Listener;

beforeAll(() => {
  activity('nothing', () => null);
  orchestrator('echoes', function* (context) {
    yield context.callActivity('nothing');
    return { input: context.getInput(), version: context.version };
  });
  orchestrator('waits', function* (context) {
    return yield* wait(context.waitForExternalEvent('go'));
  });
  df.app.entity('Box', (context) => {
    context.df.setState(context.df.getInput());
  });
});

async function serve(strict: Strictness): Promise<void> {
  driver = new Driver({ strict });
  driver.engine.open();
  const log = createLog(() => undefined, { host: 'error', app: 'error' });
  const { engine } = driver;
  const api = { engine, hubName: 'Hub', key: 'k', strict, bodyLimit: 1_000_000, log };
  const known = { settings: { get: () => undefined }, entityNames: ['Box'] };
  listener = await listen({
    port: 0,
    hostname: '127.0.0.1',
    log,
    handle: (exchange) =>
      answerDurable({ ...api, ...known }, exchange, exchange.path.replace(/^\//, '')),
  });
}

beforeEach(() => serve('off'));

afterEach(async () => {
  await listener.close(0);
  await driver.engine.close(100);
});

interface Answer {
  readonly status: number;
  readonly json: unknown;
  readonly next: string | null;
}

async function ask(method: string, path: string, more: RequestInit = {}): Promise<Answer> {
  const url = `http://127.0.0.1:${listener.port}/${path}`;
  const response = await fetch(url, { method, ...more });
  const text = await response.text();
  return {
    status: response.status,
    json: text === '' ? undefined : JSON.parse(text),
    next: response.headers.get('x-ms-continuation-token'),
  };
}

const json = { headers: { 'content-type': 'application/json' } };

async function start(functionName: string, instanceId: string, input = '1'): Promise<void> {
  await driver.engine.start({ functionName, instanceId, input });
  await driver.rest();
}

const idsOf = ({ json: list }: Answer): string[] =>
  (list as { instanceId: string }[]).map(({ instanceId }) => instanceId);

describe('parameters', () => {
  it('are found in any letter case', async () => {
    await start('echoes', 'a');

    const { json: shown } = await ask('GET', 'instances/a?SHOWINPUT=false');

    expect(shown).toMatchObject({ input: null });
  });

  it('have all their values in one text', async () => {
    await start('waits', 'a');

    await ask('POST', 'instances/a/terminate?reason=one&reason=two');
    await driver.ended('a');

    expect((await driver.engine.status('a'))?.output).toBe('one,two');
  });

  it('in a path are decoded twice, with a plus for a space', async () => {
    await ask('POST', 'orchestrators/echoes/a+b%2Bc%2520d');
    await driver.rest();

    expect(idsOf(await ask('GET', 'instances'))).toEqual(['a b c d']);
  });

  it('may name an empty version, which is none', async () => {
    await ask('POST', 'orchestrators/echoes/a?version=');
    await driver.rest();

    const { json: shown } = await ask('GET', 'instances/a');

    expect(shown).toMatchObject({ output: { version: '' } });
    expect(shown).not.toHaveProperty('version');
  });
});

describe('the list of instances', () => {
  beforeEach(async () => {
    await start('echoes', 'ended');
    await start('waits', 'live');
    await driver.engine.signalEntity({ name: 'Box', key: 'k' }, 'set', '5');
    await driver.rest();
  });

  it.each([
    ['', ['@box@k', 'ended', 'live']],
    ['?runtimeStatus=Completed,%20Failed', ['ended']],
    ['?runtimeStatus=1', ['ended']],
    ['?runtimeStatus=completed', ['@box@k', 'ended', 'live']],
    ['?runtimeStatus=Canceled', []],
    ['?runtimeStatus=Running', ['@box@k', 'live']],
    ['?instanceIdPrefix=@Box', []],
    ['?instanceIdPrefix=@box@', ['@box@k']],
    ['?top=1.5', ['@box@k', 'ended', 'live']],
    ['?top=%202', ['@box@k', 'ended']],
    ['?top=0', []],
    ['?taskHub=other', []],
    ['?taskHub=', ['@box@k', 'ended', 'live']],
  ])('%s', async (query, ids) => {
    const list = await ask('GET', `instances${query}`);

    expect(idsOf(list)).toEqual(ids);
  });

  it('leaves inputs out only where it is filtered', async () => {
    const all = await ask('GET', 'instances?showInput=false');
    const some = await ask('GET', 'instances?showInput=false&instanceIdPrefix=e');

    expect([all.json, some.json]).toMatchObject([
      [{ input: { state: '5' } }, { input: 1 }, { input: 1 }],
      [{ input: null }],
    ]);
  });

  it('goes on with its token, and is empty with another text', async () => {
    const first = await ask('GET', 'instances?top=2');
    const headers = { 'x-ms-continuation-token': first.next ?? '' };
    const second = await ask('GET', 'instances?top=2', { headers });
    const wrong = { headers: { 'x-ms-continuation-token': 'garbage' } };
    const none = await ask('GET', 'instances', wrong);

    expect([idsOf(second), second.next, idsOf(none)]).toEqual([['live'], null, []]);
  });
});

describe('a start', () => {
  it.each([
    ['?timeout=5', 202],
    ['?pollingInterval=1', 202],
    ['?timeout=5&pollingInterval=abc', 202],
    ['?timeout=5&pollingInterval=0.01', 200],
    ['?timeout=1&pollingInterval=2', 400],
  ])('waits for the end only with both times (%s)', async (query, status) => {
    const answer = await ask('POST', `orchestrators/echoes${query}`);

    expect(answer.status).toBe(status);
  });

  it('in another task hub is taken and does nothing', async () => {
    const { status, json: links } = await ask('POST', 'orchestrators/echoes/a?taskHub=other');

    expect([status, await driver.engine.status('a')]).toEqual([202, undefined]);
    expect(links).toMatchObject({
      statusQueryGetUri: expect.stringContaining('?taskHub=other&connection=Storage&') as string,
    });
  });

  it.each([
    ['{"a":', 500, 'Newtonsoft.Json.JsonSerializationException'],
    ['"open', 400, 'Newtonsoft.Json.JsonReaderException'],
    [`${'['.repeat(65)}${']'.repeat(65)}`, 400, 'Newtonsoft.Json.JsonReaderException'],
  ])('with the body %s is refused', async (body, status, type) => {
    const answer = await ask('POST', 'orchestrators/echoes', { body });

    expect(answer).toMatchObject({ status, json: { ExceptionType: type } });
  });
});

describe('the history of an instance', () => {
  it('is missing before its first run', async () => {
    await driver.engine.start({ functionName: 'echoes', instanceId: 'a', version: '9' });
    await driver.rest();

    const { json: shown } = await ask('GET', 'instances/a?showHistory=true');

    expect(shown).toMatchObject({ runtimeStatus: 'Pending' });
    expect(shown).not.toHaveProperty('historyEvents');
  });
});

describe('a signal', () => {
  it('needs a name', async () => {
    const answers = [await ask('POST', 'entities'), await ask('DELETE', 'entities/')];

    const Message =
      "Invalid entity id: entity name must not be a null or empty string. (Parameter 'entityName')";
    expect(answers).toMatchObject([
      { status: 400, json: { Message } },
      { status: 400, json: { Message } },
    ]);
  });

  it('names the entities that there are', async () => {
    const { json: problem } = await ask('POST', 'entities/nobody/k?op=x', { ...json, body: '1' });

    expect(problem).toEqual({
      Message:
        "The function 'nobody' doesn't exist, is disabled, or is not an entity function. Additional info: The following are the known entity functions: 'Box'.",
    });
  });

  it('takes JSON by its first value, and of that type only', async () => {
    const patch = { headers: { 'content-type': 'application/json-patch+json' } };
    await ask('POST', 'entities/Box/a?op=set', { ...json, body: '{a:1} x' });
    await ask('POST', 'entities/Box/b?op=set', { ...patch, body: '{}' });
    await driver.rest();

    const states = [await ask('GET', 'entities/Box/a'), await ask('GET', 'entities/Box/b')];

    expect(states.map(({ json: state }) => state)).toEqual([{ a: 1 }, '{}']);
  });
});
