import { wishedPolicy } from '../../../domain/policy';
import type { Policy } from '../../../domain/policy';
import type { ClusterSnapshot } from '../../../domain/snapshot';
import { aCluster, aPolicy, identityId } from '../../support/clusters';
import { planOnboarding } from '../../support/planning';

const ownKubelet = identityId('id-aks-orders-kubelet');

function outline(snapshot: ClusterSnapshot, policy: Policy): readonly unknown[] {
  return planOnboarding(snapshot, policy).steps.map((step) =>
    step.kind === 'enableManagedIdentity'
      ? [`${step.from} to ${step.identity.kind}`, ...step.roles.map(({ id }) => id)]
      : step.kind,
  );
}

describe('a plan on somebody’s demand', () => {
  const demanded = wishedPolicy(aPolicy(), { controlPlane: 'systemAssigned' });

  it('takes a system-assigned identity for a user-assigned one', () => {
    expect(outline(aCluster(), demanded)).toEqual([
      ['userAssigned to systemAssigned', 'RR-SUBNET'],
    ]);
    expect(outline(aCluster(), aPolicy({ identity: { controlPlane: 'systemAssigned' } }))).toEqual(
      [],
    );
  });

  it.each<readonly [string, Partial<ClusterSnapshot>, RegExp]>([
    [
      'AKS does not support it',
      { links: { ...aCluster().links, privateDnsZone: '/zone' } },
      /custom private DNS zone/,
    ],
    [
      'nodes have an identity of ours',
      { kubelet: { resourceId: ownKubelet, objectId: 'nodes' } },
      /user-assigned control plane/,
    ],
  ])('is refused where %s, also when nothing else is to be done', (_why, overrides, message) => {
    const { blockers } = planOnboarding(aCluster(overrides), demanded);

    expect(blockers).toMatchObject([
      { code: 'Unsupported', message: expect.stringMatching(message) as string },
    ]);
  });

  it('leaves a user-assigned identity of another name', () => {
    const wish = wishedPolicy(aPolicy(), { controlPlane: 'userAssigned' });

    expect(outline(aCluster(), wish)).toEqual([]);
  });
});
