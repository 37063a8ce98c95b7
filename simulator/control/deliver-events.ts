import { z } from 'zod';

import type { EventGrid } from '../event-grid/event-grid';
import { send } from '../event-grid/send';
import { sameId } from '../arm-id';
import type { Json, JsonObject } from '../json';
import type { World } from '../world';

const PublishedEvent = z.strictObject({
  id: z.string().optional(),
  type: z.string(),
  topic: z.string(),
  subject: z.string(),
  time: z.number().optional(),
  data: z.record(z.string(), z.json()),
});

/** A request as it is, to any receiver: nothing is added to it, and nothing about it has to be right. */
const RawDelivery = z.strictObject({
  /** Host and port of the receiver, such as `http://127.0.0.1:7071`; may hold the path too. */
  target: z.url({ protocol: /^https?$/, error: 'is not an http(s) URL' }),
  path: z.string().startsWith('/').optional(),
  method: z.enum(['POST', 'PUT', 'OPTIONS', 'GET', 'DELETE']).default('POST'),
  headers: z.record(z.string(), z.string()).default({}),
  /** JSON, sent as its text. */
  body: z.json().optional(),
  bodyText: z.string().optional(),
  bodyBase64: z.base64().optional(),
});
type RawDelivery = z.infer<typeof RawDelivery>;

export const DeliverCommand = z.strictObject({
  /** Published now, as if they had happened; one with the id of an earlier event is its duplicate. */
  events: z.array(PublishedEvent).default([]),
  /** How the next events go wrong. */
  disturb: z
    .strictObject({
      events: z.int().min(0),
      copies: z.int().min(1).default(1),
      order: z.enum(['published', 'reversed']).default('published'),
      delaySeconds: z.number().min(0).default(0),
    })
    .optional(),
  /** Sent one after the other past all subscriptions. */
  deliveries: z.array(RawDelivery).default([]),
});
type DeliverCommand = z.infer<typeof DeliverCommand>;

/** Does what the command says and waits until no request is under way; resolves with the answers to raw deliveries. */
export async function deliver(
  { events, disturb, deliveries }: DeliverCommand,
  { world, grid }: { world: World; grid: EventGrid },
): Promise<JsonObject> {
  if (disturb) grid.disturb(disturb);
  for (const event of events) grid.publish({ ...event, time: event.time ?? world.clock.now() });
  world.clock.catchUp();
  const answers: Json[] = [];
  for (const delivery of deliveries) answers.push(await sendRaw(delivery));
  await grid.quiet();
  return deliveries.length === 0 ? {} : { answers };
}

/** `status` is 408 when the receiver took too long and 0 when it could not be reached. */
async function sendRaw(delivery: RawDelivery): Promise<Json> {
  const { target, path, method, headers } = delivery;
  const url = path === undefined ? target : `${target.replace(/\/+$/, '')}${path}`;
  const body = bodyOf(delivery);
  const request = { method, url, headers, ...(body !== undefined && { body }) };
  const answer = await send(request, new AbortController().signal);
  return {
    status: answer.status,
    headers: Object.fromEntries(answer.headers),
    body: answer.body,
  };
}

function bodyOf({
  body,
  bodyText,
  bodyBase64,
}: RawDelivery): string | Uint8Array<ArrayBuffer> | undefined {
  if (bodyBase64 !== undefined) return Uint8Array.from(Buffer.from(bodyBase64, 'base64'));
  return bodyText ?? (body === undefined ? undefined : JSON.stringify(body));
}

/** What queues, hubs and containers of dead letters hold; `resourceId` and `name` narrow it. */
export function keptEvents(grid: EventGrid, query: URLSearchParams): Json {
  const resourceId = query.get('resourceId');
  const name = query.get('name') ?? '';
  return grid.kept.flatMap(({ id, kept }) => {
    if (!kept?.place.name.startsWith(name)) return [];
    if (resourceId !== null && !sameId(kept.place.resourceId, resourceId)) return [];
    return [{ id, ...kept.place, at: new Date(kept.at).toISOString(), body: kept.body }];
  });
}
