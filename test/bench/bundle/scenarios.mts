import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { buildCoreBundle } from '../core-bundle.mts';
import { root } from '../program.mts';
import type { Figures, Scenario } from '../scenario.mts';
import { withCpuShare } from './cpu-share.mts';
import { sweep } from './sweep.mts';

const app = join(root, '.deploy', 'index.mjs');
const subscription = '00000000-0000-4000-8000-000000000001';
const cluster = `/subscriptions/${subscription}/resourcegroups/rg/providers/microsoft.containerservice/managedclusters/aks`;

/** The lower bound's milliseconds on the machine that the goals are for. */
const reference = { whole: 92, quarter: 400 };

interface ColdStart {
  readonly ms: number;
  /** In epoch milliseconds, as exact as the clock is. */
  readonly importedAt: number;
  readonly cpuMs: number;
  readonly rssMb: number;
}

interface Launch {
  readonly folder: string;
  /** Programs and arguments in front of Node. */
  readonly prefix?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

const start: Scenario = {
  name: 'start',
  title: 'import of the app and of the lower bound',
  run: ({ folder }) => importBoth({ folder }, reference.whole),
};

const quarter: Scenario = {
  name: 'quarter',
  title: 'the same on a quarter of a core, as the smallest instance has',
  run: ({ folder }) =>
    withCpuShare(0.25, (prefix) => importBoth({ folder, prefix }, reference.quarter)),
};

const graph: Scenario = {
  name: 'graph',
  title: 'from import to the first request to Resource Graph',
  run: ({ folder }) => firstCall(folder, 'sweepPage', { subscriptions: [subscription] }),
};

const arm: Scenario = {
  name: 'arm',
  title: 'from import to the first request to Azure Resource Manager',
  run: ({ folder }) => firstCall(folder, 'readCluster', { clusterId: cluster }),
};

export const scenarios: readonly Scenario[] = [start, quarter, graph, arm, sweep];

async function importBoth(launch: Launch, referenceMs: number): Promise<Figures> {
  const core = await coldStart(await buildCoreBundle(launch.folder), [], launch);
  const { ms, cpuMs, rssMb } = await coldStart(app, [], launch);
  return {
    ...{ ms, cpuMs, rssMb },
    ...{ coreMs: core.ms, coreCpuMs: core.cpuMs, coreRssMb: core.rssMb },
    slowness: core.ms / referenceMs,
  };
}

/** Milliseconds from the end of the import to the arrival of an activity's first request but that for a token. */
async function firstCall(folder: string, activity: string, input: object): Promise<Figures> {
  const core = await coldStart(await buildCoreBundle(folder), [], { folder });
  let arrivedAt: number | undefined;
  const server = createServer((request, response) => {
    if (request.url?.startsWith('/token') === true) {
      const expires = Math.floor(performance.timeOrigin / 1000) + 86_400;
      response.end(JSON.stringify({ access_token: 'bench', expires_on: String(expires) }));
      return;
    }
    arrivedAt ??= performance.timeOrigin + performance.now();
    response.writeHead(403, { 'content-type': 'application/json' }).end('{}');
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const env = {
    STEWARD_ARM_GATEWAY: url,
    IDENTITY_ENDPOINT: `${url}/token`,
    IDENTITY_HEADER: 'bench',
  };
  try {
    const args = [activity, JSON.stringify(input)];
    const { importedAt } = await coldStart(app, args, { folder, env });
    if (arrivedAt === undefined) throw new Error(`${activity} asked for nothing.`);
    return { ms: arrivedAt - importedAt, slowness: core.ms / reference.whole };
  } finally {
    server.close();
  }
}

async function coldStart(
  file: string,
  args: readonly string[],
  { folder, prefix = [], env = {} }: Launch,
): Promise<ColdStart> {
  const script = join(import.meta.dirname, 'cold-start.mjs');
  const [command = '', ...rest] = [
    ...prefix,
    ...[process.execPath, '--disable-warning=ExperimentalWarning', script, file, ...args],
  ];
  const settings = {
    STEWARD_SUBSCRIPTIONS: subscription,
    STEWARD_RECORDS: `sqlite:${join(folder, 'steward.db')}`,
  };
  const { stdout } = await promisify(execFile)(command, rest, {
    env: { ...process.env, ...settings, ...env },
  });
  return JSON.parse(stdout) as ColdStart;
}
