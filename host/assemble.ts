import { runOnRequest } from './admin-run';
import type { AppRun } from './app-run';
import { CallersFirst } from './callers-first';
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
import type { FunctionErrors } from './http/function-errors';
import { toHttpRoutes } from './http/http-routes';
import { toBodyLimit } from './http/request-body';
import { createInvoke, type Invocation, type Invoke } from './invocation/invoke';
import { countCalls, type RunningCalls } from './invocation/running-calls';
import type { StrayErrors } from './invocation/stray-errors';
import type { AppFunction } from './loading/function-metadata';
import type { LoadedApp } from './loading/load-app';
import { leaveOutUnsupported } from './loading/unsupported-bindings';
import type { RpcBase } from './rpc';
import { answerEventGrid } from './triggers/event-grid';
import { openTimerMonitor } from './triggers/timer-monitor';
import { tolerantMonitor } from './triggers/tolerant-monitor';
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
  readonly calls: RunningCalls;
  /** How many functions are not in error */
  readonly served: number;
  /** The Durable HTTP API */
  readonly durable: Webhook;
}

/** What every trigger needs to run functions. */
interface Running {
  readonly run: AppRun;
  readonly app: LoadedApp;
  /** The app's functions that this host can serve as far as their bindings go */
  readonly functions: readonly AppFunction[];
  readonly invoke: Invoke;
  readonly complete: (invocation: Invocation) => Invocation;
  readonly inputsOf: ReturnType<typeof toDurableClients>['inputsOf'];
  readonly bodyLimit: number;
  readonly callers: CallersFirst;
  readonly errors: FunctionErrors;
}

/**
 * Builds the parts.
 * @throws HostError for a timer that could never fire, unless `strict` is `off`
 */
export function assemble(run: AppRun, { app, door, rpc, stray }: Surroundings): Parts {
  const durableSettings = toDurableSettings(run.hostJson.durableTask, run.settings);
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
  const calls = countCalls();
  const running: Running = {
    run,
    app,
    ...leaveOutUnsupported(app.functions),
    invoke: toInvoke(run, app, { stray, calls }),
    complete,
    inputsOf,
    callers: new CallersFirst(),
    bodyLimit: toBodyLimit(run.settings.get('FUNCTIONS_REQUEST_BODY_SIZE_LIMIT')),
  };
  const { engine, durable } = toDurable(running, durableSettings, key);
  const timers = toTimers(running.functions, run.settings, running.errors);
  const options = toTimerOptions(running);
  const surface = toSurface(running, { engine, timers, options, durable, rpc });
  report(running);
  return {
    engine,
    durable,
    surface,
    calls,
    served: app.functions.length - running.errors.size,
    timers: timers
      .filter((timer) => !timer.function.disabled)
      .map((timer) => new RunningTimer(timer, options)),
  };
}

/** Runs functions so that it can be told which ones run, and which one left an error behind. */
function toInvoke(
  { log, hostJson }: AppRun,
  app: LoadedApp,
  { stray, calls }: { readonly stray: StrayErrors; readonly calls: RunningCalls },
): Invoke {
  const invoke = createInvoke(app, log, hostJson.functionTimeoutMs);
  return (invocation) => {
    const { name } = invocation.function;
    return calls.count(name, () => stray.attribute(name, () => invoke(invocation)));
  };
}

function toDurable(
  { run, functions: served, invoke, complete, bodyLimit, callers }: Running,
  settings: DurableSettings,
  key: string,
): { readonly engine: DurableEngine; readonly durable: Webhook } {
  const { log, strict } = run;
  const functions = toDurableFunctions(served, invoke, complete);
  const engine = openEngine({
    databasePath: run.folder.path('durable.db'),
    clock: run.clock,
    settings,
    strict,
    courtesy: callers,
    purgeAfterMs: run.purgeAfterMs,
    registered: functions.registered,
    names: functions.names,
    invoke: functions.invoke,
    log: (level, message, about) => {
      log.write(level, message, about);
    },
    failed: (reason, about) => {
      log.write('error', reason.split('\n', 1)[0] ?? reason, about);
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
  const monitor = tolerantMonitor(openTimerMonitor(run.folder.path('timers.json')), run.log);
  return { clock: run.clock, monitor, invoke, complete, log: run.log };
}

function toSurface(
  running: Running,
  parts: {
    readonly engine: DurableEngine;
    readonly timers: readonly Timer[];
    readonly options: TimerOptions;
    readonly durable: Webhook;
    readonly rpc: RpcBase;
  },
): Surface {
  const { run, functions, invoke, complete, bodyLimit } = running;
  const { durable, rpc } = parts;
  const grid = { functions, bodyLimit, invoke, log: run.log, complete };
  return {
    keys: run.keys,
    homepage: !/^true$/i.test(run.settings.get('AzureWebJobsDisableHomepage') ?? ''),
    caller: {
      routes: toHttpRoutes(functions, run.hostJson.routePrefix, running.errors),
      keys: run.keys,
      bodyLimit,
      invoke,
      log: run.log,
      callers: running.callers,
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
  parts: {
    readonly engine: DurableEngine;
    readonly timers: readonly Timer[];
    readonly options: TimerOptions;
  },
): Admin {
  const { engine, timers, options } = parts;
  return {
    functions: app.functions,
    errors,
    routePrefix: run.hostJson.routePrefix,
    keys: run.keys,
    bodyLimit,
    startedAt: performance.now(),
    trace: async (id) => ({ now: run.clock.now(), trace: await engine.trace(id) }),
    run: (target, input) => {
      runOnRequest({ ...options, timers }, target, input);
    },
    unlock: () => engine.releaseLocks(),
  };
}

/** A function that is out is no reason not to run the others, but a schedule is never put right later. */
function report({ run, functions, errors }: Running): void {
  for (const [name, error] of errors) {
    run.log.write('error', `The function is not served: ${error}`, { function: name });
    const target = functions.find((each) => each.name === name);
    if (run.strict === 'on' && target?.trigger.type === 'timerTrigger') {
      throw new HostError(`Timer function ${name} cannot run: ${error} Correct its schedule.`);
    }
  }
}
