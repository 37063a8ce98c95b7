import { sameArmId } from '../ids';
import type { Failure } from '../outcome';
import type { PodIdentityChange } from './change';
import type { EntryIdentity, PodIdentityEdit } from './edits';

interface Requested {
  readonly edits: readonly PodIdentityEdit[];
  /** Why some of it cannot be asked of Azure. */
  readonly reasons: readonly Omit<Failure, 'target'>[];
}

/**
 * A request in the words of edits; an identity that does not exist is a reason not to begin.
 *
 * @param identities that exist, of those that the request names.
 */
export function requestedEdits(
  change: PodIdentityChange,
  identities: readonly EntryIdentity[],
): Requested {
  switch (change.kind) {
    case 'disable':
      return plainly([]);
    case 'add':
      return additions(change, identities);
    case 'update':
      return plainly(change.identities.map((one) => ({ edit: 'updateIdentity', ...one })));
    case 'delete':
      return plainly(change.identities.map((one) => ({ edit: 'removeIdentity', ...one })));
    case 'updateException':
      return plainly(change.exceptions.map((one) => ({ edit: 'updateException', ...one })));
    case 'deleteException':
      return plainly(change.exceptions.map((one) => ({ edit: 'removeException', ...one })));
    case 'enable':
    case 'addException':
      return plainly(change.exceptions.map((one) => ({ edit: 'addException', ...one })));
  }
}

function plainly(edits: readonly PodIdentityEdit[]): Requested {
  return { edits, reasons: [] };
}

function additions(
  { identities: wanted }: Extract<PodIdentityChange, { kind: 'add' }>,
  known: readonly EntryIdentity[],
): Requested {
  const edits: PodIdentityEdit[] = [];
  const reasons: Requested['reasons'][number][] = [];
  for (const { name, namespace, selector, identityId } of wanted) {
    const identity = known.find(({ resourceId }) => sameArmId(resourceId, identityId));
    if (identity) {
      const entry = { name, namespace, ...(selector !== undefined && { selector }) };
      edits.push({ edit: 'addIdentity', ...entry, identity });
    } else {
      reasons.push({
        code: 'NotFound',
        message: `There is no identity ${identityId}, or Steward may not read it.`,
        next: 'Create the identity, or name another one.',
      });
    }
  }
  return { edits, reasons };
}
