import type { Invocation, Invoke } from '../invocation/invoke';
import { isObject, type JsonObject, tryParse } from '../json';
import { isTooDeep } from '../json-depth';
import { type AppFunction, isTriggeredBy } from '../loading/function-metadata';
import type { HostLog } from '../log';
import { type Exchange, sendEmpty, sendText } from '../http/exchange';
import { readText } from '../http/request-body';

export interface EventGrid {
  readonly functions: readonly AppFunction[];
  readonly bodyLimit: number;
  readonly invoke: Invoke;
  readonly log: HostLog;
  /** Adds the inputs of a function that are not its trigger */
  readonly complete: (invocation: Invocation) => Invocation;
}

/** Answers the Event Grid webhook: handshakes of both schemas and deliveries. The key is checked before. */
export async function answerEventGrid(grid: EventGrid, exchange: Exchange): Promise<void> {
  const appFunction = findFunction(grid, exchange);
  if (!appFunction) return;
  const origin = exchange.headers['webhook-request-origin'];
  if (exchange.method === 'OPTIONS' && origin !== undefined) {
    sendEmpty(exchange, 200, { 'webhook-allowed-origin': origin });
    return;
  }
  switch ((exchange.headers['aeg-event-type'] ?? '').toLowerCase()) {
    case 'subscriptionvalidation':
      await validate(grid, exchange);
      return;
    case 'notification':
      await notify(grid, exchange, appFunction);
      return;
    case 'unsubscribe':
      sendEmpty(exchange, 202);
      return;
    default:
      sendEmpty(exchange, 400);
  }
}

/** Letter case counts here, unlike anywhere else. */
function findFunction(grid: EventGrid, exchange: Exchange): AppFunction | undefined {
  const name = exchange.query.get('functionName') ?? '';
  const found = grid.functions.find(
    (appFunction) =>
      appFunction.name === name &&
      !appFunction.disabled &&
      isTriggeredBy(appFunction, 'eventGridTrigger'),
  );
  if (!found) sendText(exchange, 404, `cannot find function: '${name}'`);
  return found;
}

async function validate(grid: EventGrid, exchange: Exchange): Promise<void> {
  const body = await readEvents(grid, exchange);
  const event: unknown = Array.isArray(body) ? body[0] : body;
  const data = isObject(event) ? event['data'] : undefined;
  const fields = typeof data === 'string' ? tryParse(data) : data;
  const code = isObject(fields) ? fields['validationCode'] : undefined;
  if (typeof code === 'string') {
    sendText(exchange, 200, JSON.stringify({ validationResponse: code }));
  } else {
    sendEmpty(exchange, 500);
  }
}

/** Undefined for a body that is not JSON, or nested deeper than the extension reads. */
async function readEvents(grid: EventGrid, exchange: Exchange): Promise<unknown> {
  const text = await readText(exchange.request, grid.bodyLimit);
  return isTooDeep(text) ? undefined : tryParse(text);
}

/** One invocation for each event, all at the same time; one that fails makes the sender send all again. */
async function notify(grid: EventGrid, exchange: Exchange, target: AppFunction): Promise<void> {
  const body = await readEvents(grid, exchange);
  const events: unknown[] = Array.isArray(body) ? body : [body];
  if (!events.every(isObject)) {
    sendEmpty(exchange, 500);
    return;
  }
  const outcomes = await Promise.allSettled(
    events.map((event) => grid.invoke(grid.complete(toInvocation(target, event)))),
  );
  const failures = outcomes.filter((outcome) => outcome.status === 'rejected');
  for (const { reason } of failures) {
    grid.log.write('error', `An event was not handled: ${String(reason)}`, {
      function: target.name,
    });
  }
  if (failures.length === 0) sendEmpty(exchange, 202);
  else sendText(exchange, 500, `Exception while executing function: Functions.${target.name}`);
}

/** The SDK turns the keys of the trigger metadata into camel case; the event itself stays as sent. */
export function toInvocation(target: AppFunction, event: JsonObject): Invocation {
  return {
    function: target,
    inputData: [{ name: target.trigger.name, data: { json: JSON.stringify(event) } }],
    triggerMetadata:
      event['data'] === undefined ? {} : { data: { json: JSON.stringify(event['data']) } },
  };
}
