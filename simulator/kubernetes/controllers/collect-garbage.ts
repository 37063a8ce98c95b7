import { objectsAt, textAt, withAt } from '../../json';
import type { Json } from '../../json';
import type { KubeObject } from '../resource-table';
import type { Inside } from './inside';
import { isDeleting, resourceOf, uidOf } from './objects';
import type { Kind } from './objects';

const kinds = Object.keys(resourceOf) as Kind[];
const made: readonly Kind[] = ['Pod', 'ReplicaSet', 'Job', 'ControllerRevision'];

/** Takes away what has lost all its owners, and ends deletions that wait for what an object owns. */
export function collectGarbage(inside: Inside): void {
  for (const kind of kinds) {
    if (kind === 'Event' || kind === 'Pod') continue;
    for (const object of inside.list(kind))
      if (isDeleting(object)) endDeletion(inside, kind, object);
  }
  const living = new Set(
    kinds.filter((kind) => kind !== 'Event').flatMap((kind) => inside.list(kind).map(uidOf)),
  );
  for (const kind of made) {
    for (const object of inside.list(kind)) {
      if (isOrphan(object, living) && !isDeleting(object)) inside.delete(kind, object);
    }
  }
}

/** Owners of kinds that nothing here keeps are taken to live. */
function isOrphan(object: KubeObject, living: ReadonlySet<string>): boolean {
  const owners = objectsAt(object.metadata, 'ownerReferences');
  if (owners.length === 0) return false;
  return owners.every(
    (owner) =>
      (textAt(owner, 'kind') ?? '') in resourceOf && !living.has(textAt(owner, 'uid') ?? ''),
  );
}

function endDeletion(inside: Inside, kind: Kind, object: KubeObject): void {
  const finalizers = (object.metadata['finalizers'] ?? []) as readonly Json[];
  if (finalizers.includes('orphan')) releaseOwned(inside, object);
  if (finalizers.includes('foregroundDeletion') && deleteOwned(inside, object) > 0) return;
  const done = new Set<Json>(['orphan', 'foregroundDeletion']);
  const left = finalizers.filter((one) => !done.has(one));
  if (left.length === 0) inside.remove(kind, object);
  else if (left.length < finalizers.length) {
    inside.put(kind, withAt(object, ['metadata', 'finalizers'], left));
  }
}

function releaseOwned(inside: Inside, owner: KubeObject): void {
  for (const kind of made) {
    for (const object of inside.owned(kind, owner)) {
      const others = objectsAt(object.metadata, 'ownerReferences').filter(
        ({ uid }) => uid !== uidOf(owner),
      );
      const references = others.length === 0 ? undefined : others;
      inside.put(kind, withAt(object, ['metadata', 'ownerReferences'], references));
    }
  }
}

function deleteOwned(inside: Inside, owner: KubeObject): number {
  let count = 0;
  for (const kind of made) {
    for (const object of inside.owned(kind, owner)) {
      count += 1;
      if (textAt(object.metadata, 'deletionTimestamp') === undefined) inside.delete(kind, object);
    }
  }
  return count;
}
