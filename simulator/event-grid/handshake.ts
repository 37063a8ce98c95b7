import { toEventGridEvent } from './envelope';
import type { DeliverySchema } from './event-subscription';
import { send } from './send';
import type { IncomingAnswer } from './send';

const origin = 'eventgrid.azure.net';

/** An endpoint that has to prove that it wants events. */
export interface EndpointToValidate {
  readonly url: string;
  readonly schema: DeliverySchema;
  readonly subscriptionName: string;
  readonly topic: string;
  /** Epoch milliseconds, for the time in the validation event. */
  readonly now: number;
  /** What the receiver has to repeat. */
  readonly validationCode: string;
  /** Makes the id of the validation event. */
  newId(): string;
}

/** `later`: it took the event without the code, so somebody may still open the validation URL. */
export type HandshakeResult = 'proved' | 'later' | 'refused';

/** How the endpoint answers the handshake of its schema. Takes at most 30 s of real time. */
export async function shakeHands(
  endpoint: EndpointToValidate,
  canceled: AbortSignal,
): Promise<HandshakeResult> {
  return endpoint.schema === 'CloudEventSchemaV1_0'
    ? allowsOrigin(endpoint, canceled)
    : repeatsCode(endpoint, canceled);
}

/** CloudEvents webhooks: the receiver allows the origin of the sender. */
async function allowsOrigin(
  { url }: EndpointToValidate,
  canceled: AbortSignal,
): Promise<HandshakeResult> {
  const headers = { 'webhook-request-origin': origin, 'webhook-request-rate': '1000' };
  const answer = await send({ method: 'OPTIONS', url, headers }, canceled);
  const allowed = answer.headers.get('webhook-allowed-origin');
  return answer.status === 200 && (allowed === '*' || allowed === origin) ? 'proved' : 'refused';
}

/** Event Grid schema: the receiver sends the code back. Event Grid takes 200 only, not 202. */
async function repeatsCode(
  endpoint: EndpointToValidate,
  canceled: AbortSignal,
): Promise<HandshakeResult> {
  const { url, subscriptionName, topic, now: time, validationCode } = endpoint;
  const validationUrl = `https://rp-global.eventgrid.azure.net/eventsubscriptions/${subscriptionName}/validate?id=${validationCode}`;
  const event = toEventGridEvent({
    id: endpoint.newId(),
    type: 'Microsoft.EventGrid.SubscriptionValidationEvent',
    topic,
    subject: '',
    time,
    data: { validationCode, validationUrl },
  });
  const headers = {
    'content-type': 'application/json; charset=utf-8',
    'aeg-event-type': 'SubscriptionValidation',
    'aeg-subscription-name': subscriptionName.toUpperCase(),
    'aeg-delivery-count': '0',
    'aeg-data-version': '1',
    'aeg-metadata-version': '1',
  };
  const body = JSON.stringify([{ ...event, dataVersion: '2' }]);
  const answer = await send({ method: 'POST', url, headers, body }, canceled);
  if (answer.status !== 200) return 'refused';
  const repeated = repeatedCode(answer);
  if (repeated === undefined) return 'later';
  return repeated === validationCode ? 'proved' : 'refused';
}

function repeatedCode({ body }: IncomingAnswer): unknown {
  try {
    const answer: unknown = JSON.parse(body);
    return typeof answer === 'object' && answer !== null && 'validationResponse' in answer
      ? answer.validationResponse
      : undefined;
  } catch {
    // Not JSON, so not the code.
    return undefined;
  }
}
