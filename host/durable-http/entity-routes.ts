import type { EntityRecord } from '../durable/contract';
import { unknownFunction } from '../durable/failures';
import { sendEmpty, sendJsonText } from '../http/exchange';
import { readText } from '../http/request-body';
import { jsonOf } from './instance-json';
import { continuationHeaders, toContinuation } from './continuation';
import { isJsonType, type JsonBody, toJsonContent } from './json-body';
import { sendProblem, sendStorageFailure } from './problem';
import { present, toBoolean, toInteger, toText, toTime } from './query';
import type { DurableRequest, DurableRoute } from './request';

export const entityRoutes: readonly DurableRoute[] = [
  { method: 'GET', path: /^entities\/([^/]+)\/([^/]+)\/?$/i, handle: showEntity },
  { method: 'GET', path: /^entities(?:\/([^/]+))?\/?$/i, handle: listEntities },
  { method: 'POST', path: /^entities(?:\/([^/]*))?(?:\/([^/]*))?\/?$/i, handle: signalEntity },
  { method: 'DELETE', path: /^entities(?:\/([^/]*))?(?:\/([^/]*))?\/?$/i, handle: deleteEntity },
];

async function showEntity({ api, exchange, params }: DurableRequest): Promise<void> {
  const [name = '', key = ''] = params;
  const entity = await api.engine.readEntity({ name: name.toLowerCase(), key });
  if (entity?.state === undefined) sendEmpty(exchange, 404);
  else sendJsonText(exchange, 200, { text: jsonOf(entity.state) });
}

async function listEntities({ api, exchange, params }: DurableRequest): Promise<void> {
  const { query } = exchange;
  const [name = ''] = params;
  const top = toInteger(query, 'top') ?? 100;
  if (top < 0) {
    sendStorageFailure(exchange);
    return;
  }
  const continuation = toContinuation(exchange);
  if ('unreadable' in continuation) {
    sendJsonText(exchange, 200, { text: '[]' });
    return;
  }
  const page = await api.engine.listEntities(
    present({
      name: name === '' ? undefined : name.toLowerCase(),
      lastOperationFrom: toTime(query, 'lastOperationTimeFrom'),
      lastOperationTo: toTime(query, 'lastOperationTimeTo'),
      fetchState: toBoolean(query, 'fetchState', false),
      continuation: continuation.after,
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
  const input = toInput(body, isJsonType(exchange));
  if ('problem' in input) {
    const message = `Could not parse JSON content: ${input.problem.message}`;
    sendProblem(exchange, 400, { message });
    return;
  }
  await signal(request, toText(exchange.query, 'op') ?? '', input.text);
}

function toInput(body: string, isJson: boolean): JsonBody {
  if (body === '') return { text: undefined };
  return isJson ? toJsonContent(body) : { text: JSON.stringify(body) };
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
  if (name === '') {
    const message =
      "Invalid entity id: entity name must not be a null or empty string. (Parameter 'entityName')";
    sendProblem(exchange, 400, { message });
    return;
  }
  if (/[/\\#?]|\p{Cc}/u.test(key)) {
    sendProblem(exchange, 400, {
      message:
        "entityKey (Parameter 'Entity keys must not contain /, \\, #, ?, or control characters.')",
    });
    return;
  }
  const result = await api.engine.signalEntity({ name: name.toLowerCase(), key }, operation, input);
  if (result !== 'not-found') {
    sendEmpty(exchange, 202);
    return;
  }
  const message = unknownFunction('entity', name.toLowerCase(), api.entityNames);
  sendProblem(exchange, 400, { message });
}
