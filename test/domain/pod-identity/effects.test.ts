import type { PodIdentityEdit } from '../../../domain/pod-identity/edits';
import { sideEffects } from '../../../domain/plan/steps';
import { identityId } from '../../support/clusters';

const entry = (name: string): PodIdentityEdit => ({
  ...{ edit: 'addIdentity', name, namespace: 'apps' },
  identity: { resourceId: identityId(name), clientId: 'c', objectId: 'o' },
});

describe('what a plan says of pod identities', () => {
  it('names what is edited, and counts what is too much to name', () => {
    const edits: PodIdentityEdit[] = [
      ...['a', 'b', 'c', 'd', 'e', 'f', 'g'].map(entry),
      { edit: 'removeException', name: 'x', namespace: 'ci' },
    ];

    expect(sideEffects({ kind: 'changePodIdentities', edits }).title).toBe(
      'Change pod identities: add apps/a, apps/b, apps/c, apps/d, apps/e and 2 more; delete the exception ci/x',
    );
  });

  it('warns of tokens that pods lose', () => {
    const edits: PodIdentityEdit[] = [{ edit: 'removeIdentity', name: 'a', namespace: 'apps' }];

    expect(sideEffects({ kind: 'changePodIdentities', edits }).warnings).toHaveLength(1);
    expect(sideEffects({ kind: 'changePodIdentities', edits: [entry('a')] }).warnings).toEqual([]);
  });

  it('counts the entries that go although their identities exist', () => {
    const step = { kind: 'retirePodIdentity', deadEntries: [], liveEntries: ['a/b'] } as const;

    expect(sideEffects(step).title).toBe(
      'Turn the pod-identity add-on off with 1 entry whose identity exists',
    );
  });

  it('warns of addresses that pods can take under kubenet', () => {
    const enabling = { kind: 'enablePodIdentity', until: '2027-03-31', edits: [] } as const;
    const spoofing = expect.stringContaining('address of another one') as string;

    expect(sideEffects({ ...enabling, kubenet: true }).warnings).toContainEqual(spoofing);
    expect(sideEffects({ ...enabling, kubenet: false }).warnings).not.toContainEqual(spoofing);
  });
});
