import { at, isObject, objectAt, textAt, withAt } from '../../json';
import type { JsonObject } from '../../json';
import { nameOf, said } from '../object-parts';
import type { KubeObject } from '../resource-table';
import { isPod } from './pods';
import { removeObject } from './remove-object';
import { timeText } from './times';
import { addressIn, conflict, forbidden } from './write-context';
import type { WriteContext, Written } from './write-context';

const protectedNamespaces = ['default', 'kube-system', 'kube-public'];

/**
 * Deletes an object, or marks it when finalizers or its grace period keep it. `options` are those of the request's body
 * and query. What the object owns is left to the garbage collector.
 */
export function deleteObject(
  context: WriteContext,
  before: KubeObject,
  options: JsonObject,
): Written {
  const name = nameOf(before);
  const refused = refusal(context, before, options);
  if (refused) return { refused };
  const grace = graceOf(context, before, options);
  const marked = markedForDeletion(context, before, { grace, options });
  const stays = grace > 0 || hasFinalizers(marked) || context.resource.name === 'namespaces';
  if (context.dryRun) return { object: marked, status: 200 };
  const { objects } = context.world;
  if (stays) return { object: objects.put(addressIn(context, name), marked), status: 200 };
  removeObject(context, before);
  return { object: before, status: 200 };
}

export function hasFinalizers(object: KubeObject): boolean {
  const found = at(object, 'metadata', 'finalizers');
  return Array.isArray(found) && found.length > 0;
}

function refusal(context: WriteContext, before: KubeObject, options: JsonObject) {
  const name = nameOf(before);
  if (context.resource.name === 'namespaces' && protectedNamespaces.includes(name)) {
    return forbidden(context, name, 'this namespace may not be deleted');
  }
  const wanted = objectAt(options, 'preconditions');
  for (const [member, title] of [
    ['uid', 'UID'],
    ['resourceVersion', 'ResourceVersion'],
  ] as const) {
    const [asked, is] = [wanted[member], before.metadata[member]];
    if (asked === undefined || asked === is) continue;
    const why = `Precondition failed: ${title} in precondition: ${said(asked)}, ${title} in object meta: ${said(is)}`;
    return conflict(context, name, why);
  }
  return undefined;
}

/** Seconds until a pod is gone; a pod that runs nowhere goes at once, and everything that is no pod. */
function graceOf(context: WriteContext, pod: KubeObject, options: JsonObject): number {
  const onNode = isPod(context) && (at(pod, 'spec', 'nodeName') ?? '') !== '';
  if (!onNode || ['Succeeded', 'Failed'].includes(textAt(pod, 'status', 'phase') ?? '')) return 0;
  const asked = options['gracePeriodSeconds'] ?? at(pod, 'spec', 'terminationGracePeriodSeconds');
  const seconds = Number(asked ?? 30);
  const before = at(pod, 'metadata', 'deletionGracePeriodSeconds');
  return before === undefined ? seconds : Math.min(seconds, Number(before));
}

function markedForDeletion(
  { world }: WriteContext,
  before: KubeObject,
  { grace, options }: { grace: number; options: JsonObject },
): KubeObject {
  const time = timeText(world.clock.now() + grace * 1000);
  const again = before.metadata['deletionTimestamp'];
  const metadata: JsonObject = {
    ...before.metadata,
    deletionTimestamp: again ?? time,
    deletionGracePeriodSeconds: grace,
    ...propagation(before, options),
  };
  const marked = { ...before, metadata };
  if (before['kind'] !== 'Namespace') return marked;
  const status = isObject(before['status']) ? before['status'] : {};
  return withAt<KubeObject>(marked, ['status'], { ...status, phase: 'Terminating' });
}

/** Orphaning and foreground deletion are finalizers that the garbage collector takes off. */
function propagation({ metadata }: KubeObject, options: JsonObject): JsonObject {
  const { propagationPolicy: policy, orphanDependents } = options;
  const before = (metadata['finalizers'] ?? []) as readonly string[];
  const wanted =
    policy === 'Orphan' || orphanDependents === true
      ? 'orphan'
      : policy === 'Foreground'
        ? 'foregroundDeletion'
        : undefined;
  if (wanted === undefined || before.includes(wanted)) return {};
  return { finalizers: [...before, wanted] };
}
