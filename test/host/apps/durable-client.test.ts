import { ask, askUntil } from '../support/http';
import { json, SampleApp } from '../support/sample-app';

let app: SampleApp;

beforeAll(async () => {
  app = await SampleApp.start('client');
}, 30_000);

afterAll(async () => {
  await app.stop();
});

describe('an app of durable clients, in one file that package.json does not name', () => {
  it('does everything that a client can do', async () => {
    const { body } = await app.call('manage', json(null));

    expect(body).toEqual({
      payload: [
        ...['id', 'purgeHistoryDeleteUri', 'restartPostUri', 'resumePostUri', 'rewindPostUri'],
        ...['sendEventPostUri', 'statusQueryGetUri', 'suspendPostUri', 'terminatePostUri'],
      ],
      input: { a: 1 },
      again: 'refused',
      output: { event: { b: [2] }, sameId: false },
      all: true,
      completed: ['managed'],
      purged: { instancesDeleted: 1 },
      purgedBy: { instancesDeleted: 0 },
      gone: 'gone',
      missing: { entityExists: false },
    });
  });

  it('calls registered functions by their names in the code', async () => {
    const { output } = await app.run('registered', [1, 2, 3]);

    expect(output).toEqual({
      doubled: [2, 4, 6],
      once: 42,
      code: 'E42',
      type: 'TaskFailedError',
    });
  });

  it('signals an entity for each event', async () => {
    const events = [1, 2].map((n) => ({ id: `${n}`, subject: 'shop', data: { n } }));
    await ask(
      `${app.host.url}/runtime/webhooks/eventgrid?functionName=onEvent&code=${app.masterKey}`,
      {
        ...json(events),
        headers: { 'aeg-event-type': 'Notification', 'content-type': 'application/json' },
      },
    );

    const { body } = await askUntil(
      `${app.host.url}/runtime/webhooks/durabletask/entities/aggregate/shop?code=${app.masterKey}`,
      (state) => Array.isArray(state) && state.length === 2,
    );

    expect(body).toEqual(expect.arrayContaining([{ n: 1 }, { n: 2 }]));
  });

  it('breaks no rule', () => {
    expect(app.complaints().filter((line) => !line.includes('out of stock'))).toEqual([]);
  });
});
