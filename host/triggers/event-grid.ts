import type { Invocation, Invoke } from '../invocation/invoke';
import { parseLenient } from '../newtonsoft/lenient-json';
import { isObject, type JsonObject } from '../json';
import { type AppFunction, isTriggeredBy } from '../loading/function-metadata';
import type { HostLog } from '../log';
import { type Exchange, firstHeader, sendEmpty, sendText } from '../http/exchange';
import { readText } from '../http/request-body';
import { withNetDates } from './json-dates';

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
  switch ((firstHeader(exchange, 'aeg-event-type') ?? '').toLowerCase()) {
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
  const name = exchange.query.getAll('functionName').join(',');
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
  const code = toCode(parse(await readText(exchange.request, grid.bodyLimit)));
  if (code === undefined) sendEmpty(exchange, 500);
  else sendText(exchange, 200, `{"validationResponse":${toNetJson(code)}}`);
}

/** The data of a CloudEvent, which comes alone, may be a JSON text. */
function toCode(body: unknown): string | undefined {
  const isList = Array.isArray(body);
  const event: unknown = isList ? body[0] : body;
  const data = isObject(event) ? event['data'] : undefined;
  const fields = typeof data === 'string' && !isList ? parse(data) : data;
  return isObject(fields) ? toNetText(fields['validationCode']) : undefined;
}

/** A JSON value as .NET makes it a text; undefined for none at all. */
function toNetText(value: unknown): string | undefined {
  if (value === undefined || typeof value === 'string') return value;
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  return value === null ? '' : JSON.stringify(value, null, 2);
}

/** System.Text.Json also escapes what could matter in HTML. */
function toNetJson(text: string): string {
  const escape = (character: string): string =>
    `\\u${character.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}`;
  const plain = JSON.stringify(text).slice(1, -1).replaceAll('\\"', '\\u0022');
  return `"${plain.replace(/[&'<>`+\x7f-\uffff]/g, escape)}"`;
}

/** One invocation for each event, all at the same time; one that fails makes the sender send all again. */
async function notify(grid: EventGrid, exchange: Exchange, target: AppFunction): Promise<void> {
  const body = parse(await readText(exchange.request, grid.bodyLimit));
  if (typeof body !== 'object' || body === null) {
    sendEmpty(exchange, 500);
    return;
  }
  const events: unknown[] = Array.isArray(body) ? body : [body];
  const outcomes = await Promise.allSettled(
    events.filter(isObject).map((event) => grid.invoke(grid.complete(toInvocation(target, event)))),
  );
  const failures = outcomes.filter((outcome) => outcome.status === 'rejected');
  for (const { reason } of failures) {
    grid.log.write('error', `An event was not handled: ${String(reason)}`, {
      function: target.name,
    });
  }
  if (!events.every(isObject)) sendEmpty(exchange, 500);
  else if (failures.length === 0) sendEmpty(exchange, 202);
  else sendText(exchange, 500, `Exception while executing function: Functions.${target.name}`);
}

function parse(text: string): unknown {
  const parsed = parseLenient(text);
  return 'value' in parsed ? parsed.value : undefined;
}

/** The SDK turns the keys of the trigger metadata into camel case; the event itself stays as sent. */
export function toInvocation(target: AppFunction, event: JsonObject): Invocation {
  const json = JSON.stringify(withNetDates(event));
  const data = JSON.stringify(withNetDates(event['data'])) as string | undefined;
  return {
    function: target,
    inputData: [{ name: target.trigger.name, data: { json } }],
    triggerMetadata: data === undefined ? {} : { data: { json: data } },
  };
}
