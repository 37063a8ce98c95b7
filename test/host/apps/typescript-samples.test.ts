import { ask } from '../support/http';
import { compileApp, json, SampleApp } from '../support/sample-app';

let app: SampleApp;

beforeAll(async () => {
  await compileApp('typescript');
  app = await SampleApp.start('typescript', ['--speed', '36000']);
}, 60_000);

afterAll(async () => {
  await app.stop();
});

describe('the samples in TypeScript, compiled', () => {
  it('run a child for each device', async () => {
    const { runtimeStatus, output } = await app.run('provisionDevices');

    expect(runtimeStatus).toBe('Completed');
    expect(output).toEqual(
      ['lamp', 'door', 'oven'].map((device) => `https://packages.example/${device}`),
    );
  });

  it('repeat activities and children that fail', async () => {
    const { output } = await app.run('callActivityWithRetry');

    expect(output).toEqual({ answer: 'hi after 3 calls', child: true });
  });

  it('go on for ever with continueAsNew, until they are told to stop', async () => {
    const started = await app.begin('periodicCleanup');
    await app.until(started, ({ customStatus }) => {
      const { cleanups } = (customStatus ?? {}) as { cleanups?: number };
      return cleanups !== undefined && cleanups >= 3;
    });

    await app.raise(started, 'stop', 'enough');
    const { runtimeStatus, output } = await app.end(started);

    expect(runtimeStatus).toBe('Completed');
    expect(output).toMatchObject({ reason: 'enough' });
    expect((output as { cleanups: number }).cleanups).toBeGreaterThanOrEqual(3);
  });

  it('start one instance of an id at a time, and another when that has ended', async () => {
    const first = await app.begin('periodicCleanup/cleaner');
    const second = await app.call('orchestrators/periodicCleanup/cleaner', json(null));
    await ask(first.terminatePostUri.replace('{text}', 'test'), { method: 'POST' });
    const ended = await app.end(first);
    const third = await app.call('orchestrators/versioned/cleaner', json(null));

    expect(second.status).toBe(409);
    expect(second.body).toBe("An instance with ID 'cleaner' already exists.");
    expect(ended).toMatchObject({ runtimeStatus: 'Terminated', output: 'test' });
    expect(third.status).toBe(202);
  });

  it('know their version', async () => {
    const standard = await app.run('versioned');
    const old = await app.run('versioned?version=1.0');

    expect(standard.output).toEqual({ parent: '2.0', child: '2.0' });
    expect(old.output).toEqual({ parent: '1.0', child: '2.0' });
  });

  it('break no rule', () => {
    const unexpected = app.complaints().filter((line) => !/not the \d\. time|no luck/.test(line));

    expect(unexpected).toEqual([]);
  });
});
