import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { HttpClient } from '../http.mts';
import { Program, root } from '../program.mts';
import type { Scenario } from '../scenario.mts';

const principal = '5e000000-0000-4000-8000-000000005e0d';

/** Memory of the process in which the app and the local host are, after a sweep. */
export const sweep: Scenario = {
  name: 'sweep',
  title: 'a sweep of 1,000 clusters, app and host in one process',
  run: async ({ folder }) => {
    const azure = await startAzure(folder);
    try {
      const { program, url } = await startSteward(folder, azure);
      try {
        await sweepOnce(url);
        return { rssMb: rssMbOf(program.pid) };
      } finally {
        await program.stop('SIGTERM');
      }
    } finally {
      await azure.program.stop('SIGTERM');
    }
  },
};

async function startAzure(folder: string) {
  const scenario = join(folder, 'scenario.json');
  const fleet = { clusters: 1000, subscriptions: 10 };
  writeFileSync(scenario, JSON.stringify({ seed: 15, fleet }));
  const program = new Program('simulator', ['--scenario', scenario, '--port', '0', '--control']);
  const url = await program.says(/Simulated Azure at (\S+)/);
  const http = new HttpClient(url, 1);
  const world = (await http.call('/_simulator/world')).body as object;
  http.close();
  const subscriptions = Object.keys(world).flatMap(
    (id) => /^\/subscriptions\/([^/]+)$/.exec(id)?.[1] ?? [],
  );
  return { program, url, subscriptions };
}

async function startSteward(
  folder: string,
  azure: { readonly url: string; readonly subscriptions: readonly string[] },
) {
  const write = (name: string, content: object): string => {
    const file = join(folder, name);
    writeFileSync(file, JSON.stringify(content));
    return file;
  };
  const values = {
    TASKHUB_NAME: 'Steward',
    STEWARD_ARM_GATEWAY: azure.url,
    STEWARD_SUBSCRIPTIONS: azure.subscriptions.join(','),
    STEWARD_RECORDS: `sqlite:${join(folder, 'steward.db')}`,
    STEWARD_SWEEP_SCHEDULE: '0 0 0 1 1 *',
    IDENTITY_ENDPOINT: `${azure.url}/_identity/token`,
    IDENTITY_HEADER: principal,
  };
  const program = new Program('host', [
    ...[join(root, '.deploy'), '--data', join(folder, 'host'), '--port', '0'],
    ...['--settings', write('settings.json', { IsEncrypted: false, Values: values })],
    ...['--keys', write('keys.json', { master: 'bench', systemKeys: {} })],
  ]);
  return { program, url: await program.says(/"ready":"([^"]+)"/) };
}

async function sweepOnce(url: string): Promise<void> {
  const http = new HttpClient(url, 1);
  const headers = { 'x-functions-key': 'bench' };
  const asked = await http.call('/admin/functions/fleetSweep', {
    ...{ method: 'POST', headers, body: { input: '' } },
  });
  if (asked.status !== 202) throw new Error(`fleetSweep answered ${JSON.stringify(asked)}`);
  for (;;) {
    const path = '/runtime/webhooks/durabletask/instances/sweep?code=bench';
    const { body } = await http.call(path, { headers });
    const { runtimeStatus } = (body ?? {}) as { readonly runtimeStatus?: string };
    if (runtimeStatus === 'Completed') break;
    if (runtimeStatus === 'Failed') throw new Error(`The sweep failed: ${JSON.stringify(body)}`);
    await sleep(100);
  }
  http.close();
}

/** NaN where the system does not tell. */
function rssMbOf(pid: number): number {
  try {
    const [, kilobytes] =
      /^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
    return Number(kilobytes) / 1000;
  } catch {
    return NaN; // no Linux
  }
}
