import type { PodIdentityEdit } from './edits';
import { placeOf } from './profile';

const unsupported = 'Azure has not supported the pod-identity add-on since September 2025.';
const intercepting =
  'NMI intercepts the metadata requests of all pods of the nodes, also of those without an entry: pods that use the identity of the nodes need an exception.';
const spoofing =
  'Under kubenet a pod that may use NET_RAW can take the address of another one, and with it its identity.';

/** What switching the add-on on does to those around it. */
export function enablingWarnings(kubenet: boolean, exceptions: number): readonly string[] {
  return [
    unsupported,
    intercepting,
    ...(exceptions === 0 ? ['The request names no exceptions.'] : []),
    ...(kubenet ? [spoofing] : []),
  ];
}

const verbs: Readonly<Record<PodIdentityEdit['edit'], string>> = {
  addIdentity: 'add',
  updateIdentity: 'update',
  removeIdentity: 'delete',
  addException: 'add the exception',
  updateException: 'update the exception',
  removeException: 'delete the exception',
};
// More than these would make no title.
const mostNames = 5;

/** What edits do, for the title of a step: `add apps/orders, apps/billing`. */
export function editsLabel(edits: readonly PodIdentityEdit[]): string {
  const byVerb = Map.groupBy(edits, ({ edit }) => verbs[edit]);
  return [...byVerb]
    .map(([verb, list]) => {
      const names = list.slice(0, mostNames).map(placeOf).join(', ');
      const more = list.length - mostNames;
      return `${verb} ${names}${more > 0 ? ` and ${more} more` : ''}`;
    })
    .join('; ');
}

/** What edits do to pods that may be using what they take away. */
export function editWarnings(edits: readonly PodIdentityEdit[]): readonly string[] {
  return edits.some(({ edit }) => edit === 'removeIdentity')
    ? ['Pods with the selector of a deleted pod identity get no more tokens for it.']
    : [];
}
