import { at, canonical, textAt, withAt } from '../../json';
import type { JsonObject } from '../../json';
import type { KubeAnswer } from '../kube-request';
import { nameOf, said } from '../object-parts';
import type { KubeObject } from '../resource-table';
import { failure } from '../status';
import { changesSpec, keepsGeneration } from './generation';
import { prepare } from './prepare';
import { addressIn, conflict, invalid } from './write-context';
import type { WriteContext, Written } from './write-context';

/** Keeps an object in the place of another. One that waits only for its finalizers is gone when it has none. */
export function changeObject(
  context: WriteContext,
  { before, after }: { readonly before: KubeObject; readonly after: KubeObject },
): Written {
  const refused = mistake(context, before, after);
  if (refused) return { refused };
  const prepared = prepare(context, { before, after: withServerFields(context, before, after) });
  if ('refused' in prepared) return prepared;
  const { object } = prepared;
  if (context.dryRun || canonical(object) === canonical(before)) return { object, status: 200 };
  const { world } = context;
  const address = addressIn(context, nameOf(before));
  const waits = at(object, 'metadata', 'deletionTimestamp') !== undefined;
  const finalizers = at(object, 'metadata', 'finalizers');
  if (waits && !hasAny(finalizers) && at(object, 'metadata', 'deletionGracePeriodSeconds') === 0) {
    world.objects.delete(address);
    return { object, status: 200 };
  }
  return { object: world.objects.put(address, object), status: 200 };
}

function hasAny(list: unknown): boolean {
  return Array.isArray(list) && list.length > 0;
}

/** What no writer decides stays; the generation follows the spec. */
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
