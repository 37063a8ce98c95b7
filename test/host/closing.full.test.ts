import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { buildHost, root } from './support/build-host';
import { startHostProcess } from './support/host-process';
import { ask, askUntil } from './support/http';

let folder: string;
let mainFile: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'steward-closing-'));
  mainFile = await buildHost();
}, 60_000);

afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

test('a host whose functions do not end ends all the same, once for all of them', async () => {
  const app = join(root, 'test/data/contract-app');
  const host = await startHostProcess(mainFile, [app, '--data', folder], { WITH_ENDLESS: '1' });
  const { systemKeys } = JSON.parse(readFileSync(join(folder, 'keys.json'), 'utf8')) as {
    systemKeys: Record<string, string>;
  };
  const code = systemKeys['durabletask_extension'] ?? '';
  const durable = `${host.url}/runtime/webhooks/durabletask`;
  const cutOff = ask(`${host.url}/api/endless`).catch((error: unknown) => String(error));
  await ask(`${durable}/orchestrators/endlessOrchestration/one?code=${code}`, { method: 'POST' });
  await askUntil(`${durable}/instances/one?code=${code}`, () =>
    host.lines.some((line) => line.includes('will not end')),
  );

  // A process that takes twice as long is killed by the test's support.
  const exitCode = await host.stop();

  expect([exitCode, await cutOff]).toEqual([0, 'TypeError: fetch failed']);
}, 60_000);
