import { type Listener, listen } from '../../../host/http/server';
import type { Invoke } from '../../../host/invocation/invoke';
import { type AppFunction, toAppFunction } from '../../../host/loading/function-metadata';
import { createLog } from '../../../host/log';
import { answerEventGrid } from '../../../host/triggers/event-grid';
import { ask } from '../support/http';

const aFunction = (name: string, type: string, disabled = false): AppFunction =>
  toAppFunction(
    { name, bindings: { event: { type, direction: 'in' } } },
    { handler: () => undefined, file: 'a.js', disabled },
  );

interface Seen {
  readonly event: { readonly id?: string };
  readonly metadata: unknown;
}

let listener: Listener;
let seen: Seen[];
/** Events that have begun and wait for the others */
let begun: number;
let together: number;
let goOn: () => void;

/** Fails for what is called "bad"; waits until as many events are there as the test says. */
const invoke: Invoke = async ({ inputData, triggerMetadata }) => {
  const event = JSON.parse(inputData?.[0]?.data.json ?? '') as Seen['event'];
  seen.push({ event, metadata: triggerMetadata });
  begun += 1;
  if (begun < together) await new Promise<void>((resolve) => (goOn = resolve));
  else goOn();
  if (event.id === 'bad') throw new Error('the secret reason');
  return { result: undefined, answer: () => Promise.resolve({}) };
};

beforeEach(async () => {
  [seen, begun, together, goOn] = [[], 0, 1, () => undefined];
  const log = createLog(() => undefined, { host: 'trace', app: 'trace' });
  const functions = [
    aFunction('onEvent', 'eventGridTrigger'),
    aFunction('off', 'eventGridTrigger', true),
    aFunction('other', 'httpTrigger'),
  ];
  const grid = { functions, bodyLimit: 1_000_000, invoke, log, complete: <T>(same: T): T => same };
  listener = await listen({
    ...{ port: 0, hostname: '127.0.0.1', log },
    handle: (exchange) => answerEventGrid(grid, exchange),
  });
});

afterEach(() => listener.close(0));

const send = (type: string | undefined, body?: unknown, init: RequestInit = {}) =>
  ask(`http://127.0.0.1:${listener.port}/runtime/webhooks/eventgrid?functionName=onEvent`, {
    method: 'POST',
    headers: type === undefined ? {} : { 'aeg-event-type': type },
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    ...init,
  });

describe('the Event Grid webhook', () => {
  it.each(['nobody', 'onevent', '', 'off', 'other'])('knows no function "%s"', async (name) => {
    const url = `http://127.0.0.1:${listener.port}/runtime/webhooks/eventgrid`;

    const answer = await ask(name === '' ? url : `${url}?functionName=${name}`, { method: 'POST' });

    expect([answer.status, answer.body]).toEqual([404, `cannot find function: '${name}'`]);
  });

  it.each([
    ['an array', [{ data: { validationCode: '512d38b6' } }]],
    ['an object', { data: { validationCode: '512d38b6' } }],
    ['an object with a text in it', { data: '{"validationCode":"512d38b6"}' }],
  ])('answers the handshake of %s', async (_kind, body) => {
    const answer = await send('SubscriptionValidation', body);

    expect([answer.status, answer.body]).toEqual([200, '{"validationResponse":"512d38b6"}']);
    expect(answer.headers.get('content-type')).toMatch(/^text\/plain/);
  });

  it.each(['', '{', '[]', '{"data":"no"}'])('fails a handshake of %j', async (body) => {
    const { status } = await send('SubscriptionValidation', body);

    expect(status).toBe(500);
  });

  it('answers the handshake of CloudEvents with the origin and no rate', async () => {
    const { status, headers } = await send(undefined, undefined, {
      method: 'OPTIONS',
      headers: { 'WebHook-Request-Origin': 'eventgrid.azure.net' },
    });

    expect([status, headers.get('webhook-allowed-origin')]).toEqual([200, 'eventgrid.azure.net']);
    expect(headers.get('webhook-allowed-rate')).toBeNull();
  });

  it.each([
    ['Unsubscribe', 202],
    ['unsubscribe', 202],
    ['Somethingelse', 400],
    [undefined, 400],
  ])('answers the event type %s with %d', async (type, expected) => {
    const { status } = await send(type, []);

    expect(status).toBe(expected);
  });

  it.each([
    ['an array', [{ id: '1' }, { id: '2' }], ['1', '2']],
    ['one object', { id: '3' }, ['3']],
    ['nothing', [], []],
  ])('runs the function once for each event of %s', async (_kind, body, ids) => {
    const { status } = await send('Notification', body);

    expect([status, seen.map(({ event }) => event.id)]).toEqual([202, ids]);
  });

  it.each(['PUT', 'DELETE'])('takes events with %s as well', async (method) => {
    const { status } = await send('NOTIFICATION', [{ id: '1' }], {
      method,
      body: '[{"id":"1"}]',
    });

    expect([status, seen.length]).toEqual([202, 1]);
  });

  it('runs all events of a delivery at the same time', async () => {
    together = 2;

    const { status } = await send('Notification', [{ id: '1' }, { id: '2' }]);

    expect(status).toBe(202);
  });

  it('asks for the whole delivery again when one event fails, without the reason', async () => {
    const answer = await send('Notification', [{ id: 'bad' }, { id: '2' }]);

    expect([answer.status, answer.body]).toEqual([
      500,
      'Exception while executing function: Functions.onEvent',
    ]);
    expect(seen.map(({ event }) => event.id)).toEqual(['bad', '2']);
  });

  it('fails a delivery that holds something else, after the events in it were handed over', async () => {
    const { status } = await send('Notification', [{ id: '1' }, 5]);

    expect([status, seen.length]).toEqual([500, 1]);
  });

  it.each(['', 'text', '5', '[null]'])('fails a delivery of %j', async (body) => {
    const { status } = await send('Notification', body);

    expect([status, seen.length]).toEqual([500, 0]);
  });

  it('hands over the event as it was sent, and its data once more as metadata', async () => {
    const event = { specversion: '1.0', id: '1', data: { Some: { Case: 1 } }, Extra: true };

    await send('Notification', event);

    expect(seen).toEqual([{ event, metadata: { data: { json: '{"Some":{"Case":1}}' } } }]);
  });
});
