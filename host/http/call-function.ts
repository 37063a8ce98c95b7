import type { CallersFirst } from '../callers-first';
import type { Invoke } from '../invocation/invoke';
import type { AppFunction } from '../loading/function-metadata';
import type { NamedData } from '../loading/programming-model';
import type { HostLog } from '../log';
import { type Exchange, hasGone, sendEmpty } from './exchange';
import { sendHttpAnswer } from './http-answer';
import { toHttpData } from './http-data';
import type { HttpRoute, RouteMatch } from './http-routes';
import { type AccessLevel, accessLevel, type HostKeys, presentedKey } from './keys';
import { readBody } from './request-body';

export interface FunctionCaller {
  readonly routes: readonly HttpRoute[];
  readonly keys: HostKeys;
  readonly bodyLimit: number;
  readonly invoke: Invoke;
  readonly log: HostLog;
  readonly callers: CallersFirst;
  /** Values of inputs that are not the trigger: the durable client */
  extraInputs(appFunction: AppFunction): NamedData[];
}

/** Answers a request by calling the function whose route it fits. */
export async function callFunction(
  caller: FunctionCaller,
  exchange: Exchange,
  match: RouteMatch,
): Promise<void> {
  const { trigger, name, disabled } = match.function;
  const access = accessLevel(caller.keys, presentedKey(exchange), name);
  if (!opens(access, trigger['authLevel'])) sendEmpty(exchange, 401);
  else if (disabled && access.level !== 'admin') sendEmpty(exchange, 404);
  else await caller.callers.serve(() => invokeOrFail(caller, exchange, match));
}

/** The master key opens everything; any other key only routes of exactly its level. */
function opens(access: AccessLevel, authLevel: unknown): boolean {
  const needed = typeof authLevel === 'string' ? authLevel.toLowerCase() : 'function';
  return needed === 'anonymous' || access.level === 'admin' || access.level === needed;
}

/** A function that fails answers nothing but 500; why, is in the log. */
async function invokeOrFail(
  caller: FunctionCaller,
  exchange: Exchange,
  match: RouteMatch,
): Promise<void> {
  try {
    await invokeFunction(caller, exchange, match);
  } catch (error) {
    if (hasGone(exchange.request)) return;
    const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
    caller.log.write('error', `The call failed: ${text}`, { function: match.function.name });
    sendEmpty(exchange, 500);
  }
}

async function invokeFunction(
  caller: FunctionCaller,
  exchange: Exchange,
  { function: appFunction, params }: RouteMatch,
): Promise<void> {
  const body = await bodyFor(caller, exchange, appFunction);
  const request = {
    name: appFunction.trigger.name,
    data: toHttpData(exchange, params, body),
  };
  const { answer } = await caller.invoke({
    function: appFunction,
    inputData: [request, ...caller.extraInputs(appFunction)],
  });
  sendHttpAnswer(exchange, (await answer()).returnValue);
}

/** As on Azure, a function sees a body only if its length was announced. */
async function bodyFor(
  caller: FunctionCaller,
  exchange: Exchange,
  appFunction: AppFunction,
): Promise<Buffer | undefined> {
  const { headers, request } = exchange;
  if (Number(headers['content-length'] ?? 0) > 0) return readBody(request, caller.bodyLimit);
  if (headers['transfer-encoding'] !== undefined) {
    caller.log.write('warning', 'A chunked request body was dropped, as on Azure.', {
      function: appFunction.name,
    });
  }
  request.resume();
  return undefined;
}
