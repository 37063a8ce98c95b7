import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { buildHost, root } from './support/build-host';
import { type HostProcess, startHostProcess } from './support/host-process';
import { ask } from './support/http';

const app = join(root, 'test/data/host-app');
let folder: string;
let host: HostProcess;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'steward-blocked-'));
  const options = ['--data', join(folder, 'data'), '--blocked-after', '0.2s'];
  host = await startHostProcess(await buildHost(), [app, ...options]);
}, 60_000);

afterAll(async () => {
  host.process.kill('SIGKILL');
  await host.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** The first line, of those written and those to come, that speaks of a text. */
async function lineAbout(text: string): Promise<string> {
  for (;;) {
    const line = host.lines.find((each) => each.includes(text));
    if (line !== undefined) return line;
    const { stdout, stderr } = host.process;
    await Promise.race([
      once(stdout ?? host.process, 'data'),
      once(stderr ?? host.process, 'data'),
    ]);
  }
}

describe('a function that keeps all others from running', () => {
  it('is reported by name and place once it let go, also when it had waited before', async () => {
    await ask(`${host.url}/api/counts`, { method: 'POST', body: 'x' });

    const line = await lineAbout('"Function counts kept');

    expect(JSON.parse(line)).toMatchObject({
      level: 'warning',
      function: 'counts',
      message: expect.stringMatching(
        /^Function counts kept everything else from running for \d\.\d s, in countFor \(.+blocking\.js:\d+\)\. Do long work in pieces, or elsewhere\.$/,
      ) as string,
    });
  }, 20_000);

  it('is reported while it goes on, when it never ends', async () => {
    const keys = JSON.parse(readFileSync(join(folder, 'data/keys.json'), 'utf8')) as {
      systemKeys: Record<string, string>;
    };
    const url = `${host.url}/runtime/webhooks/durabletask/orchestrators/spins`;
    const key = keys.systemKeys['durabletask_extension'] ?? '';
    const answer = ask(url, { method: 'POST', headers: { 'x-functions-key': key } });

    const line = await lineAbout('Function spins');
    host.process.kill('SIGKILL');
    await answer.catch(() => undefined); // it may or may not have been given before

    expect(line.trimEnd()).toMatch(
      /^Function spins, in \S+blocking\.js:\d+, has kept everything else from running for \d+ s and still does\. If it never ends, kill the host and correct it\.$/,
    );
  }, 20_000);
});
