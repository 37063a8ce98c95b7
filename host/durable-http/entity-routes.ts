import type { EntityRecord } from '../durable/contract';
import { type Exchange, sendEmpty, sendJsonText } from '../http/exchange';
import { readText } from '../http/request-body';
import { jsonOf } from './instance-json';
import { continuationHeaders } from './continuation';
import { toJsonBody } from './json-body';
import { sendFailure, sendProblem } from './problem';
import { present, toBoolean, toInteger, toTime } from './query';
import type { DurableRequest, DurableRoute } from './request';

export const entityRoutes: readonly DurableRoute[] = [
  { method: 'GET', path: /^entities\/([^/]+)\/([^/]+)\/?$/i, handle: showEntity },
  { method: 'GET', path: /^entities(?:\/([^/]+))?\/?$/i, handle: listEntities },
  { method: 'POST', path: /^entities\/([^/]+)(?:\/([^/]*))?\/?$/i, handle: signalEntity },
  { method: 'DELETE', path: /^entities\/([^/]+)(?:\/([^/]*))?\/?$/i, handle: deleteEntity },
];

async function showEntity({ api, exchange, params }: DurableRequest): Promise<void> {
  const [name = '', key = ''] = params;
  const entity = await api.engine.readEntity({ name: name.toLowerCase(), key });
  if (entity?.state === undefined) sendEmpty(exchange, 404);
  else sendJsonText(exchange, 200, { text: jsonOf(entity.state) });
}

async function listEntities({ api, exchange, params }: DurableRequest): Promise<void> {
  const { query, headers } = exchange;
  const [name = ''] = params;
  const top = toInteger(query, 'top') ?? 100;
  if (top < 0) {
    sendFailure(exchange, {
      message: 'An error occurred while communicating with Azure Storage',
      type: 'DurableTask.AzureStorage.Storage.DurableTaskStorageException',
    });
    return;
  }
  const page = await api.engine.listEntities(
    present({
      name: name === '' ? undefined : name.toLowerCase(),
      lastOperationFrom: toTime(query, 'lastOperationTimeFrom'),
      lastOperationTo: toTime(query, 'lastOperationTimeTo'),
      fetchState: toBoolean(query, 'fetchState', false),
      continuation: headers['x-ms-continuation-token'],
      top,
    }),
  );
  const text = `[${page.entities.map(toEntityJson).join(',')}]`;
  sendJsonText(exchange, 200, { text, headers: continuationHeaders(page.continuation) });
}

function toEntityJson({ name, key, lastOperationAt, state }: EntityRecord): string {
  const id = JSON.stringify({ name, key });
  const time = JSON.stringify(new Date(lastOperationAt).toISOString());
  return `{"entityId":${id},"lastOperationTime":${time},"state":${jsonOf(state)}}`;
}

async function signalEntity(request: DurableRequest): Promise<void> {
  const { api, exchange } = request;
  const body = await readText(exchange.request, api.bodyLimit);
  const isJson = /^application\/json\b/i.test(exchange.headers['content-type'] ?? '');
  const input = isJson
    ? toJsonBody(body)
    : { text: body === '' ? undefined : JSON.stringify(body) };
  if ('problem' in input) {
    sendProblem(exchange, 400, { message: `Could not parse JSON content: ${input.problem}` });
    return;
  }
  await signal(request, exchange.query.get('op') ?? '', input.text);
}

async function deleteEntity(request: DurableRequest): Promise<void> {
  await signal(request, 'delete', undefined);
}

async function signal(
  { api, exchange, params }: DurableRequest,
  operation: string,
  input: string | undefined,
): Promise<void> {
  const [name = '', key = ''] = params;
  if (/[/\\#?]|\p{Cc}/u.test(key)) {
    sendProblem(exchange, 400, {
      message:
        "entityKey (Parameter 'Entity keys must not contain /, \\, #, ?, or control characters.')",
    });
    return;
  }
  const result = await api.engine.signalEntity({ name: name.toLowerCase(), key }, operation, input);
  if (result === 'not-found') sendUnknownEntity(exchange, name, api.entityNames);
  else sendEmpty(exchange, 202);
}

function sendUnknownEntity(exchange: Exchange, name: string, known: readonly string[]): void {
  const names = known.map((each) => `'${each}'`).join(', ');
  sendProblem(exchange, 400, {
    message: `The function '${name.toLowerCase()}' doesn't exist, is disabled, or is not an entity function. Additional info: The following are the known entity functions: ${names}.`,
  });
}
