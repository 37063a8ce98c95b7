import { at, canonical, textAt, withAt } from '../../json';
import type { Json, JsonObject } from '../../json';
import type { KubeAnswer } from '../kube-request';
import { nameOf, said } from '../object-parts';
import type { KubeObject } from '../resource-table';
import { failure } from '../status';
import { changesSpec, keepsGeneration } from './generation';
import { prepareChanged } from './prepare';
import { removeObject } from './remove-object';
import { addressIn, conflict, invalid } from './write-context';
import type { WriteContext, Written } from './write-context';

/** Keeps an object in the place of another. One that waits only for its finalizers is gone when it has none. */
export function changeObject(
  context: WriteContext,
  { before, after }: { readonly before: KubeObject; readonly after: KubeObject },
): Written {
  const refused = mistake(context, before, after);
  if (refused) return { refused };
  const prepared = prepareChanged(context, before, withServerFields(context, before, after));
  if ('refused' in prepared) return prepared;
  const object = counted(context, before, prepared.object);
  if (context.dryRun || canonical(object) === canonical(before)) return { object, status: 200 };
  const { world } = context;
  const address = addressIn(context, nameOf(before));
  if (isGone(object)) {
    removeObject(context, before);
    return { object, status: 200 };
  }
  return { object: world.objects.put(address, object), status: 200 };
}

/** A deleted object is gone when nobody holds it any more: no finalizer, and of a pod no grace period. */
function isGone(object: KubeObject): boolean {
  const { deletionTimestamp, deletionGracePeriodSeconds = 0, finalizers } = object.metadata;
  if (deletionTimestamp === undefined || deletionGracePeriodSeconds !== 0) return false;
  return ![finalizers, at(object, 'spec', 'finalizers')].some(hasAny);
}

function hasAny(list: Json | undefined): boolean {
  return Array.isArray(list) && list.length > 0;
}

/** What no writer decides stays; the status has a path of its own where it is a subresource. */
function withServerFields(
  context: WriteContext,
  before: KubeObject,
  after: KubeObject,
): KubeObject {
  const kept = [
    'uid',
    'creationTimestamp',
    'deletionTimestamp',
    'deletionGracePeriodSeconds',
    'generation',
    'namespace',
    'resourceVersion',
  ].reduce((object, name) => withAt(object, ['metadata', name], before.metadata[name]), after);
  if (context.manager.subresource === 'status') {
    const { managedFields = null } = kept.metadata;
    const own =
      managedFields === null
        ? before
        : withAt(before, ['metadata', 'managedFields'], managedFields);
    return withAt(own, ['status'], after['status']);
  }
  const hasPath = context.resource.subresources.includes('status');
  return hasPath ? withAt(kept, ['status'], before['status']) : kept;
}

function counted(context: WriteContext, before: KubeObject, kept: KubeObject): KubeObject {
  if (!keepsGeneration(context) || !changesSpec(before, kept)) return kept;
  const generation = Number(before.metadata['generation'] ?? 0) + 1;
  return withAt(kept, ['metadata', 'generation'], generation);
}

function mistake(
  context: WriteContext,
  before: KubeObject,
  after: KubeObject,
): KubeAnswer | undefined {
  const name = nameOf(before);
  if (nameOf(after) !== name) {
    const asked = nameOf(after);
    return failure(
      400,
      `the name of the object (${asked}) does not match the name on the URL (${name})`,
    );
  }
  if (after['kind'] !== before['kind'] || after['apiVersion'] !== before['apiVersion']) {
    const message = `Invalid value: "${said(after['kind'])}": field is immutable`;
    return invalid(context, name, [{ reason: 'FieldValueInvalid', field: 'kind', message }]);
  }
  return stale(context, before.metadata, after.metadata);
}

/** A write that names a version or uid holds for that one only. */
function stale(
  context: WriteContext,
  before: JsonObject,
  { resourceVersion = '', uid = '' }: JsonObject,
): KubeAnswer | undefined {
  const name = textAt(before, 'name') ?? '';
  if (resourceVersion !== '' && resourceVersion !== before['resourceVersion']) {
    return conflict(context, name);
  }
  if (uid === '' || uid === before['uid']) return undefined;
  const why = `Precondition failed: UID in precondition: ${said(uid)}, UID in object meta: ${said(before['uid'])}`;
  return conflict(context, name, why);
}
