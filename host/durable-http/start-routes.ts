import { setTimeout as delay } from 'node:timers/promises';

import type { InstanceRecord, StartResult } from '../durable/contract';
import { sendJson, sendJsonText } from '../http/exchange';
import { readText } from '../http/request-body';
import { hasEnded } from './instance-state';
import { oddIdHazards } from '../durable/hazards/children';
import { jsonOf, toInstanceJson } from './instance-json';
import { toJsonInput } from './json-body';
import { toManagementUrls } from './management-urls';
import { sendFailure, sendProblem } from './problem';
import { present, toNumber, toText } from './query';
import { addressFor, type DurableRequest, type DurableRoute } from './request';

export const startRoutes: readonly DurableRoute[] = [
  { method: 'POST', path: /^orchestrators\/([^/]+)(?:\/([^/]+))?\/?$/i, handle: start },
];

async function start(request: DurableRequest): Promise<void> {
  const wait = toWait(request);
  if (!wait || !mayHaveId(request)) return;
  const result = await startInstance(request);
  if (!result) return;
  const ended = await waitFor(request, result.instanceId, wait);
  if (!ended) {
    sendStarted(request, result);
    return;
  }
  const completed = ended.runtimeStatus === 'Completed';
  const text = completed ? jsonOf(ended.output) : toInstanceJson(ended, { input: true });
  sendJsonText(request.exchange, 200, { text });
}

/** Undefined when nothing was started and the caller has been told why. */
async function startInstance(request: DurableRequest): Promise<StartResult | undefined> {
  const { api, exchange, params } = request;
  const [functionName = '', instanceId = ''] = params;
  const input = await readInput(request);
  if (!input) return undefined;
  const result = await api.engine.start({
    functionName,
    ...whenGiven('instanceId', instanceId),
    ...present({ version: toText(exchange.query, 'version') }),
    ...whenGiven('input', input.text),
  });
  if (result.conflict === undefined) return result;
  sendProblem(exchange, 409, {
    message: `An Orchestration instance with the status ${result.conflict} already exists.`,
  });
  return undefined;
}

function whenGiven<K extends string>(
  name: K,
  value: string | undefined,
): Partial<Record<K, string>> {
  return value === undefined || value === '' ? {} : ({ [name]: value } as Record<K, string>);
}

/** Answers with links to the new instance. */
export function sendStarted(request: DurableRequest, { instanceId }: StartResult): void {
  const urls = toManagementUrls(addressFor(request), instanceId, { withRewind: false });
  sendJson(request.exchange, 202, {
    value: urls,
    headers: { location: toLocation(urls['statusQueryGetUri'] ?? ''), 'retry-after': '10' },
  });
}

/** .NET undoes an unneeded escape in addresses, but not in texts. */
function toLocation(url: string): string {
  return url.replaceAll('%7E', '~');
}

async function readInput({
  api,
  exchange,
}: DurableRequest): Promise<{ text: string | undefined } | undefined> {
  const body = toJsonInput(await readText(exchange.request, api.bodyLimit));
  if ('text' in body) return body;
  const exception = { message: body.problem.message, type: `Newtonsoft.Json.${body.problem.type}` };
  if (body.problem.type === 'JsonReaderException') {
    sendProblem(exchange, 400, { message: 'Invalid JSON content', exception });
  } else sendFailure(exchange, exception);
  return undefined;
}

/** Some ids work in this host and not in every place on Azure. */
function mayHaveId({ api, exchange, params }: DurableRequest): boolean {
  const [, instanceId = ''] = params;
  const [hazard] = api.strict === 'off' || instanceId === '' ? [] : oddIdHazards(instanceId);
  if (hazard === undefined) return true;
  if (api.strict === 'warn') {
    api.log.write('warning', hazard.message, { instance: instanceId });
    return true;
  }
  sendProblem(exchange, 400, { message: hazard.message });
  return false;
}

interface Wait {
  readonly totalMs: number;
  readonly intervalMs: number;
}

/** How long to wait for the end; the caller asks for it with both `timeout` and `pollingInterval`. */
function toWait({ exchange }: DurableRequest): Wait | undefined {
  const total = toNumber(exchange.query, 'timeout');
  const interval = toNumber(exchange.query, 'pollingInterval');
  if (total === undefined || interval === undefined) return { totalMs: 0, intervalMs: 0 };
  const wait = { totalMs: total * 1000, intervalMs: interval * 1000 };
  if (wait.totalMs >= wait.intervalMs) return wait;
  sendProblem(exchange, 400, {
    message: `Total timeout ${wait.totalMs / 1000} should be bigger than retry timeout ${wait.intervalMs / 1000}`,
  });
  return undefined;
}

async function waitFor(
  { api, exchange }: DurableRequest,
  instanceId: string,
  { totalMs, intervalMs }: Wait,
): Promise<InstanceRecord | undefined> {
  const end = performance.now() + Math.min(totalMs, 3_600_000);
  while (performance.now() < end && !exchange.response.destroyed) {
    const record = await api.engine.status(instanceId);
    if (record && hasEnded(record)) return record;
    await delay(Math.max(10, Math.min(intervalMs, end - performance.now())));
  }
  return undefined;
}
