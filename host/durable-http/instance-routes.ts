import type { InstanceQuery, InstanceRecord } from '../durable/contract';
import { type Exchange, sendEmpty, sendJson, sendJsonText } from '../http/exchange';
import { toInstanceJson } from './instance-json';
import { sendStorageFailure } from './problem';
import { present, toBoolean, toInteger, toStatuses, toText, toTime } from './query';
import type { DurableRequest, DurableRoute } from './request';
import { continuationHeaders, toContinuation } from './continuation';
import { hasEnded } from './instance-state';

export const instanceRoutes: readonly DurableRoute[] = [
  { method: 'GET', path: /^instances\/([^/]+)\/?$/i, handle: showInstance },
  { method: 'GET', path: /^instances\/?$/i, handle: listInstances },
  { method: 'DELETE', path: /^instances\/([^/]+)\/?$/i, handle: purgeInstance },
  { method: 'DELETE', path: /^instances\/?$/i, handle: purgeInstances },
];

async function showInstance({ api, exchange, params }: DurableRequest): Promise<void> {
  const [instanceId = ''] = params;
  const { query } = exchange;
  const record = await api.engine.status(instanceId);
  if (!record) {
    sendEmpty(exchange, 404);
    return;
  }
  const withHistory = toBoolean(query, 'showHistory', false);
  const text = toInstanceJson(record, {
    input: toBoolean(query, 'showInput', true),
    ...(withHistory && hasRun(record) ? { history: await api.engine.history(instanceId) } : {}),
    results: toBoolean(query, 'showHistoryOutput', false),
  });
  const failedIs500 = toBoolean(query, 'returnInternalServerErrorOnFailure', false);
  sendJsonText(exchange, toHttpStatus(record, failedIs500), {
    text,
    headers: pollHeaders(exchange, record),
  });
}

/** One that has not run shows no history, not even an empty one. */
function hasRun({ runtimeStatus }: InstanceRecord): boolean {
  return runtimeStatus !== 'Pending';
}

function toHttpStatus(record: InstanceRecord, failedIs500: boolean): number {
  if (!hasEnded(record)) return 202;
  return record.runtimeStatus === 'Failed' && failedIs500 ? 500 : 200;
}

/** A live instance is asked for again under the same address. */
function pollHeaders(exchange: Exchange, record: InstanceRecord): Record<string, string> {
  if (hasEnded(record)) return {};
  return { location: `${exchange.origin}${exchange.path}${exchange.search}`, 'retry-after': '5' };
}

const pageSize = 100;

async function listInstances({ api, exchange }: DurableRequest): Promise<void> {
  const { query } = exchange;
  const top = toInteger(query, 'top') ?? pageSize;
  if (top < 0) {
    sendStorageFailure(exchange);
    return;
  }
  const continuation = toContinuation(exchange);
  if ('unreadable' in continuation) {
    sendJsonText(exchange, 200, { text: '[]' });
    return;
  }
  const filter = toFilter(query);
  const page = await api.engine.query(
    present({ ...filter, continuation: continuation.after, top }),
  );
  // Where nothing is filtered, inputs are not left out either.
  const input = Object.keys(filter).length === 0 || toBoolean(query, 'showInput', true);
  const text = `[${page.instances.map((record) => toInstanceJson(record, { input })).join(',')}]`;
  sendJsonText(exchange, 200, { text, headers: continuationHeaders(page.continuation) });
}

function toFilter(query: URLSearchParams): InstanceQuery {
  const prefix = toText(query, 'instanceIdPrefix');
  return present({
    instanceIdPrefix: prefix === '' ? undefined : prefix,
    createdFrom: toTime(query, 'createdTimeFrom'),
    createdTo: toTime(query, 'createdTimeTo'),
    runtimeStatus: toStatuses(query),
  });
}

async function purgeInstance({ api, exchange, params }: DurableRequest): Promise<void> {
  const [instanceId = ''] = params;
  const result = await api.engine.purge(instanceId);
  if (result === 'accepted') {
    sendJson(exchange, 200, { value: { instancesDeleted: 1 } });
  } else if (result === 'not-found') {
    sendEmpty(exchange, 404);
  } else {
    const status = (await api.engine.status(instanceId))?.runtimeStatus ?? 'Running';
    sendJson(exchange, 412, {
      value: `Only orchestrations in a terminal state can be purged, but the orchestration with instance ID ${instanceId} has status ${status}`,
    });
  }
}

async function purgeInstances({ api, exchange }: DurableRequest): Promise<void> {
  const { query } = exchange;
  const createdFrom = toTime(query, 'createdTimeFrom');
  if (createdFrom === undefined) {
    sendJson(exchange, 400, { value: "Please provide value for 'createdTimeFrom' parameter." });
    return;
  }
  const count = await api.engine.purgeWhere({
    createdFrom,
    ...present({ createdTo: toTime(query, 'createdTimeTo'), runtimeStatus: toStatuses(query) }),
  });
  if (count > 0) sendJson(exchange, 200, { value: { instancesDeleted: count } });
  else sendEmpty(exchange, 404);
}
