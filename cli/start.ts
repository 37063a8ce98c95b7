import { createHash } from 'node:crypto';
import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

import { Api } from './api';
import type { RunView } from './api';
import { builtApp, unpackedApp } from './app-folder';
import { parseStart } from './arguments';
import type { StartOptions } from './arguments';
import { Azure } from './azure';
import { openDataFolder } from './data-folder';
import type { DataFolder } from './data-folder';
import { Happenings } from './happenings';
import { startRuntime } from './local-runtime';
import type { LogEntry, Runtime } from './local-runtime';
import { migrate } from './migrate';
import { migration, podIdentityScenario } from './scenarios/pod-identity';
import { openScreen } from './screen';
import type { Screen } from './screen';
import { summarize, summaryLines } from './summary';
import { watchRuns } from './watch';

/** What the fleet's owners ask for; a simulated fleet needs no care, so all are changed at once. */
const policy = {
  features: {
    required: ['Microsoft.ContainerService/AKS-PrometheusAddonPreview'],
    forbidden: ['Microsoft.ContainerService/EnablePodIdentityPreview'],
  },
  clustersAtOnce: 25,
};

/**
 * `npm start`: a simulated fleet, Steward on the local host, and what it makes of that fleet.
 *
 * @param root where everything was built.
 * @returns the exit code.
 */
export async function start(root: string, args: readonly string[]): Promise<number> {
  const options = parseStart(args);
  const screen = openScreen(process.stdout, options.json);
  const stop = stopOnSignal();
  const folder = openDataFolder(root, options);
  using app = options.bundle ? unpackedApp(root) : builtApp(root);
  const startedAt = performance.now();
  const runtime = await startRuntime(
    {
      root,
      app: app.path,
      dataDirectory: folder.path,
      port: options.port,
      speed: options.speed,
      scenario: scenarioOf(options),
      onLog: logTo(join(folder.path, 'steward.log')),
    },
    policy,
  );
  try {
    const bornAt = folder.bornAt ?? runtime.clock.now();
    folder.remember({ bornAt });
    introduce(screen, { runtime, folder, options });
    if (options.bundle)
      screen.line(`The app is what .deploy.zip holds, unpacked to ${app.path}.\n`);
    const show = options.scenario === 'fleet' ? showFleet : showMigration;
    const code = await show({ runtime, screen, options, startedAt, bornAt, folder }, stop);
    if (options.once || stop.aborted) return stop.aborted ? 130 : code;
    invite(screen, runtime);
    await untilAborted(stop);
    return 0;
  } finally {
    await runtime.close();
  }
}

function scenarioOf({ clusters, seed, scenario }: StartOptions): object {
  if (scenario === 'pod-identity') return podIdentityScenario(seed);
  return {
    seed,
    fleet: { clusters, livePodIdentity: 0 },
    // Of the two readings of an upgrade to the image that a pool already has, the visible one.
    behaviour: { alreadyCurrent: 'reimage', providerMinutes: 5 },
  };
}

async function showFleet(end: End, signal: AbortSignal): Promise<number> {
  const { runtime, screen } = end;
  return conclude(await onboardFleet(runtime, { screen, signal }), end);
}

async function showMigration(
  { runtime, screen, options, folder }: End,
  signal: AbortSignal,
): Promise<number> {
  const run = {
    api: new Api(runtime.apiUrl, runtime.apiKey),
    azure: new Azure(runtime.azureUrl),
    clock: () => simulatedTime(runtime),
    speed: options.speed,
  };
  const code = await migrate({ ...run, screen, signal }, migration);
  if (code === 0) folder.remember({ finished: true });
  return code;
}

async function onboardFleet(
  runtime: Runtime,
  { screen, signal }: { readonly screen: Screen; readonly signal: AbortSignal },
): Promise<RunView[]> {
  const api = new Api(runtime.apiUrl, runtime.apiKey);
  const azure = new Azure(runtime.azureUrl);
  const clusters = await azure.clusters(runtime.subscriptions);
  const say = (line: string): void => {
    screen.line(`${simulatedTime(runtime)}  ${line}`);
  };
  const happenings = new Happenings(api, azure, say);
  await happenings.subscribe(clusters, runtime);
  const ids = clusters.map(({ id }) => id);
  for (let i = 0; i < ids.length; i += 1000) {
    const some = ids.slice(i, i + 1000);
    await api.onboard(some, keyFor(some));
  }
  return watchRuns({
    api,
    screen,
    signal,
    clock: () => simulatedTime(runtime),
    onLook: (runs) => happenings.look(runs),
  });
}

/** The same for the same clusters: a start goes on with what an earlier one asked for. */
function keyFor(clusters: readonly string[]): string {
  const digest = createHash('sha256').update(clusters.join('\n')).digest('hex');
  return `npm-start-${digest.slice(0, 32)}`;
}

interface End {
  readonly runtime: Runtime;
  readonly screen: Screen;
  readonly options: StartOptions;
  readonly folder: DataFolder;
  readonly startedAt: number;
  readonly bornAt: number;
}

async function conclude(runs: readonly RunView[], end: End): Promise<number> {
  const { runtime, screen, options, startedAt, bornAt, folder } = end;
  const api = new Api(runtime.apiUrl, runtime.apiKey);
  const summary = summarize({
    runs,
    clusters: await api.clusters(),
    calls: await new Azure(runtime.azureUrl).calls(),
    wallMs: performance.now() - startedAt,
    simulatedMs: runtime.clock.now() - bornAt,
  });
  const inOrder = summary.inOrder === summary.clusters;
  if (inOrder) folder.remember({ finished: true });
  screen.settle();
  for (const line of summaryLines(summary)) screen.line(line);
  if (options.json) screen.line(JSON.stringify(summary));
  return inOrder ? 0 : 1;
}

function introduce(
  screen: Screen,
  { runtime, folder, options }: { runtime: Runtime; folder: DataFolder; options: StartOptions },
): void {
  screen.line(
    `${folder.resumed ? 'Going on with' : 'Made'} ${worldOf(options)}, ${options.speed} simulated seconds a second.`,
  );
  screen.line(`Steward ${runtime.apiUrl} · simulated Azure ${runtime.azureUrl} · ${folder.path}`);
  screen.line('');
}

function worldOf({ scenario, clusters, seed }: StartOptions): string {
  return scenario === 'fleet'
    ? `a simulated fleet of ${clusters} clusters (seed ${seed})`
    : 'a simulated cluster with 30 workloads on pod identity';
}

function invite(screen: Screen, { apiUrl, apiKey, azureUrl }: Runtime): void {
  const key = `-H 'x-functions-key: ${apiKey}'`;
  for (const line of [
    '',
    'Still serving; Ctrl-C stops. Try:',
    `  curl -s ${key} '${apiUrl}/api/v1/clusters?limit=3'`,
    `  curl -s ${key} '${apiUrl}/api/v1/runs?limit=3'`,
    `  curl -s ${key} '${apiUrl}/api/v1/plans?limit=1'`,
    `  curl -s '${azureUrl}/_simulator/calls?summary=true'`,
  ]) {
    screen.line(line);
  }
}

function simulatedTime({ clock }: Runtime): string {
  return new Date(clock.now()).toISOString().slice(0, 19).replace('T', ' ');
}

/** The log goes to a file: the terminal belongs to the table. */
function logTo(file: string): (entry: LogEntry) => void {
  return (entry) => {
    appendFileSync(file, `${JSON.stringify(entry)}\n`);
  };
}

function stopOnSignal(): AbortSignal {
  const controller = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.once(signal, () => {
      controller.abort();
    });
  }
  return controller.signal;
}

async function untilAborted(signal: AbortSignal): Promise<void> {
  while (!signal.aborted) await pause(200);
}
