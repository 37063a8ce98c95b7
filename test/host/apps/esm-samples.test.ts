import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

import { ask } from '../support/http';
import { SampleApp } from '../support/sample-app';

let app: SampleApp;
let service: Server;
let serviceUrl: string;

beforeAll(async () => {
  let polls = 0;
  service = createServer((request, response) => {
    if (request.url === '/missing') {
      response.writeHead(404).end();
    } else if (request.url === '/work' || ++polls < 3) {
      response.writeHead(202, { location: '/work/status', 'retry-after': '5' }).end();
    } else {
      response.writeHead(200, { 'content-type': 'application/json' }).end('{"done":true}');
    }
  }).listen(0, '127.0.0.1');
  await once(service, 'listening');
  serviceUrl = `http://127.0.0.1:${(service.address() as AddressInfo).port}`;
  app = await SampleApp.start('esm', ['--speed', '60']);
}, 30_000);

afterAll(async () => {
  await app.stop();
  service.close();
});

describe('the samples as ES modules', () => {
  it('call a service and poll it until it is done', async () => {
    const { runtimeStatus, output } = await app.run('checkService', { url: `${serviceUrl}/work` });

    expect(runtimeStatus).toBe('Completed');
    expect(output).toEqual({ statusCode: 200, content: '{"done":true}' });
  });

  it('see the status of a call that failed', async () => {
    const { output } = await app.run('checkService', { url: `${serviceUrl}/missing` });

    expect(output).toContain('/missing answered 404');
  });

  it('transfer between locked accounts, crossing, with the total unchanged', async () => {
    await app.run('deposit', { account: 'a', amount: 100 });
    await app.run('deposit', { account: 'b', amount: 100 });
    const crossing = Array.from({ length: 6 }, (_, n) =>
      app.run('transferFunds', {
        ...(n % 2 === 0 ? { from: 'a', to: 'b' } : { from: 'b', to: 'a' }),
        amount: 10 + n,
      }),
    );

    const transfers = await Promise.all(crossing);
    const tooMuch = await app.run('transferFunds', { from: 'a', to: 'b', amount: 1000 });
    const balances = await Promise.all(
      ['a', 'b'].map(async (account) => (await app.run('deposit', { account, amount: 0 })).output),
    );

    expect(transfers.map(({ output }) => output)).toEqual(transfers.map(() => ({ ok: true })));
    expect(tooMuch.output).toMatchObject({ ok: false });
    expect(balances).toEqual([103, 97]);
  });

  it('are suspended, resumed, rewound, restarted and purged', async () => {
    const started = await app.begin('approval/first');
    await ask(started.suspendPostUri.replace('{text}', 'lunch'), { method: 'POST' });
    const suspended = await app.until(
      started,
      ({ runtimeStatus }) => runtimeStatus === 'Suspended',
    );
    await app.raise(started, 'approval', true);
    await ask(started.resumePostUri.replace('{text}', ''), { method: 'POST' });
    const failed = await app.end(started);
    await ask(started.rewindPostUri.replace('{text}', 'again'), { method: 'POST' });
    const rewound = await app.until(started, ({ runtimeStatus }) => runtimeStatus === 'Completed');
    const restarted = await ask(started.restartPostUri, { method: 'POST' });
    const purged = await ask(started.purgeHistoryDeleteUri, { method: 'DELETE' });
    const gone = await ask(started.statusQueryGetUri);

    expect(suspended.runtimeStatus).toBe('Suspended');
    expect(failed.output).toContain("Activity function 'publish' failed: not now");
    expect(rewound.output).toBe('published by first');
    expect(restarted.status).toBe(202);
    expect(purged.body).toEqual({ instancesDeleted: 1 });
    expect(gone.status).toBe(404);
  });

  it('break no rule', () => {
    expect(app.complaints().filter((line) => !line.includes('not now'))).toEqual([]);
  });
});
