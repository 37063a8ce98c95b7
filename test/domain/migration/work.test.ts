import type {
  ClusterMigration,
  MigrationPlan,
  WorkloadMigration,
} from '../../../domain/migration/document';
import { missingApprovals, namesOf } from '../../../domain/migration/approvals';
import { workOf } from '../../../domain/migration/work';
import { aWorkload } from '../../support/scripted-migration';

const identityId = '/subscriptions/1/resourceGroups/rg/providers/x/userAssignedIdentities/orders';

function aPlan(workloads: readonly WorkloadMigration[], overrides: Partial<ClusterMigration> = {}) {
  const cluster = {
    id: '/subscriptions/1/clusters/aks',
    name: 'aks',
    status: 'ready',
    codes: [],
    steps: [],
    deadPodIdentities: [],
    workloads,
    serviceAccounts: [
      { namespace: 'shop', name: 'orders', action: 'annotate', clientId: 'client' },
      { namespace: 'shop', name: 'reports', action: 'annotate', clientId: 'client' },
    ],
    ...overrides,
  } as unknown as ClusterMigration;
  const subject = (name: string) => `system:serviceaccount:shop:${name}`;
  const plan = {
    clusters: [cluster],
    identities: [
      {
        resourceId: identityId,
        clientId: 'client',
        ficsToUpdate: ['mend'],
        ficsToCreate: [
          { cluster: 'aks', issuer: null, subject: subject('orders') },
          { cluster: 'aks', issuer: null, subject: subject('reports') },
          { cluster: 'other', issuer: null, subject: subject('orders') },
        ],
      },
    ],
  } as unknown as MigrationPlan;
  const fleet = {
    identities: [
      {
        id: identityId.toUpperCase(),
        properties: { principalId: 'principal', tenantId: 'tenant' },
        federatedIdentityCredentials: [
          { name: 'mend', properties: { subject: subject('mended') } },
        ],
      },
    ],
  };
  return { plan, cluster, fleet };
}

describe('what of a plan may be done in a cluster', () => {
  it('is trusted for the accounts of the workloads that go, and for no others', () => {
    const work = workOf({ ...aPlan([aWorkload('one')]), approvals: [] });

    const credential = {
      identityId,
      clientId: 'client',
      principalId: 'principal',
      tenantId: 'tenant',
      namespace: 'shop',
      account: 'orders',
    };
    expect(work.credentials).toEqual([credential]);
    expect(work.accounts.map(({ name }) => name)).toEqual(['orders']);
    expect(work.proofs).toEqual([credential]);
  });

  it('mends a credential that has another audience', () => {
    const work = workOf({
      ...aPlan([aWorkload('one', { serviceAccount: 'mended', codes: ['FIC_AUDIENCE_MISMATCH'] })]),
      approvals: [{ code: 'FIC_AUDIENCE_MISMATCH' }],
    });

    expect(work.credentials.map(({ account }) => account)).toEqual(['mended']);
  });

  it('proves accounts too whose credentials are there already', () => {
    const { plan, ...rest } = aPlan([aWorkload('one')]);
    const identities = plan.identities.map((one) => ({ ...one, ficsToCreate: [] }));

    const work = workOf({ ...rest, plan: { ...plan, identities }, approvals: [] });

    expect(work.credentials).toEqual([]);
    expect(work.proofs.map(({ account }) => account)).toEqual(['orders']);
  });

  it('waits for every code that a person is to agree to', () => {
    const risky = aWorkload('two', {
      codes: ['ROLLOUT_DOWNTIME', 'MESH_SIDECAR', 'MULTI_IDENTITY'],
    });
    const query = aPlan([risky]);

    const one = workOf({ ...query, approvals: [{ code: 'ROLLOUT_DOWNTIME' }] });
    const both = workOf({
      ...query,
      approvals: [
        { code: 'ROLLOUT_DOWNTIME' },
        { code: 'MESH_SIDECAR', object: 'Deployment/shop/two' },
      ],
    });

    expect(one.workloads).toEqual([]);
    expect(one.held).toEqual([expect.objectContaining({ name: 'two', missing: ['MESH_SIDECAR'] })]);
    expect(both.workloads.map(({ name }) => name)).toEqual(['two']);
  });

  it.each(['needs-input', 'manual', 'blocked', 'unused', 'migrated'] as const)(
    'leaves out what is %s',
    (status) => {
      const delivery = status === 'manual' ? 'manual' : 'none';
      const work = workOf({ ...aPlan([aWorkload('x', { status, delivery })]), approvals: [] });

      expect(work.workloads).toEqual([]);
    },
  );

  it('is nothing while a code of the cluster is not agreed to', () => {
    const query = aPlan([aWorkload('one')], { codes: ['OIDC_IRREVERSIBLE', 'KUBENET_NET_RAW'] });

    const named = (object: string) =>
      workOf({ ...query, approvals: [{ code: 'OIDC_IRREVERSIBLE', object }] }).missing;
    expect(named('other')).toEqual(['OIDC_IRREVERSIBLE']);
    expect(named('aks')).toEqual([]);
    expect(named('/subscriptions/1/clusters/aks')).toEqual([]);
  });
});

describe('an approval', () => {
  const workload = { kind: 'Deployment', namespace: 'shop', name: 'two' };

  it.each([
    [undefined, []],
    ['aks', []],
    ['Deployment/shop/two', []],
    ['aks/Deployment/shop/two', []],
    ['StatefulSet/shop/two', ['MESH_SIDECAR']],
    ['other/Deployment/shop/two', ['MESH_SIDECAR']],
  ])('for %s leaves %j', (object, missing) => {
    const approval = { code: 'MESH_SIDECAR', ...(object !== undefined && { object }) };

    expect(missingApprovals(['MESH_SIDECAR'], namesOf('aks', workload), [approval])).toEqual(
      missing,
    );
  });
});
