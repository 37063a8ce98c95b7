import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

/** Time as the simulated Azure and the local host share it. */
export interface Clock {
  now(): number;
  at(time: number, run: () => void): () => void;
}

/** The part of the simulator that is used here; it is started by path and shares no code with us. */
interface Simulator {
  startSimulator(options: {
    readonly port: number;
    readonly dataDirectory: string;
    readonly scenario: object;
    readonly control: boolean;
    readonly speed: number;
    readonly log: (message: string) => void;
  }): Promise<RunningSimulator>;
}

interface RunningSimulator {
  readonly url: string;
  readonly clock: Clock;
  close(): Promise<void>;
}

interface Host {
  startHost(options: {
    readonly appDirectory: string;
    readonly dataDirectory: string;
    readonly port: number;
    readonly settings: Readonly<Record<string, string>>;
    readonly clock: Clock;
    readonly log: (entry: LogEntry) => void;
  }): Promise<RunningHost>;
}

interface RunningHost {
  readonly url: string;
  readonly keys: {
    readonly functionKeys: Readonly<Record<string, string>>;
    readonly systemKeys: Readonly<Record<string, string>>;
  };
  close(): Promise<void>;
}

export interface LogEntry {
  readonly level: string;
  readonly message: string;
}

export interface RuntimeOptions {
  /** Where `dist/` is, with the programs around the app. */
  readonly root: string;
  /** Folder of the app. */
  readonly app: string;
  readonly dataDirectory: string;
  readonly port: number;
  readonly speed: number;
  readonly scenario: object;
  readonly onLog: (entry: LogEntry) => void;
}

/** A simulated Azure and the app on the local host, in this process. */
export interface Runtime {
  readonly apiUrl: string;
  readonly azureUrl: string;
  /** Host key that opens the API. */
  readonly apiKey: string;
  /** Where Event Grid delivers, key included. */
  readonly eventsUrl: string;
  readonly subscriptions: readonly string[];
  readonly clock: Clock;
  close(): Promise<void>;
}

// Whom the tokens of the simulated Azure speak of: the app, and the person at the terminal.
export const stewardPrincipal = '5e000000-0000-4000-8000-000000005e0d';
export const operatorPrincipal = '0e000000-0000-4000-8000-00000000a11e';

/**
 * Starts the simulated Azure, then the app against it. Both live in the data folder: a start with the
 * folder of an earlier run goes on where it was, however that ended.
 */
export async function startRuntime(options: RuntimeOptions, policy: object): Promise<Runtime> {
  const { root, dataDirectory, port, speed, scenario, onLog } = options;
  const simulator = await load<Simulator>(root, 'dist/simulator/index.mjs');
  const azure = await simulator.startSimulator({
    port: port + 1,
    dataDirectory: join(dataDirectory, 'azure'),
    scenario,
    control: true,
    speed,
    log: (message) => {
      onLog({ level: 'error', message });
    },
  });
  try {
    return await startApp(options, policy, azure);
  } catch (error) {
    await azure.close();
    throw error;
  }
}

async function startApp(
  { root, app, dataDirectory, port, onLog }: RuntimeOptions,
  policy: object,
  azure: RunningSimulator,
): Promise<Runtime> {
  const subscriptions = await subscriptionsOf(azure.url);
  const host = await (
    await load<Host>(root, 'dist/host/index.mjs')
  ).startHost({
    appDirectory: app,
    dataDirectory: join(dataDirectory, 'host'),
    port,
    clock: azure.clock,
    log: onLog,
    settings: {
      TASKHUB_NAME: 'Steward',
      STEWARD_ARM_GATEWAY: azure.url,
      STEWARD_SUBSCRIPTIONS: subscriptions.join(','),
      STEWARD_RECORDS: `sqlite:${join(dataDirectory, 'steward.db')}`,
      STEWARD_POLICY: JSON.stringify(policy),
      STEWARD_SWEEP_SCHEDULE: '0 */30 * * * *',
      IDENTITY_ENDPOINT: `${azure.url}/_identity/token`,
      IDENTITY_HEADER: stewardPrincipal,
    },
  });
  const { functionKeys, systemKeys } = host.keys;
  const eventKey = encodeURIComponent(systemKeys['eventgrid_extension'] ?? '');
  return {
    apiUrl: host.url,
    azureUrl: azure.url,
    apiKey: functionKeys['default'] ?? '',
    eventsUrl: `${host.url}/runtime/webhooks/eventgrid?functionName=clusterEvents&code=${eventKey}`,
    subscriptions,
    clock: azure.clock,
    close: async () => {
      await host.close();
      await azure.close();
    },
  };
}

async function load<T>(root: string, path: string): Promise<T> {
  return (await import(pathToFileURL(join(root, path)).href)) as T;
}

async function subscriptionsOf(azureUrl: string): Promise<string[]> {
  const response = await fetch(`${azureUrl}/_simulator/world`);
  const world = (await response.json()) as Readonly<Record<string, unknown>>;
  return Object.keys(world)
    .filter((id) => /^\/subscriptions\/[^/]+$/.test(id))
    .map((id) => id.split('/')[2] ?? '');
}
