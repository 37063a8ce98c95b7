import { once } from 'node:events';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { orchestrator, wait } from './support/define';
import { Driver, shown } from './support/driver';

jest.mock('@azure/functions-core', () => jest.requireActual<object>('./support/functions-core'), {
  virtual: true,
});

let driver: Driver;
let server: Server;
let base: string;
let asked: string[];

type Answer = (response: ServerResponse, request: IncomingMessage) => void;

const accepted: Answer = (response) => {
  response.writeHead(202, { location: '/poll', 'retry-after': '30' }).end();
};

const answers: Readonly<Record<string, Answer>> = {
  '/long': accepted,
  '/poll': (response, request) => {
    if (asked.length < 3) accepted(response, request);
    else response.end('hello');
  },
  '/nowhere': (response) => {
    response.writeHead(202).end('accepted');
  },
  '/broken': (response) => {
    response.writeHead(500).end('broken');
  },
  '/latin': (response) => {
    response.setHeader('content-type', 'text/plain; charset=iso-8859-1').end('\u00e9', 'latin1');
  },
  '/drop': (_, request) => {
    request.socket.destroy();
  },
};

function answer(request: IncomingMessage, response: ServerResponse): void {
  const { method = '', url = '' } = request;
  asked.push(`${method} ${url}`);
  const [, status] = /^\/moved\/(\d+)$/.exec(url) ?? [];
  if (status !== undefined) response.writeHead(Number(status), { location: '/plain' }).end();
  else if (answers[url] !== undefined) answers[url](response, request);
  else response.setHeader('x-kind', 'plain').end('hello');
}

beforeAll(async () => {
  orchestrator('http', function* (df) {
    return yield* wait(df.callHttp(df.getInput()));
  });
  server = createServer(answer).listen(0, '127.0.0.1');
  await once(server, 'listening');
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterAll(() => {
  server.close();
  server.closeAllConnections();
});

beforeEach(() => {
  asked = [];
  driver = new Driver();
  driver.engine.open();
});

afterEach(() => driver.engine.close(100));

const get = async (path: string, more: object = {}) => {
  const id = await driver.start('http', { method: 'GET', url: `${base}${path}`, ...more });
  return driver.endedOverNetwork(id);
};

test('hands every answer over, whatever its status', async () => {
  const fine = await get('/plain');
  const broken = await get('/broken');

  expect(shown(fine.output)).toMatchObject({
    statusCode: 200,
    content: 'hello',
    headers: { 'x-kind': 'plain' },
  });
  expect(shown(broken.output)).toMatchObject({ statusCode: 500, content: 'broken' });
});

test('polls where a 202 says, as long as it says', async () => {
  const id = await driver.start('http', { method: 'POST', url: `${base}/long`, body: 'go' });

  const { output, updatedAt, createdAt } = await driver.endedOverNetwork(id);

  expect(asked).toEqual(['POST /long', 'GET /poll', 'GET /poll']);
  expect(shown(output)).toMatchObject({ statusCode: 200 });
  expect(Math.round((updatedAt - createdAt) / 1000)).toBe(60);
  expect(await driver.historyTypes(id)).toEqual([0, 4, 5, 10, 11, 4, 5, 10, 11, 4, 5, 1]);
});

test('takes a 202 that says nothing, and one that shall not be followed, as the answer', async () => {
  const nowhere = await get('/nowhere');
  const off = await get('/long', { enablePolling: false });

  expect(shown(nowhere.output)).toMatchObject({ statusCode: 202, content: 'accepted' });
  expect(shown(off.output)).toMatchObject({ statusCode: 202 });
});

test('fails when nobody answers', async () => {
  const id = await driver.start('http', { method: 'GET', url: 'http://127.0.0.1:9/' });

  const { runtimeStatus, output } = await driver.endedOverNetwork(id);

  expect(runtimeStatus).toBe('Failed');
  expect(output).toMatch(
    /^Orchestrator function 'http' failed: (Connection refused \(127\.0\.0\.1:9\)|bad port)/,
  );
});

test.each([
  ['POST', 301, 'GET'],
  ['PUT', 301, 'PUT'],
  ['DELETE', 303, 'GET'],
  ['POST', 307, 'POST'],
])('follows %s over %d with %s', async (method, status, next) => {
  await get(`/moved/${status}`, { method });

  expect(asked).toEqual([`${method} /moved/${status}`, `${next} /plain`]);
});

test('reads an answer in the encoding that it names', async () => {
  const { output } = await get('/latin');

  expect(shown(output)).toMatchObject({ content: 'é' });
});

test.each([
  ['/relative', 'System.InvalidOperationException'],
  ['ftp://127.0.0.1/', 'System.NotSupportedException'],
])('does not call %s', async (url, type) => {
  const id = await driver.start('http', { method: 'GET', url });

  const { output } = await driver.endedOverNetwork(id);

  expect(output).toContain(`Orchestrator function 'http' failed: ${type}: `);
});

test('fails as .NET does when the connection breaks', async () => {
  const { output } = await get('/drop');

  expect(output?.split(' \n ')[0]).toBe(
    "Orchestrator function 'http' failed: An error occurred while sending the request.",
  );
});
