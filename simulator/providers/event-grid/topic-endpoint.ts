import { partsOf } from '../../arm-id';
import { at, textAt } from '../../json';
import type { ArmResponse } from '../../provider';
import { armError } from '../../provider';
import { isKeyOf, isSignedFor } from './topic-keys';
import type { SigningKey } from '../../entra/signing-key';
import type { Resource } from '../../resource-store';
import type { RawRequest } from '../../wire';
import type { World } from '../../world';
import type { EventGrid } from '../../event-grid/event-grid';
import { eventsIn } from '../../event-grid/published-body';

const largestRequest = 1024 * 1024;
const path = /^\/(?:_eventgrid\/([^/]+)\/)?api\/events(?:\?|$)/;

/**
 * Whether a request goes to the endpoint of a custom topic: by its host name, or, for senders that cannot choose it,
 * by `/_eventgrid/{host}/api/events`.
 */
export function isForTopic({ url, headers }: RawRequest): boolean {
  return hostOf(url, headers) !== undefined;
}

function hostOf(url: string, headers: RawRequest['headers']): string | undefined {
  const found = path.exec(url);
  if (found === null) return undefined;
  const host = found[1] ?? headers['x-forwarded-host'] ?? headers['host'] ?? '';
  return /\.eventgrid\.azure\.net$/i.test(host) ? host.toLowerCase() : undefined;
}

/** Takes the events of a publisher. Either all of a request are taken or none. */
export function publishToTopic(
  request: RawRequest,
  { world, grid, key }: { world: World; grid: EventGrid; key: SigningKey },
): ArmResponse {
  world.clock.catchUp();
  const { url, headers, body, method } = request;
  const host = hostOf(url, headers) ?? '';
  const topic = world.resources
    .ofType('Microsoft.EventGrid/topics')
    .find(({ properties }) => new URL(textAt(properties, 'endpoint') ?? 'http://-').host === host);
  if (topic === undefined) return armError(404, 'NotFound', `There is no topic at ${host}.`);
  if (method !== 'POST') return armError(405, 'MethodNotAllowed', 'Events are sent with POST.');
  if (!isAllowed(request, topic, { world, key })) return unauthorized(topic);
  if (Buffer.byteLength(body) > largestRequest) {
    return armError(413, 'RequestEntityTooLarge', 'A request holds at most 1 MB of events.');
  }
  try {
    const schema = textAt(topic, 'properties', 'inputSchema') ?? '';
    const contentType = headers['content-type'] ?? '';
    const now = world.clock.now();
    const events = eventsIn({ schema, contentType, headers, body, topic: topic.id, now });
    for (const event of events) grid.publish(event);
    return { status: 200 };
  } catch {
    // What is wrong may quote the events, which are not for the log of a publisher.
    return armError(400, 'BadRequest', 'This resource is configured for another schema of events.');
  }
}

function isAllowed(
  { url, headers }: RawRequest,
  topic: Resource,
  { world, key: signing }: { world: World; key: SigningKey },
): boolean {
  const authorization = headers['authorization'] ?? '';
  const [, bearer] = /^Bearer (\S+)$/i.exec(authorization) ?? [];
  if (bearer !== undefined) {
    return world.behaviour.rights === 'open' || signing.hasSigned(bearer);
  }
  if (at(topic, 'properties', 'disableLocalAuth') === true) return false;
  const query = new URL(url, 'http://-').searchParams;
  const key = headers['aeg-sas-key'] ?? query.get('aeg-sas-key') ?? undefined;
  if (key !== undefined) return isKeyOf(key, topic, world);
  const token = headers['aeg-sas-token'] ?? authorization.replace(/^SharedAccessSignature /, '');
  return isSignedFor(token, topic, world);
}

function unauthorized(topic: Resource): ArmResponse {
  const { name } = partsOf(topic.id);
  const message = `The request authorization key or token is not authorized for ${name}. Take a key of the topic and try again.`;
  return armError(401, 'Unauthorized', message);
}
