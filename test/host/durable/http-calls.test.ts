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

function answer(request: IncomingMessage, response: ServerResponse): void {
  asked.push(`${request.method ?? ''} ${request.url ?? ''}`);
  if (request.url === '/long' || (request.url === '/poll' && asked.length < 3)) {
    response.writeHead(202, { location: '/poll', 'retry-after': '30' }).end();
  } else if (request.url === '/nowhere') response.writeHead(202).end('accepted');
  else if (request.url === '/broken') response.writeHead(500).end('broken');
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
