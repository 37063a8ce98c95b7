import { aCluster, aPolicy, kubelet, registry } from '../../support/clusters';
import { clusterFixture, snapshotOf } from '../../support/fixtures';
import { planOnboarding } from '../../support/planning';

function kindsOf(...args: Parameters<typeof planOnboarding>): readonly string[] {
  return planOnboarding(...args).steps.map(({ kind }) => kind);
}

describe('plans of whole clusters', () => {
  it('move a kubenet cluster with its own network off its service principal', () => {
    const { steps, blockers } = planOnboarding(snapshotOf(clusterFixture('s01')), aPolicy());

    expect(blockers).toEqual([]);
    expect(steps).toMatchObject([
      { kind: 'createIdentity' },
      {
        kind: 'assignRoles',
        principal: 'controlPlane',
        roles: [{ id: 'RR-ROUTETABLE' }, { id: 'RR-SUBNET' }],
      },
      { kind: 'enableManagedIdentity', identity: { kind: 'userAssigned' } },
      {
        kind: 'assignRoles',
        principal: 'kubelet',
        roles: [
          {
            id: 'inherited',
            role: 'AcrPull',
            scope: expect.stringMatching(/contosoacr$/) as string,
          },
        ],
      },
      { kind: 'rollNodeImages', pools: [{ name: 'system' }, { name: 'apps' }] },
    ]);
  });

  it('leave a clean cluster alone', () => {
    expect(planOnboarding(snapshotOf(clusterFixture('s02')), aPolicy()).steps).toEqual([]);
  });

  it('finish a cluster that is half migrated', () => {
    const policy = aPolicy({ podIdentity: { keepAlive: true } });

    expect(planOnboarding(snapshotOf(clusterFixture('s07')), policy).steps).toMatchObject([
      { kind: 'rollNodeImages', pools: [{ name: 'apps' }] },
    ]);
  });

  it('know the kubelet identity only by its object id', () => {
    const cluster = aCluster({ kubelet: { ...kubelet, objectId: 'another' } });
    const policy = aPolicy({ roles: { registries: [registry] } });

    expect(kindsOf(cluster, policy)).toEqual(['assignRoles']);
  });
});
