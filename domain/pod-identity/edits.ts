import { sameArmId } from '../ids';
import type { Failure } from '../outcome';
import { mostEntries } from './names';
import { placeOf } from './profile';
import type { WireEntry, WireException, WireProfile } from './profile';

interface Place {
  readonly name: string;
  readonly namespace: string;
}

/** An identity, as its entry names it. */
export interface EntryIdentity {
  readonly resourceId: string;
  readonly clientId: string;
  readonly objectId: string;
}

type Labels = Readonly<Record<string, string>>;

/** One change of the lists of a profile. Repeated, each leaves what the first one left. */
export type PodIdentityEdit =
  | (Place & {
      readonly edit: 'addIdentity';
      readonly selector?: string;
      readonly identity: EntryIdentity;
    })
  | (Place & { readonly edit: 'updateIdentity'; readonly selector: string })
  | (Place & { readonly edit: 'removeIdentity' })
  | (Place & { readonly edit: 'addException' | 'updateException'; readonly podLabels: Labels })
  | (Place & { readonly edit: 'removeException' });

type Reason = Omit<Failure, 'target'>;
type EditOf<K extends PodIdentityEdit['edit']> = Extract<PodIdentityEdit, { edit: K }>;

export interface Edited {
  readonly profile: WireProfile;
  /** Why edits cannot be made; the profile is then without them. */
  readonly refused: readonly Reason[];
}

/**
 * A profile with edits made, in their order. Pure. What a profile has already is no change; members that
 * nobody here knows stay.
 */
export function withEdits(profile: WireProfile, edits: readonly PodIdentityEdit[]): Edited {
  const refused: Reason[] = [];
  let edited = profile;
  for (const edit of edits) {
    const outcome = withEdit(edited, edit);
    if (isReason(outcome)) refused.push(outcome);
    else edited = outcome;
  }
  return { profile: edited, refused: [...refused, ...tooMany(profile, edited)] };
}

/** Whether two profiles say the same, as far as anybody but Azure writes them. */
export function sameLists(a: WireProfile, b: WireProfile): boolean {
  return (
    a.userAssignedIdentities === b.userAssignedIdentities &&
    a.userAssignedIdentityExceptions === b.userAssignedIdentityExceptions
  );
}

function isReason(outcome: WireProfile | Reason): outcome is Reason {
  return !('userAssignedIdentities' in outcome);
}

function withEdit(profile: WireProfile, edit: PodIdentityEdit): WireProfile | Reason {
  switch (edit.edit) {
    case 'addIdentity':
      return withIdentity(profile, edit);
    case 'updateIdentity':
      return withSelector(profile, edit);
    case 'removeIdentity':
      return withoutIdentity(profile, edit);
    case 'addException':
    case 'updateException':
    case 'removeException':
      return isOfAks(edit) ? ofAks : withExceptionEdit(profile, edit);
  }
}

function withExceptionEdit(
  profile: WireProfile,
  edit: EditOf<'addException' | 'updateException' | 'removeException'>,
): WireProfile | Reason {
  const all = profile.userAssignedIdentityExceptions;
  const known = all.find(isAt(edit));
  const to = (exceptions: readonly WireException[]): WireProfile => ({
    ...profile,
    userAssignedIdentityExceptions: exceptions,
  });
  if (edit.edit === 'removeException') {
    return known ? to(all.filter((one) => one !== known)) : profile;
  }
  const { name, namespace, podLabels } = edit;
  if (known && sameLabels(known.podLabels, podLabels)) return profile;
  if (edit.edit === 'addException') {
    if (known) return taken(edit, 'exception');
    return to([...all, { name, namespace, podLabels: { ...podLabels } }]);
  }
  if (!known) return absent(edit, 'exception');
  return to(all.map((one) => (one === known ? { ...one, podLabels: { ...podLabels } } : one)));
}

function withIdentity(profile: WireProfile, edit: EditOf<'addIdentity'>): WireProfile | Reason {
  const { name, namespace, selector, identity } = edit;
  const all = profile.userAssignedIdentities;
  const known = all.find(isAt(edit));
  if (!known) {
    const entry: WireEntry = {
      name,
      namespace,
      ...(selector !== undefined && { bindingSelector: selector }),
      identity: { ...identity },
    };
    return { ...profile, userAssignedIdentities: [...all, entry] };
  }
  if (!sameArmId(known.identity.resourceId, identity.resourceId)) {
    return {
      code: 'Conflict',
      message: `${placeOf(edit)} is there already, for ${known.identity.resourceId}: Azure takes no two identities of one name.`,
      next: 'Choose another name, or delete the pod identity that is there first.',
    };
  }
  const same = selector === undefined || selector === (known.bindingSelector ?? known.name);
  return same ? profile : taken(edit, 'pod identity');
}

function withSelector(profile: WireProfile, edit: EditOf<'updateIdentity'>): WireProfile | Reason {
  const all = profile.userAssignedIdentities;
  const known = all.find(isAt(edit));
  if (!known) return absent(edit, 'pod identity');
  if ((known.bindingSelector ?? known.name) === edit.selector) return profile;
  const changed = all.map((one) =>
    one === known ? { ...one, bindingSelector: edit.selector } : one,
  );
  return { ...profile, userAssignedIdentities: changed };
}

function withoutIdentity(profile: WireProfile, edit: EditOf<'removeIdentity'>): WireProfile {
  const all = profile.userAssignedIdentities;
  const rest = all.filter((one) => !isAt(edit)(one));
  return rest.length === all.length ? profile : { ...profile, userAssignedIdentities: rest };
}

/** AKS makes it with the add-on, keeps it, and takes it along with the add-on. */
export function isOfAks({ name, namespace }: Place): boolean {
  return name === 'aks-addon-exception' && namespace === 'kube-system';
}

const ofAks: Reason = {
  code: 'Conflict',
  message: "kube-system/aks-addon-exception is AKS's own, for the pods of its add-ons.",
  next: 'Leave it as it is; it goes with the add-on.',
};

function isAt({ name, namespace }: Place) {
  return (one: Place): boolean => one.name === name && one.namespace === namespace;
}

function sameLabels(a: Labels, b: Labels): boolean {
  const keys = Object.keys(a);
  return keys.length === Object.keys(b).length && keys.every((key) => a[key] === b[key]);
}

function taken(place: Place, what: string): Reason {
  return {
    code: 'Conflict',
    message: `The ${what} ${placeOf(place)} is there already, and says something else.`,
    next: `Update the ${what} instead of adding it.`,
  };
}

function absent(place: Place, what: string): Reason {
  return {
    code: 'NotFound',
    message: `There is no ${what} ${placeOf(place)}.`,
    next: `Add the ${what} instead of updating it.`,
  };
}

function tooMany(before: WireProfile, after: WireProfile): readonly Reason[] {
  const lists = [
    ['pod identities', before.userAssignedIdentities, after.userAssignedIdentities],
    ['exceptions', before.userAssignedIdentityExceptions, after.userAssignedIdentityExceptions],
  ] as const;
  return lists.flatMap(([what, earlier, list]) =>
    list.length > mostEntries && list.length > earlier.length
      ? [
          {
            code: 'QuotaExceeded' as const,
            message: `The cluster would have ${list.length} ${what}; Azure takes ${mostEntries}.`,
            next: `Delete ${what} that nobody needs first.`,
          },
        ]
      : [],
  );
}
