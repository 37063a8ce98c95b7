import fc from 'fast-check';

import { withEdits } from '../../../domain/pod-identity/edits';
import type { PodIdentityEdit } from '../../../domain/pod-identity/edits';
import { placeOf, profileIn, writable } from '../../../domain/pod-identity/profile';
import type { WireProfile } from '../../../domain/pod-identity/profile';
import { identityId } from '../../support/clusters';

const names = fc.constantFrom('a', 'b', 'c');
const place = { name: names, namespace: fc.constantFrom('x', 'y') };
const identity = fc.constantFrom('one', 'two').map((name) => ({
  ...{ resourceId: identityId(name), clientId: `c-${name}`, objectId: `o-${name}` },
}));
const podLabels = fc.constantFrom<Readonly<Record<string, string>>>(
  { app: 'a' },
  { app: 'b', tier: 'c' },
);
const anEdit: fc.Arbitrary<PodIdentityEdit> = fc.oneof(
  fc.record({ edit: fc.constant('addIdentity' as const), ...place, identity }),
  fc.record({ edit: fc.constant('updateIdentity' as const), ...place, selector: names }),
  fc.record({ edit: fc.constant('removeIdentity' as const), ...place }),
  fc.record({
    edit: fc.constantFrom('addException' as const, 'updateException' as const),
    ...place,
    podLabels,
  }),
  fc.record({ edit: fc.constant('removeException' as const), ...place }),
);
const edits = fc.array(anEdit, { maxLength: 12 });
const empty = profileIn({ properties: { podIdentityProfile: { enabled: true } } });

describe('edits of a profile', () => {
  it('never leave two entries of one place', () => {
    fc.assert(
      fc.property(edits, (list) => {
        const { profile } = withEdits(empty, list);
        for (const entries of [
          profile.userAssignedIdentities,
          profile.userAssignedIdentityExceptions,
        ]) {
          const places = entries.map(placeOf);
          expect(new Set(places).size).toBe(places.length);
        }
      }),
    );
  });

  it('repeated one by one change nothing more', () => {
    fc.assert(
      fc.property(edits, anEdit, (list, last) => {
        const { profile: before } = withEdits(empty, list);
        const once = withEdits(before, [last]);

        const twice = withEdits(once.profile, [last]);

        expect(twice.profile).toBe(once.profile);
        expect(twice.refused).toEqual(once.refused);
      }),
    );
  });

  it('change one place at most, each', () => {
    fc.assert(
      fc.property(edits, anEdit, (list, last) => {
        const { profile: before } = withEdits(empty, list);

        const { profile: after } = withEdits(before, [last]);

        expect(others(after, last)).toEqual(others(before, last));
      }),
    );
  });

  it('refuse or do, never both', () => {
    fc.assert(
      fc.property(edits, anEdit, (list, last) => {
        const { profile: before } = withEdits(empty, list);

        const { profile, refused } = withEdits(before, [last]);

        if (refused.length > 0) expect(profile).toBe(before);
      }),
    );
  });

  it('send no state that only Azure writes, and all that nobody knows', () => {
    const entry = {
      name: 'a',
      namespace: 'x',
      identity: { resourceId: '/i', more: 1 },
      later: true,
    };
    const profile = profileIn({
      properties: {
        podIdentityProfile: {
          enabled: true,
          userAssignedIdentities: [
            { ...entry, provisioningState: 'Failed', provisioningInfo: { error: {} } },
          ],
        },
      },
    });

    expect(writable(profile).userAssignedIdentities).toEqual([entry]);
  });
});

function others(profile: WireProfile, { name, namespace, edit }: PodIdentityEdit): unknown {
  const isOther = (one: { name: string; namespace: string }) =>
    one.name !== name || one.namespace !== namespace;
  const { userAssignedIdentities: identities, userAssignedIdentityExceptions: exceptions } =
    profile;
  return edit.endsWith('Identity')
    ? [identities.filter(isOther), exceptions]
    : [identities, exceptions.filter(isOther)];
}
