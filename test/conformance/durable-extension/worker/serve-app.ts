import { resolve } from 'node:path';

import { type AppSettings, applySettings } from '../../../../host/app-settings';
import { CallersFirst } from '../../../../host/callers-first';
import { takeDataFolder } from '../../../../host/data-folder';
import { type FrontDoor, openFrontDoor } from '../../../../host/front-door';
import { describeHost } from '../../../../host/host-environment';
import { type HostJson, readHostJson } from '../../../../host/host-json';
import { dispatch, type Surface } from '../../../../host/http/dispatch';
import type { FunctionErrors } from '../../../../host/http/function-errors';
import { toHttpRoutes } from '../../../../host/http/http-routes';
import { type GivenKeys, type HostKeys, loadKeys } from '../../../../host/http/keys';
import { toBodyLimit } from '../../../../host/http/request-body';
import { createInvoke, type Invocation, type Invoke } from '../../../../host/invocation/invoke';
import { isObject } from '../../../../host/json';
import type { AppFunction } from '../../../../host/loading/function-metadata';
import { type LoadedApp, loadApp } from '../../../../host/loading/load-app';
import type { NamedData } from '../../../../host/loading/programming-model';
import { createLog, type HostLog, type LogSink } from '../../../../host/log';
import { answerEventGrid } from '../../../../host/triggers/event-grid';
import { forwardTo } from './forward';
import { answerWith } from './function-calls';
import { type RealEngine, startRealEngine } from './real-engine';

export interface ServeOptions {
  readonly appDirectory: string;
  readonly port: number;
  readonly dataDirectory: string;
  readonly keys: GivenKeys;
  readonly settings: Readonly<Record<string, string>>;
  readonly engineDll: string;
  readonly engineLogLevel: string;
  readonly hubName: string;
  /** Connection string */
  readonly storage: string;
  readonly log: LogSink;
}

export interface ServedApp {
  readonly url: string;
  readonly enginePid: number | undefined;
  readonly engineEnded: Promise<unknown>;
  close(): Promise<void>;
}

/** What is settled before the engine runs. */
interface Prepared {
  readonly options: ServeOptions;
  readonly hostJson: HostJson;
  readonly log: HostLog;
  readonly settings: AppSettings;
  readonly keys: HostKeys;
  readonly door: FrontDoor;
  readonly app: LoadedApp;
  readonly invoke: Invoke;
}

/** Loads an app and serves it on the real engine. Timer functions run only on request. */
export async function serveApp(options: ServeOptions): Promise<ServedApp> {
  const prepared = await prepare(options);
  const clients = { text: '' };
  const inputsOf = (appFunction: AppFunction): NamedData[] => clientInputs(appFunction, clients);
  const complete = (invocation: Invocation): Invocation => ({
    ...invocation,
    inputData: [...(invocation.inputData ?? []), ...inputsOf(invocation.function)],
  });
  const engine = await startEngine(prepared, complete);
  clients.text = engine.client;
  const surface = toSurface(prepared, { engine, inputsOf, complete });
  prepared.door.serve((exchange) => dispatch(surface, exchange));
  return {
    url: prepared.door.url,
    enginePid: engine.pid,
    engineEnded: engine.ended,
    async close() {
      await engine.stop();
      await prepared.door.close(0);
      await prepared.app.unload();
    },
  };
}

async function prepare(options: ServeOptions): Promise<Prepared> {
  const appDirectory = resolve(options.appDirectory);
  const hostJson = readHostJson(appDirectory);
  const log = createLog(options.log, hostJson.log);
  const folder = takeDataFolder(resolve(options.dataDirectory));
  const settings = applySettings(appDirectory, options.settings, process.env);
  const keys = loadKeys(folder.path('keys.json'), options.keys);
  const { port } = options;
  const door = await openFrontDoor({ port, hostname: '127.0.0.1', log, settings, strict: 'off' });
  describeHost(settings, door.host);
  const app = await loadApp({ directory: appDirectory, settings, log });
  const invoke = createInvoke(app, log, hostJson.functionTimeoutMs);
  return { options, hostJson, log, settings, keys, door, app, invoke };
}

/** The value of a durable client is known once the engine runs, which is when functions are called. */
function clientInputs(appFunction: AppFunction, client: { readonly text: string }): NamedData[] {
  return Object.entries(appFunction.metadata.bindings)
    .filter(([, { type }]) => /^(?:durableClient|orchestrationClient)$/i.test(type))
    .map(([name]) => ({ name, data: { string: client.text } }));
}

function startEngine(
  { options, hostJson, keys, door, app, invoke }: Prepared,
  complete: (invocation: Invocation) => Invocation,
): Promise<RealEngine> {
  const { storageProvider } = hostJson.durableTask;
  return startRealEngine({
    dll: options.engineDll,
    functions: app.functions,
    storage: options.storage,
    code: keys.systemKeys['durabletask_extension'] ?? '',
    publicUrl: door.url,
    logLevel: options.engineLogLevel,
    durableTask: {
      ...hostJson.durableTask,
      hubName: options.hubName,
      storageProvider: { ...quickStorage, ...(isObject(storageProvider) ? storageProvider : {}) },
    },
    answer: answerWith(app.functions, invoke, complete),
  });
}

/** Tests do not want to wait for polls that back off, nor longer than needed for a dead process. */
const quickStorage = {
  maxQueuePollingInterval: '00:00:00.100',
  partitionCount: 1,
  controlQueueVisibilityTimeout: '00:01:00',
  workItemQueueVisibilityTimeout: '00:01:00',
};

function toSurface(
  { hostJson, keys, app, invoke, log, settings }: Prepared,
  parts: {
    readonly engine: RealEngine;
    readonly inputsOf: (appFunction: AppFunction) => NamedData[];
    readonly complete: (invocation: Invocation) => Invocation;
  },
): Surface {
  const bodyLimit = toBodyLimit(settings.get('FUNCTIONS_REQUEST_BODY_SIZE_LIMIT'));
  const errors: FunctionErrors = new Map();
  const { routePrefix } = hostJson;
  const shared = { functions: app.functions, keys, bodyLimit, invoke, log };
  const routes = toHttpRoutes(app.functions, routePrefix, errors);
  const grid = { ...shared, complete: parts.complete };
  return {
    homepage: true,
    keys,
    caller: { ...shared, routes, callers: new CallersFirst(), extraInputs: parts.inputsOf },
    admin: {
      ...shared,
      ...{ errors, routePrefix, startedAt: performance.now() },
      ...{ trace: () => Promise.resolve(undefined), unlock: () => Promise.resolve(0) },
      run: (target, input) => {
        const inputData = [{ name: target.trigger.name, data: { string: input } }];
        void invoke(parts.complete({ function: target, inputData })).catch(() => undefined);
      },
    },
    webhooks: {
      durabletask: forwardTo(parts.engine.url),
      eventgrid: (exchange) => answerEventGrid(grid, exchange),
    },
    rpc: undefined,
  };
}
