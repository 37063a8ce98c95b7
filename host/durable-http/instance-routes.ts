import type { InstanceRecord } from '../durable/contract';
import { type Exchange, sendEmpty, sendJson, sendJsonText } from '../http/exchange';
import { toInstanceJson } from './instance-json';
import { sendFailure } from './problem';
import { present, toBoolean, toInteger, toStatuses, toTime } from './query';
import type { DurableRequest, DurableRoute } from './request';
import { continuationHeaders } from './continuation';
import { listEntitiesAsInstances } from './entity-instances';
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
    ...(withHistory ? { history: await api.engine.history(instanceId) } : {}),
    results: toBoolean(query, 'showHistoryOutput', false),
  });
  const failedIs500 = toBoolean(query, 'returnInternalServerErrorOnFailure', false);
  sendJsonText(exchange, toHttpStatus(record, failedIs500), {
    text,
    headers: pollHeaders(exchange, record),
  });
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

async function listInstances(request: DurableRequest): Promise<void> {
  const { api, exchange } = request;
  const { query, headers } = exchange;
  const top = toInteger(query, 'top') ?? pageSize;
  if (top < 0) {
    sendFailure(exchange, {
      message: 'An error occurred while communicating with Azure Storage',
      type: 'DurableTask.AzureStorage.Storage.DurableTaskStorageException',
    });
    return;
  }
  const prefix = query.get('instanceIdPrefix') ?? '';
  if (prefix.startsWith('@')) {
    await listEntitiesAsInstances(request, prefix, top);
    return;
  }
  const page = await api.engine.query(
    present({
      instanceIdPrefix: prefix,
      createdFrom: toTime(query, 'createdTimeFrom'),
      createdTo: toTime(query, 'createdTimeTo'),
      runtimeStatus: toStatuses(query),
      continuation: headers['x-ms-continuation-token'],
      top,
    }),
  );
  const input = toBoolean(query, 'showInput', true);
  const text = `[${page.instances.map((record) => toInstanceJson(record, { input })).join(',')}]`;
  sendJsonText(exchange, 200, { text, headers: continuationHeaders(page.continuation) });
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
