import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { stewardPrincipal } from '../../../cli/local-runtime';
import { eventually, freePortPair, startProgram, temporaryFolder } from './steward-process';
import type { StewardProcess } from './steward-process';

type Json = Readonly<Record<string, unknown>>;

/** A run as the API shows it. */
export interface RunView {
  readonly state: string;
  readonly applied: number;
  readonly failure: null | {
    readonly code: string;
    readonly message: string;
    readonly next: string;
    readonly target?: string;
  };
}

export interface Call {
  readonly principal: string;
  readonly operation: string;
  readonly method: string;
  readonly path: string;
  readonly status: number;
  readonly target?: string;
}

/** The simulated Azure and the host with the app, each a process of its own, as two commands start them. */
export interface TwoProcesses {
  /** Ids of the fleet's clusters, lower-cased. */
  readonly clusters: readonly string[];
  /** Asks for clusters to be brought in order; gives where each run can be followed. */
  readonly onboard: (clusters: readonly string[]) => Promise<Response>;
  readonly get: (path: string) => Promise<Json>;
  readonly post: (path: string, body: unknown) => Promise<Json>;
  /** Follows a run to its end. */
  readonly end: (location: string) => Promise<RunView>;
  readonly control: (method: string, path: string, body?: unknown) => Promise<Json>;
  /** As {@link get}, whatever it is. */
  readonly text: (path: string) => Promise<string>;
  /** The keys of the host, by what they are. */
  readonly keys: () => ReadonlyMap<string, string>;
  readonly azureUrl: string;
  /** Hands an event to the app as Event Grid does; gives the status of the answer. */
  readonly deliver: (event: object) => Promise<number>;
  /** Where both keep what they keep. */
  readonly folder: string;
  /** Writes that Azure accepted from the app, in order. */
  readonly writes: () => Promise<readonly Call[]>;
  /** Kills the simulated Azure as a power cut does and starts it again on its data. */
  readonly restartAzure: () => Promise<void>;
  /** Stops the host and starts it again on its data, with these settings beside the others. */
  readonly restartHost: (values: Readonly<Record<string, string>>) => Promise<void>;
  readonly output: () => string;
  /** @param look at what is left, before it is removed. */
  readonly stop: (look?: () => void) => Promise<readonly (number | null)[]>;
}

export interface AppOptions {
  readonly policy?: object;
  /** Settings of the app besides those that it cannot do without. */
  readonly settings?: Readonly<Record<string, string>>;
  /** Stands between the app and the simulated Azure; told where that is. */
  readonly through?: { readonly url: string; target: string };
}

/** @param scenario file below `test/data/scenarios`. */
export async function startTwoProcesses(
  scenario: string,
  speed: number,
  { policy = {}, settings = {}, through }: AppOptions = {},
): Promise<TwoProcesses> {
  const folder = temporaryFolder();
  const port = await freePortPair();
  const azureUrl = `http://127.0.0.1:${port + 1}`;
  const startAzure = () =>
    startAzureProcess({ folder: folder.path, port: port + 1, scenario, speed });
  const control = controlOf(azureUrl);
  let azure = await startAzure();
  const world = await control('GET', 'world');
  if (through) through.target = azureUrl;
  const startHost = (more: Readonly<Record<string, string>>) =>
    startHostProcess({
      ...{ folder: folder.path, port, speed, azureUrl: through?.url ?? azureUrl, world, policy },
      more: { STEWARD_RECORDS: `sqlite:${join(folder.path, 'steward.db')}`, ...settings, ...more },
    });
  let host = await startHost({});
  const url = `http://127.0.0.1:${port}`;
  const { functionKeys, systemKeys, master } = keysIn(folder.path);
  const api = apiOf(url, functionKeys['default'] ?? '');
  const eventKey = systemKeys['eventgrid_extension'] ?? '';
  return {
    ...api,
    clusters: Object.keys(world).filter((id) => /\/managedclusters\/[^/]+$/.test(id)),
    control,
    deliver: async (event) => {
      const webhook = `${url}/runtime/webhooks/eventgrid?functionName=clusterEvents&code=${encodeURIComponent(eventKey)}`;
      const headers = { 'content-type': 'application/json', 'aeg-event-type': 'Notification' };
      const { status } = await fetch(webhook, {
        method: 'POST',
        headers,
        body: JSON.stringify([event]),
      });
      return status;
    },
    folder: folder.path,
    azureUrl,
    keys: () =>
      new Map([
        ['the function key', functionKeys['default'] ?? ''],
        ['the system key', eventKey],
        ['the master key', master],
      ]),
    writes: async () => {
      const calls = Object.values(await control('GET', 'calls')) as Call[];
      return calls.filter(
        ({ principal, target, status }) =>
          principal === stewardPrincipal && target !== undefined && status < 300,
      );
    },
    restartAzure: async () => {
      azure.killHard();
      await azure.ended;
      azure = await startAzure();
    },
    restartHost: async (values) => {
      host.signal('SIGTERM');
      await host.ended;
      host = await startHost(values);
    },
    output: () => host.output(),
    stop: async (look) => {
      host.signal('SIGTERM');
      const { code } = await host.ended;
      azure.signal('SIGTERM');
      const codes = [code, (await azure.ended).code];
      look?.();
      folder.remove();
      return codes;
    },
  };
}

async function startAzureProcess(of: {
  readonly folder: string;
  readonly port: number;
  readonly scenario: string;
  readonly speed: number;
}): Promise<StewardProcess> {
  const azure = startProgram('simulator', [
    ...['--scenario', `test/data/scenarios/${of.scenario}`, '--port', String(of.port)],
    ...['--data', join(of.folder, 'azure'), '--speed', String(of.speed), '--control'],
  ]);
  await eventually(() => /Simulated Azure at/.exec(azure.output()));
  return azure;
}

async function startHostProcess(of: {
  readonly folder: string;
  readonly port: number;
  readonly speed: number;
  readonly azureUrl: string;
  readonly world: Json;
  readonly policy: object;
  readonly more: Readonly<Record<string, string>>;
}): Promise<StewardProcess> {
  const subscriptions = Object.keys(of.world).flatMap(
    (id) => /^\/subscriptions\/([^/]+)$/.exec(id)?.[1] ?? [],
  );
  const settings = join(of.folder, 'settings.json');
  const values = {
    TASKHUB_NAME: 'Steward',
    STEWARD_ARM_GATEWAY: of.azureUrl,
    STEWARD_POLICY: JSON.stringify(of.policy),
    STEWARD_SUBSCRIPTIONS: subscriptions.join(','),
    IDENTITY_ENDPOINT: `${of.azureUrl}/_identity/token`,
    IDENTITY_HEADER: stewardPrincipal,
    ...of.more,
  };
  writeFileSync(settings, JSON.stringify({ IsEncrypted: false, Values: values }));
  const host = startProgram('host', [
    ...['.deploy', '--port', String(of.port), '--data', join(of.folder, 'host')],
    ...['--settings', settings, '--speed', String(of.speed)],
  ]);
  await eventually(() => /"ready"/.exec(host.output()));
  return host;
}

interface Keys {
  readonly functionKeys: Readonly<Record<string, string>>;
  readonly systemKeys: Readonly<Record<string, string>>;
  readonly master: string;
}

function keysIn(folder: string): Keys {
  return JSON.parse(readFileSync(join(folder, 'host', 'keys.json'), 'utf8')) as Keys;
}

function apiOf(
  url: string,
  key: string,
): Pick<TwoProcesses, 'onboard' | 'get' | 'text' | 'post' | 'end'> {
  const headers = { 'x-functions-key': key, 'content-type': 'application/json' };
  const get = async (path: string): Promise<Json> => {
    const response = await fetch(url + path, { headers });
    return (await response.json()) as Json;
  };
  return {
    get,
    text: async (path) => (await fetch(url + path, { headers })).text(),
    post: async (path, body) => {
      const sent = { method: 'POST', headers, body: JSON.stringify(body) };
      return (await (await fetch(url + path, sent)).json()) as Json;
    },
    onboard: (clusters) => {
      const body = JSON.stringify({ clusters, mode: 'apply' });
      return fetch(`${url}/api/v1/clusters`, { method: 'POST', headers, body });
    },
    end: (location) =>
      eventually(
        async () => {
          const run = (await get(location)) as unknown as RunView;
          return ['succeeded', 'failed'].includes(run.state) ? run : undefined;
        },
        { seconds: 50 },
      ),
  };
}

function controlOf(azureUrl: string): TwoProcesses['control'] {
  return async (method, path, body) => {
    const response = await fetch(`${azureUrl}/_simulator/${path}`, {
      method,
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    return (await response.json()) as Json;
  };
}
