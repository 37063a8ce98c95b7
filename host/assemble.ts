import { runOnRequest } from './admin-run';
import type { AppRun } from './app-run';
import { toDurableClients } from './durable-client';
import { toDurableFunctions } from './durable-functions';
import { answerDurable } from './durable-http/api';
import { standardConnection } from './durable-http/management-urls';
import { toDurableSettings } from './durable-http/durable-settings';
import type { DurableEngine, DurableSettings } from './durable/contract';
import { openEngine } from './durable/engine';
import type { FrontDoor } from './front-door';
import { HostError } from './host-error';
import type { Admin } from './http/admin';
import type { Surface, Webhook } from './http/dispatch';
import { type FunctionErrors, toHttpRoutes } from './http/http-routes';
import { standardBodyLimit } from './http/request-body';
import { createInvoke, type Invocation, type Invoke } from './invocation/invoke';
import type { StrayErrors } from './invocation/stray-errors';
import type { LoadedApp } from './loading/load-app';
import type { RpcBase } from './rpc';
import { answerEventGrid } from './triggers/event-grid';
import { openTimerMonitor } from './triggers/timer-monitor';
import { RunningTimer, type Timer, type TimerOptions, toTimers } from './triggers/timers';

/** What a loaded app is connected with. */
export interface Surroundings {
  readonly app: LoadedApp;
  readonly door: FrontDoor;
  readonly rpc: RpcBase;
  readonly stray: StrayErrors;
}

/** The parts of a host around an app, connected and at rest. */
export interface Parts {
  readonly engine: DurableEngine;
  readonly timers: readonly RunningTimer[];
  readonly surface: Surface;
  /** The Durable HTTP API */
  readonly durable: Webhook;
}

/** What every trigger needs to run functions. */
interface Running {
  readonly run: AppRun;
  readonly app: LoadedApp;
  readonly invoke: Invoke;
  readonly complete: (invocation: Invocation) => Invocation;
  readonly inputsOf: ReturnType<typeof toDurableClients>['inputsOf'];
  readonly bodyLimit: number;
  readonly errors: FunctionErrors;
}

/**
 * Builds the parts.
 * @throws HostError for a timer that could never fire, unless `strict` is `off`
 */
export function assemble(run: AppRun, { app, door, rpc, stray }: Surroundings): Parts {
  const durableSettings = toDurableSettings(run.hostJson.durableTask, run.settings);
  const invokeInApp = createInvoke(app, run.log, run.hostJson.functionTimeoutMs);
  const key = run.keys.systemKeys['durabletask_extension'] ?? '';
  const publicOrigin = run.strict === 'off' ? `https://${door.host}` : door.url;
  const { inputsOf, complete } = toDurableClients(
    {
      baseUrl: `${publicOrigin}/runtime/webhooks/durabletask`,
      hubName: durableSettings.hubName,
      connection: standardConnection,
      key,
    },
    rpc.url,
  );
  const running: Running = {
    run,
    app,
    invoke: (invocation) =>
      stray.attribute(invocation.function.name, () => invokeInApp(invocation)),
    complete,
    inputsOf,
    bodyLimit: Number(run.settings.get('FUNCTIONS_REQUEST_BODY_SIZE_LIMIT') ?? standardBodyLimit),
    errors: new Map(),
  };
  const { engine, durable } = toDurable(running, durableSettings, key);
  const timers = toTimers(app.functions, run.settings, running.errors);
  const options = toTimerOptions(running);
  const surface = toSurface(running, { timers, options, durable, rpc });
  report(running);
  return {
    engine,
    durable,
    surface,
    timers: timers
      .filter((timer) => !timer.function.disabled)
      .map((timer) => new RunningTimer(timer, options)),
  };
}

function toDurable(
  { run, app, invoke, complete, bodyLimit }: Running,
  settings: DurableSettings,
  key: string,
): { readonly engine: DurableEngine; readonly durable: Webhook } {
  const { log, strict } = run;
  const functions = toDurableFunctions(app.functions, invoke, complete);
  const engine = openEngine({
    databasePath: run.folder.path('durable.db'),
    clock: run.clock,
    settings,
    strict,
    registered: functions.registered,
    names: functions.names,
    invoke: functions.invoke,
    log: (level, message) => {
      log.write(level, message);
    },
  });
  const api = {
    engine,
    hubName: settings.hubName,
    key,
    strict,
    settings: run.settings,
    bodyLimit,
    log,
    entityNames: functions.names('entity'),
  };
  return { engine, durable: (exchange, path) => answerDurable(api, exchange, path) };
}

function toTimerOptions({ run, invoke, complete }: Running): TimerOptions {
  const monitor = openTimerMonitor(run.folder.path('timers.json'));
  return { clock: run.clock, monitor, invoke, complete, log: run.log };
}

function toSurface(
  running: Running,
  parts: {
    readonly timers: readonly Timer[];
    readonly options: TimerOptions;
    readonly durable: Webhook;
    readonly rpc: RpcBase;
  },
): Surface {
  const { run, app, invoke, complete, bodyLimit } = running;
  const { durable, rpc } = parts;
  const grid = { functions: app.functions, bodyLimit, invoke, log: run.log, complete };
  return {
    routePrefix: run.hostJson.routePrefix,
    keys: run.keys,
    caller: {
      routes: toHttpRoutes(app.functions, running.errors),
      keys: run.keys,
      bodyLimit,
      invoke,
      log: run.log,
      extraInputs: running.inputsOf,
    },
    admin: toAdmin(running, parts),
    webhooks: {
      durabletask: durable,
      eventgrid: (exchange) => answerEventGrid(grid, exchange),
    },
    rpc: rpc.secret === undefined ? undefined : { secret: rpc.secret, answer: durable },
  };
}

function toAdmin(
  { run, app, errors, bodyLimit }: Running,
  { timers, options }: { readonly timers: readonly Timer[]; readonly options: TimerOptions },
): Admin {
  return {
    functions: app.functions,
    errors,
    routePrefix: run.hostJson.routePrefix,
    keys: run.keys,
    bodyLimit,
    startedAt: performance.now(),
    run: (target, input) => {
      runOnRequest({ ...options, timers }, target, input);
    },
  };
}

/** A function that is out is no reason not to run the others, but a schedule is never put right later. */
function report({ run, app, errors }: Running): void {
  for (const [name, error] of errors) {
    run.log.write('error', `The function is not served: ${error}`, { function: name });
    const target = app.functions.find((each) => each.name === name);
    if (run.strict === 'on' && target?.trigger.type === 'timerTrigger') {
      throw new HostError(`Timer function ${name} cannot run: ${error} Correct its schedule.`);
    }
  }
}
