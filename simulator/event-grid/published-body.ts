import { z } from 'zod';

import type { JsonObject } from '../json';
import type { NewEvent } from './grid-event';

const time = z.string().refine((text) => !Number.isNaN(Date.parse(text)), 'is not a time');
const required = z.string().min(1);

const EventGridEvent = z.object({
  id: required,
  subject: required,
  eventType: required,
  eventTime: time,
  data: z.json().optional(),
  dataVersion: z.string().optional(),
});

const CloudEvent = z.looseObject({
  specversion: z.literal('1.0'),
  id: required,
  source: required,
  type: required,
  subject: z.string().optional(),
  time: time.optional(),
  data: z.json().optional(),
});

const known = new Set(['specversion', 'id', 'source', 'type', 'subject', 'time', 'data']);

/** What somebody sends to a custom topic. */
export interface PublishedBody {
  readonly schema: string;
  readonly contentType: string;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: string;
  readonly topic: string;
  readonly now: number;
}

/** The events in a request. @throws Error for what is none in the schema of the topic. */
export function eventsIn(request: PublishedBody): readonly NewEvent[] {
  return request.schema === 'CloudEventSchemaV1_0' ? cloudEvents(request) : gridEvents(request);
}

function gridEvents({ body, topic }: PublishedBody): readonly NewEvent[] {
  return z
    .array(EventGridEvent)
    .parse(JSON.parse(body))
    .map(({ id, subject, eventType, eventTime, data, dataVersion = '' }) => ({
      id,
      type: eventType,
      topic,
      subject,
      time: Date.parse(eventTime),
      data: data ?? null,
      dataVersion,
    }));
}

/** Structured, as a batch, or binary: then the attributes are `ce-` headers and the body is the data. */
function cloudEvents(request: PublishedBody): readonly NewEvent[] {
  const { contentType, body } = request;
  const isBatch = contentType.startsWith('application/cloudevents-batch+json');
  if (isBatch) {
    return z
      .array(CloudEvent)
      .parse(JSON.parse(body))
      .map((event) => fromCloudEvent(event, request));
  }
  const isStructured = contentType.startsWith('application/cloudevents+json');
  const event: unknown = isStructured ? JSON.parse(body) : binaryEvent(request);
  return [fromCloudEvent(CloudEvent.parse(event), request)];
}

function binaryEvent({ headers, contentType, body }: PublishedBody): JsonObject {
  const attributes = Object.entries(headers)
    .filter(([name]) => name.startsWith('ce-'))
    .map(([name, value]) => [name.slice(3), value] as const);
  const data = contentType.includes('json') ? (JSON.parse(body) as JsonObject) : body;
  return { ...Object.fromEntries(attributes), datacontenttype: contentType, data };
}

/** Subscribers see the source that the publisher gave. */
function fromCloudEvent(
  event: z.infer<typeof CloudEvent>,
  { topic, now }: PublishedBody,
): NewEvent {
  const others = Object.entries(event).filter(([name]) => !known.has(name));
  return {
    id: event.id,
    type: event.type,
    topic,
    subject: event.subject ?? '',
    time: event.time === undefined ? now : Date.parse(event.time),
    data: event.data ?? null,
    extensions: { ...(Object.fromEntries(others) as JsonObject), source: event.source },
  };
}
