import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { HttpClient, inParallel } from '../http.mts';
import { Program, root } from '../program.mts';
import { type Scenario, timed, withHost } from '../scenario.mts';
import { percentile } from '../statistics.mts';

const atOnce = 50;
const warmUps = 5;
const rounds = 5;
const principal = '5e000000-0000-4000-8000-000000005e0d';

/** P12: Steward's own API on the host, with the simulated Azure behind it. */
export const api: Scenario = {
  name: 'P12',
  title: `POST /api/v1/clusters, ${atOnce} at a time, and the status of the runs`,
  run: async ({ folder }) => {
    const azure = await startAzure(folder);
    const subscriptions = Object.keys(azure.world).flatMap(
      (id) => /^\/subscriptions\/([^/]+)$/.exec(id)?.[1] ?? [],
    );
    const clusters = Object.keys(azure.world).filter((id) => /\/managedclusters\/[^/]+$/.test(id));
    const steward = await startSteward(folder, { azureUrl: azure.url, subscriptions });
    try {
      return { ...(await measure(steward, clusters)), ...(await measureStarter(folder)) };
    } finally {
      steward.http.close();
      await steward.program.stop('SIGTERM');
      await azure.program.stop('SIGTERM');
    }
  },
};

/** The same bursts for a function that only starts an orchestration: what host and SDK take of it. */
async function measureStarter(folder: string) {
  return withHost(join(folder, 'starter'), async (host) => {
    const times: number[] = [];
    for (let round = 0; round < warmUps + rounds; round += 1) {
      await inParallel(Array.from({ length: atOnce }), atOnce, async () => {
        const ms = await timed(() => host.callStarter());
        if (round >= warmUps) times.push(ms);
      });
      await sleep(50);
    }
    return { starterMsP99: percentile(times, 99), ...(await host.calibrate()) };
  });
}

async function startAzure(folder: string) {
  const scenario = join(folder, 'scenario.json');
  const fleet = { clusters: atOnce * (warmUps + rounds), subscriptions: 10 };
  writeFileSync(scenario, JSON.stringify({ seed: 12, fleet }));
  const args = ['--scenario', scenario, '--port', '0', '--data', join(folder, 'azure')];
  const program = new Program('simulator', [...args, '--control']);
  const url = await program.says(/Simulated Azure at (\S+)/);
  const http = new HttpClient(url, 1);
  const world = (await http.call('/_simulator/world')).body as Readonly<Record<string, unknown>>;
  http.close();
  return { program, url, world };
}

async function startSteward(
  folder: string,
  { azureUrl, subscriptions }: { azureUrl: string; subscriptions: readonly string[] },
) {
  const data = join(folder, 'host');
  const settings = join(folder, 'settings.json');
  mkdirSync(data, { recursive: true });
  const values = {
    STEWARD_ARM_GATEWAY: azureUrl,
    STEWARD_SUBSCRIPTIONS: subscriptions.join(','),
    STEWARD_RECORDS: `sqlite:${join(folder, 'steward.db')}`,
    IDENTITY_ENDPOINT: `${azureUrl}/_identity/token`,
    IDENTITY_HEADER: principal,
  };
  writeFileSync(settings, JSON.stringify({ IsEncrypted: false, Values: values }));
  const program = new Program('host', [
    ...[root, '--data', data, '--port', '0', '--settings', settings],
  ]);
  const url = await program.says(/"ready":"([^"]+)"/);
  const keys = JSON.parse(readFileSync(join(data, 'keys.json'), 'utf8')) as {
    functionKeys: { default: string };
  };
  return { program, http: new HttpClient(url, atOnce), key: keys.functionKeys.default };
}

type Steward = Awaited<ReturnType<typeof startSteward>>;

/** Every round is a burst for clusters of its own, after the runs of the round before have ended. */
async function measure(steward: Steward, clusters: readonly string[]) {
  const postMs: number[] = [];
  const statusMs: number[] = [];
  for (let round = 0; round < warmUps + rounds; round += 1) {
    const burst = clusters.slice(round * atOnce, (round + 1) * atOnce);
    const runs: string[] = [];
    const times: number[] = [];
    await inParallel(burst, atOnce, async (cluster) => {
      times.push(await timed(async () => runs.push(await post(steward, cluster))));
    });
    for (const run of runs) while (!(await hasEnded(steward, run))) await sleep(20);
    if (round < warmUps) continue;
    postMs.push(...times);
    for (const run of runs) statusMs.push(await timed(() => hasEnded(steward, run)));
  }
  return {
    postMsP50: percentile(postMs, 50),
    postMsP99: percentile(postMs, 99),
    statusMsP50: percentile(statusMs, 50),
    statusMsP99: percentile(statusMs, 99),
  };
}

/** Asks for a report on the cluster; where its run can be followed. */
async function post({ http, key }: Steward, cluster: string): Promise<string> {
  const headers = { 'x-functions-key': key };
  const body = { clusters: [cluster], mode: 'report' };
  const answer = await http.call('/api/v1/clusters', { method: 'POST', body, headers });
  if (answer.status !== 202) throw new Error(`POST answered ${JSON.stringify(answer)}`);
  return String(answer.headers['location']);
}

async function hasEnded({ http, key }: Steward, run: string): Promise<boolean> {
  const { body } = await http.call(run, { headers: { 'x-functions-key': key } });
  const { state } = body as { state: string };
  return ['succeeded', 'failed'].includes(state);
}
