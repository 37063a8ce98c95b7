import { ask } from './support/http';
import { SampleApp, type Started, type Status } from './support/sample-app';

const mebibyte = 2 ** 20;
let app: SampleApp;

beforeAll(async () => {
  app = await SampleApp.start('large');
}, 30_000);

afterAll(async () => {
  await app.stop();
});

/** The same links on the port of the host's present process. */
function here(started: Started): Started {
  const links = JSON.stringify(started).replaceAll(/http:\/\/[^/"]+/g, app.host.url);
  return JSON.parse(links) as Started;
}

const isWaiting = ({ customStatus }: Status): boolean => customStatus !== null;

describe('values of a mebibyte', () => {
  it('go everywhere, five instances at once, through a kill in the middle', async () => {
    const ids = [1, 2, 3, 4, 5].map((n) => `carry/${n}`);
    const started = await Promise.all(
      ids.map((id) => app.begin(id, { content: 'i'.repeat(mebibyte) })),
    );
    const waiting = await Promise.all(started.map((each) => app.until(each, isWaiting)));

    app.host.process.kill('SIGKILL');
    await app.host.stop();
    await app.restart();
    const again = started.map(here);
    await Promise.all(
      again.map((each) => app.raise(each, 'go', { content: 'e'.repeat(mebibyte) })),
    );
    const ended = await Promise.all(again.map((each) => app.end(each)));

    expect(waiting.map(({ customStatus }) => customStatus)).toEqual(
      ids.map(() => 'x'.repeat(8_600)),
    );
    for (const { runtimeStatus, output } of ended) {
      expect(runtimeStatus).toBe('Completed');
      expect(output).toEqual({
        shapes: ['ii', 'aa', 'cc', 'ee', 'ss'].map((ends) => `${mebibyte} ${ends}`),
        measured: `${mebibyte} aa`,
        content: 'o'.repeat(mebibyte),
      });
    }
    expect(app.complaints()).toEqual([]);
  }, 40_000);

  it('continue as new', async () => {
    const { output } = await app.run('again', { round: 0, content: 'n'.repeat(mebibyte) });

    expect(output).toEqual({ round: 2, content: 'n'.repeat(mebibyte) });
  });

  it('are shown with the history, and read as the state of an entity', async () => {
    const code = `code=${app.masterKey}`;
    const base = `${app.host.url}/runtime/webhooks/durabletask`;

    const shown = await ask(`${base}/instances/1?showHistory=true&showHistoryOutput=true&${code}`);
    const entity = await ask(`${base}/entities/shelf/1?${code}`);

    expect(JSON.stringify(shown.body).length).toBeGreaterThan(6 * mebibyte);
    expect(entity.body).toBe('s'.repeat(mebibyte));
  });
});

describe('an orchestrator with more actions than it may have', () => {
  it('is refused while others go on', async () => {
    const greedy = await app.begin('greedy');
    const other = await app.run('again', { round: 2, content: 'quick' });
    const { runtimeStatus, output } = await app.end(greedy);

    expect(other.runtimeStatus).toBe('Completed');
    expect(runtimeStatus).toBe('Failed');
    expect(output).toContain('Maximum amount of orchestration actions (100000) has been reached.');
  });
});
