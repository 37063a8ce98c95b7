import { hostname } from 'node:os';

import { type AppFunction, isTriggeredBy } from '../loading/function-metadata';
import { versions } from '../loading/core-api';
import { type Exchange, sendEmpty, sendJson } from './exchange';
import { describeFunction } from './function-description';
import { type FunctionErrors, toAzureError } from './function-errors';
import { type AccessLevel, accessLevel, type HostKeys, presentedKey } from './keys';
import { readText } from './request-body';
import { isJsonType, toRunInput } from './requested-run';

export interface Admin {
  readonly functions: readonly AppFunction[];
  readonly errors: FunctionErrors;
  readonly routePrefix: string;
  readonly keys: HostKeys;
  readonly bodyLimit: number;
  readonly startedAt: number;
  /** What can be told of an instance or an entity, and what time it is there */
  trace(id: string): Promise<unknown>;
  /** Runs a function of any trigger type with a text as its trigger data; does not wait for it. */
  run(appFunction: AppFunction, input: string): void;
  /** Frees the entities that instances which have ended still hold; how many there were. */
  unlock(): Promise<number>;
}

type Handler = (admin: Admin, exchange: Exchange, names: readonly string[]) => Promise<void> | void;

interface AdminRoute {
  readonly methods: readonly string[];
  readonly path: RegExp;
  readonly handle: Handler;
}

const routes: readonly AdminRoute[] = [
  { methods: ['GET'], path: /^host\/status$/i, handle: hostStatus },
  { methods: ['GET'], path: /^host\/trace\/(.+)$/i, handle: traceInstance },
  { methods: ['GET'], path: /^host\/((?:function|system)?keys)(?:\/([^/]+))?$/i, handle: hostKeys },
  { methods: ['GET'], path: /^functions$/i, handle: listFunctions },
  { methods: ['GET'], path: /^functions\/([^/]+)$/i, handle: showFunction },
  { methods: ['GET'], path: /^functions\/([^/]+)\/status$/i, handle: functionStatus },
  { methods: ['GET'], path: /^functions\/([^/]+)\/keys(?:\/([^/]+))?$/i, handle: functionKeys },
  { methods: ['POST'], path: /^functions\/([^/]+)$/i, handle: runFunction },
  { methods: ['POST'], path: /^durable\/unlock$/i, handle: unlock },
];

/** Answers a request below `/admin/`. Everything but the ping needs the master key. */
export async function answerAdmin(admin: Admin, exchange: Exchange, path: string): Promise<void> {
  if (/^host\/ping\/?$/i.test(path) && ['GET', 'POST'].includes(exchange.method)) {
    sendEmpty(exchange, 200, { 'cache-control': 'no-store,no-cache', pragma: 'no-cache' });
    return;
  }
  for (const route of routes) {
    const match = route.path.exec(path.replace(/\/$/, ''));
    if (!match || !route.methods.includes(exchange.method)) continue;
    const access = accessLevel(admin.keys, presentedKey(exchange));
    if (access.level !== 'admin') refuse(exchange, access);
    else await route.handle(admin, exchange, match.slice(1));
    return;
  }
  sendEmpty(exchange, 404);
}

/** A key of the wrong kind is forbidden; no key, or one that nobody knows, is unauthorized. */
export function refuse(exchange: Exchange, access: AccessLevel): void {
  if (access.level === 'anonymous') sendEmpty(exchange, 401, { 'www-authenticate': 'Bearer' });
  else sendEmpty(exchange, 403);
}

function hostStatus({ startedAt }: Admin, exchange: Exchange): void {
  sendJson(exchange, 200, {
    value: {
      id: exchange.headers['host'] ?? '',
      state: 'Running',
      version: versions.host,
      versionDetails: versions.hostDetails,
      platformVersion: '',
      instanceId: hostname(),
      computerName: '',
      processUptime: Math.round(performance.now() - startedAt),
      functionAppContentEditingState: 'NotAllowed',
    },
  });
}

/** The master key is a system key that is not listed, but found by its name. */
function hostKeys({ keys }: Admin, exchange: Exchange, [kind = '', name]: readonly string[]): void {
  if (kind.toLowerCase() !== 'systemkeys') sendKeys(exchange, keys.functionKeys, name);
  else if (name === undefined) sendKeys(exchange, keys.systemKeys);
  else sendKeys(exchange, { ...keys.systemKeys, _master: keys.master }, name);
}

/** Not on Azure: what the host's own `trace` command shows. */
async function traceInstance(
  admin: Admin,
  exchange: Exchange,
  [id = '']: readonly string[],
): Promise<void> {
  sendJson(exchange, 200, { value: await admin.trace(id) });
}

function functionKeys(
  admin: Admin,
  exchange: Exchange,
  [functionName = '', name]: readonly string[],
): void {
  const appFunction = find(admin, functionName);
  if (appFunction) sendKeys(exchange, admin.keys.functions[appFunction.name] ?? {}, name);
  else sendEmpty(exchange, 404);
}

function sendKeys(
  exchange: Exchange,
  values: Readonly<Record<string, string>>,
  name?: string,
): void {
  const links = [{ rel: 'self', href: `${exchange.origin}${exchange.path}` }];
  if (name === undefined) {
    const keys = Object.entries(values).map(([key, value]) => ({ name: key, value }));
    sendJson(exchange, 200, { value: { keys, links } });
  } else if (Object.hasOwn(values, name)) {
    sendJson(exchange, 200, { value: { name, value: values[name], links } });
  } else {
    sendEmpty(exchange, 404);
  }
}

function listFunctions(admin: Admin, exchange: Exchange): void {
  const value = admin.functions.map((appFunction) =>
    describeFunction(appFunction, { origin: exchange.origin, routePrefix: admin.routePrefix }),
  );
  sendJson(exchange, 200, { value });
}

function showFunction(admin: Admin, exchange: Exchange, [name = '']: readonly string[]): void {
  const appFunction = find(admin, name);
  if (!appFunction) {
    sendEmpty(exchange, 404);
    return;
  }
  const place = { origin: exchange.origin, routePrefix: admin.routePrefix };
  sendJson(exchange, 200, { value: describeFunction(appFunction, place) });
}

function functionStatus(admin: Admin, exchange: Exchange, [name = '']: readonly string[]): void {
  const appFunction = find(admin, name);
  if (!appFunction) {
    sendEmpty(exchange, 404);
    return;
  }
  const error = admin.errors.get(appFunction.name);
  const value = error === undefined ? {} : { errors: [toAzureError(appFunction, error)] };
  sendJson(exchange, 200, { value });
}

/** A function whose route is wrong is not there to be run. */
async function runFunction(
  admin: Admin,
  exchange: Exchange,
  [name = '']: readonly string[],
): Promise<void> {
  const appFunction = find(admin, name);
  const input = toRunInput(await readText(exchange.request, admin.bodyLimit));
  const isMissing =
    !appFunction ||
    (admin.errors.has(appFunction.name) && isTriggeredBy(appFunction, 'httpTrigger'));
  if (!isJsonType(exchange.headers['content-type'] ?? '')) sendEmpty(exchange, 415);
  else if (input === undefined) sendEmpty(exchange, 400);
  else if (isMissing) sendEmpty(exchange, 404);
  else {
    admin.run(appFunction, input);
    sendEmpty(exchange, 202);
  }
}

/** Azure has nothing like it. */
async function unlock(admin: Admin, exchange: Exchange): Promise<void> {
  sendJson(exchange, 200, { value: { entitiesFreed: await admin.unlock() } });
}

function find({ functions }: Admin, name: string): AppFunction | undefined {
  return functions.find((appFunction) => appFunction.name.toLowerCase() === name.toLowerCase());
}
