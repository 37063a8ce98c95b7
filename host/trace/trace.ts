import type { InstanceTrace, Trace } from '../durable/contract';
import { HostError } from '../host-error';
import { printEntity, printTimeline } from './print-timeline';
import { type Timeline, toTimeline } from './timeline';
import { openTraceSource, type TraceSource } from './trace-source';

export interface TraceRequest {
  /** An instance, or an entity as `@name@key` */
  readonly id: string;
  readonly dataDirectory: string;
  /** Children too, and theirs */
  readonly children: boolean;
  readonly json: boolean;
}

/**
 * The history of an instance as a text, whether its host runs or not.
 * @throws HostError when there is no such instance
 */
export async function trace(request: TraceRequest): Promise<string> {
  const source = openTraceSource(request.dataDirectory);
  try {
    const found = known(await source.read(request.id), request);
    if (found.kind === 'entity') return request.json ? toJson(found) : printEntity(found);
    const timeline = await timelineOf(source, found, request.children);
    return request.json ? toJson(timeline) : printTimeline(timeline, source.now());
  } finally {
    source.close();
  }
}

function known(
  found: Trace,
  { id, dataDirectory }: TraceRequest,
): Exclude<Trace, { readonly kind: 'unknown' }> {
  if (found.kind !== 'unknown') return found;
  const isEntity = id.startsWith('@');
  const what = isEntity ? 'entity' : 'instance';
  const where = isEntity ? 'Write it @name@key.' : 'Its id stands in the answer that started it.';
  const guess = found.closest.length === 0 ? where : `Did you mean ${found.closest.join(' or ')}?`;
  throw new HostError(`There is no ${what} ${id} in ${dataDirectory}. ${guess}`);
}

/** Children that were purged or replaced meanwhile are left out. */
async function timelineOf(
  source: TraceSource,
  found: InstanceTrace,
  withChildren: boolean,
): Promise<Timeline> {
  const timeline = toTimeline(found);
  if (!withChildren) return timeline;
  const children: Timeline[] = [];
  for (const { instanceId } of timeline.entries) {
    const child = instanceId === undefined ? undefined : await source.read(instanceId);
    if (child?.kind === 'instance' && child.instance.parentInstanceId === timeline.instanceId) {
      children.push(await timelineOf(source, child, true));
    }
  }
  return children.length === 0 ? timeline : { ...timeline, children };
}

function toJson(value: unknown): string {
  return `${JSON.stringify(value, undefined, 2)}\n`;
}
