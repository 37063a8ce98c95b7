import { cutOf } from '../../../domain/migration/cut';
import type { CutQuery } from '../../../domain/migration/cut';
import type { ClusterMigration } from '../../../domain/migration/document';

const clusterId =
  '/subscriptions/sub/resourceGroups/rg/providers/Microsoft.ContainerService/managedClusters/aks';

function identityNamed(name: string): string {
  return `/subscriptions/sub/resourceGroups/ids/providers/Microsoft.ManagedIdentity/userAssignedIdentities/${name}`;
}

/** The one that the plan names, in the node group of a cluster. */
function aScaleSet(group: string) {
  const on = ['i', 'k', 'other'].map((name) => [identityNamed(name), {}]);
  return {
    id: `/subscriptions/sub/resourceGroups/${group}/providers/Microsoft.Compute/virtualMachineScaleSets/v`,
    name: 'v',
    identity: { userAssignedIdentities: Object.fromEntries(on) as object },
  };
}

function aCluster(overrides: object = {}): ClusterMigration {
  return {
    id: clusterId,
    name: 'aks',
    installMode: 'addon',
    workloads: [{ status: 'migrated' }, { status: 'unused' }],
    otherConsumers: [],
    cleanup: {
      podIdentities: [
        { namespace: 'shop', name: 'a', removable: 'after-soak', blockedBy: [] },
        { namespace: 'shop', name: 'b', removable: 'after-soak', blockedBy: [] },
      ],
      roleAssignments: [
        { name: 'owned', action: 'remove', reason: 'OWNED' },
        { name: 'unknown', action: 'propose', reason: 'ORIGIN_UNKNOWN' },
        { name: 'kubelet', action: 'keep', reason: 'KUBELET_IDENTITY' },
      ],
      vmssIdentities: [
        { vmss: 'v', identity: 'i', action: 'propose' },
        { vmss: 'v', identity: 'k', action: 'keep' },
      ],
    },
    ...overrides,
  } as unknown as ClusterMigration;
}

function aQuery(overrides: Partial<CutQuery> = {}): CutQuery {
  const assignment = (name: string) => ({
    id: `/ra/${name}`,
    name,
    properties: { principalId: 'p', roleDefinitionId: 'r' },
  });
  return {
    approved: aCluster(),
    now: aCluster(),
    plan: { featureUnregister: { sub: true } },
    fleet: {
      clusters: [{ id: clusterId, properties: { nodeResourceGroup: 'MC_aks' } }],
      roleAssignments: ['owned', 'unknown', 'kubelet'].map(assignment),
      vmss: [aScaleSet('MC_aks'), aScaleSet('MC_other')],
    },
    approvals: [],
    subscriptionId: 'sub',
    unproved: new Set(),
    asked: new Set(),
    ...overrides,
  };
}

const withPodIdentities = (...removable: readonly string[]) => ({
  cleanup: {
    ...aCluster().cleanup,
    podIdentities: removable.map((state, n) => ({
      namespace: 'shop',
      name: ['a', 'b', 'c'][n],
      removable: state,
      blockedBy: [],
    })),
  },
});

describe('what may be taken away in a cluster', () => {
  it('is everything when nobody uses pod identity any more', () => {
    expect(cutOf(aQuery())).toMatchObject({
      podIdentities: ['shop/a', 'shop/b'],
      retire: true,
      grants: [{ id: '/ra/owned' }],
      unregister: true,
      complete: true,
    });
  });

  it('is no pod identity of a workload that has not shown that it can do without', () => {
    const api = { kind: 'Deployment', namespace: 'shop', name: 'api', status: 'migrated' };
    const workloads = [{ ...api, identities: ['shop/a'] }];
    const query = { approved: aCluster({ workloads }), now: aCluster({ workloads }) };
    const unproved = new Set(['Deployment/shop/api']);

    expect(cutOf(aQuery({ ...query, unproved }))).toMatchObject({
      podIdentities: ['shop/b'],
      retire: false,
      complete: false,
    });
    expect(
      cutOf(aQuery({ approved: query.approved, now: aCluster({ workloads: [] }), unproved })),
    ).toMatchObject({ podIdentities: ['shop/a', 'shop/b'], retire: true });
  });

  it('is no pod identity that somebody has asked for', () => {
    expect(cutOf(aQuery({ asked: new Set(['shop/b']) }))).toMatchObject({
      podIdentities: ['shop/a'],
      retire: false,
      complete: false,
    });
  });

  it('is only the pod identities that nobody uses while others are used', () => {
    const now = aCluster(withPodIdentities('no', 'after-soak'));

    expect(cutOf(aQuery({ now }))).toMatchObject({
      podIdentities: ['shop/b'],
      retire: false,
      grants: [],
      unregister: false,
      complete: false,
    });
  });

  it('is never more than was approved', () => {
    const now = aCluster(withPodIdentities('after-soak', 'after-soak', 'after-soak'));

    expect(cutOf(aQuery({ now }))).toMatchObject({
      podIdentities: ['shop/a', 'shop/b'],
      retire: false,
    });
  });

  it.each([
    ['a workload that is not migrated', { workloads: [{ status: 'needs-input' }] }],
    ['a consumer without the label', { otherConsumers: [{ kind: 'SecretProviderClass' }] }],
  ])('is not the installation while there is %s', (_what, left) => {
    expect(cutOf(aQuery({ now: aCluster(left) })).retire).toBe(false);
  });

  it('is a right of unknown origin only when somebody has agreed to it', () => {
    const agreed = (object?: string) =>
      cutOf(
        aQuery({
          approvals: [{ code: 'ORIGIN_UNKNOWN', ...(object !== undefined && { object }) }],
        }),
      );

    expect(agreed().grants.map(({ id }) => id)).toEqual(['/ra/owned', '/ra/unknown']);
    expect(agreed('unknown').grants).toHaveLength(2);
    expect(agreed('another').grants).toHaveLength(1);
  });

  it('is no right whose reason has changed since', () => {
    const now = aCluster();
    const roleAssignments = now.cleanup.roleAssignments.map((one) =>
      one.name === 'owned' ? { ...one, reason: 'USED_BY_OTHER_CLUSTER', action: 'keep' } : one,
    );
    const changed = { ...now, cleanup: { ...now.cleanup, roleAssignments } } as ClusterMigration;

    expect(cutOf(aQuery({ now: changed })).grants).toEqual([]);
  });

  it('is an identity on a scale set only when somebody has agreed to it', () => {
    expect(cutOf(aQuery()).scaleSets).toEqual([]);
    expect(cutOf(aQuery({ approvals: [{ code: 'SCALE_SET_IDENTITY' }] })).scaleSets).toEqual([
      { id: aScaleSet('MC_aks').id, identityIds: [identityNamed('i')] },
    ]);
  });

  it('is nothing where nothing is installed', () => {
    const now = aCluster({ installMode: 'none', ...withPodIdentities() });

    expect(cutOf(aQuery({ now }))).toMatchObject({ retire: false, complete: true, grants: [] });
  });
});
