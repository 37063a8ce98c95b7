import { createHash } from 'node:crypto';

import { MigrationOptions } from '../../../domain/migration/options';
import { planMigration } from '../../../domain/migration/plan';
import type { Json, MigrationSnapshot } from '../../../domain/migration/snapshot';
import {
  armCluster,
  clusterId,
  clusterOf,
  credential,
  identityId,
  issuer,
  issuerOf,
  maker,
  managedIdentity,
  otherClientId,
  planOf,
  snapshotOf,
  subject,
  workloadOf,
} from './support/a-world';
import type { World } from './support/a-world';

const second = clusterId.replace(/aks$/, 'aks2');

/** The world in two clusters that share its identity. */
function inTwoClusters(credentials: readonly Json[], both = true): MigrationSnapshot {
  const { fleet, kubernetes } = snapshotOf({ credentials });
  const oidcIssuerProfile = { enabled: true, issuerURL: issuerOf(2) };
  const other = { ...armCluster({ properties: { oidcIssuerProfile } }), id: second, name: 'aks2' };
  return {
    fleet: { ...fleet, clusters: [...fleet.clusters, other] },
    kubernetes: { ...kubernetes, ...(both && { [second]: kubernetes[clusterId] as never }) },
  };
}

const fillers = (count: number) =>
  Array.from({ length: count }, (_, index) =>
    credential(`f-${index}`, { issuer: `https://x.example/${index}` }),
  );
const planFor = (snapshot: MigrationSnapshot) =>
  planMigration(snapshot, MigrationOptions.parse({}));
const identityOf = (world: World) => planOf(world).identities[0];

describe('the credentials of a migration', () => {
  it('trust each account of each cluster, under a name that says whom', () => {
    const { identities } = planFor(inTwoClusters([]));
    const digest = createHash('sha256').update(`${issuer}|${subject}`).digest('hex').slice(0, 12);

    expect(identities).toHaveLength(1);
    expect(identities[0]?.ficsToCreate.map(({ cluster, issuer: from }) => [cluster, from])).toEqual(
      [
        ['aks', issuer],
        ['aks2', issuerOf(2)],
      ],
    );
    expect(identities[0]?.ficsToCreate[0]?.name).toBe(`stw-aks-shop-app-${digest}`);
  });

  it('have a name that Azure takes, however long and odd the account is', () => {
    const accountName = `${'x.'.repeat(100)}y`;
    const [made] = identityOf({ accountName })?.ficsToCreate ?? [];

    expect(made?.name).toMatch(/^[a-zA-Z0-9][a-zA-Z0-9-_]{2,119}$/);
    expect(made?.name).toHaveLength(120);
    expect(made?.subject).toBe(`system:serviceaccount:shop:${accountName}`);
  });

  it('are counted over all clusters of the run', () => {
    const nineteen = planFor(inTwoClusters(fillers(19)));
    const eighteen = planFor(inTwoClusters(fillers(18)));

    expect(nineteen.identities[0]).toMatchObject({ ficDeficit: 1, ficsToCreate: [] });
    expect(nineteen.clusters.map((one) => one.workloads[0]?.codes)).toEqual([
      ['FIC_LIMIT'],
      ['FIC_LIMIT'],
    ]);
    expect(eighteen.identities[0]?.ficsToCreate).toHaveLength(2);
    // The other cluster is not in scope: it needs nothing now.
    expect(planFor(inTwoClusters(fillers(19), false)).identities[0]?.ficsToCreate).toHaveLength(1);
  });

  it('go on where they exist, though there is no room for others', () => {
    const plan = planFor(inTwoClusters([...fillers(19), credential('mine')]));

    expect(plan.identities[0]).toMatchObject({
      ficDeficit: 1,
      ficsReused: ['mine'],
      ficsToCreate: [],
    });
    expect(plan.clusters.map((one) => one.workloads[0]?.status)).toEqual(['ready', 'needs-input']);
  });

  it('are made on an identity with room, though another of the workload has none', () => {
    const plan = planOf({
      second: true,
      credentials: fillers(20),
      options: { defaultIdentity: { 'shop/Deployment/app': 'other-id' } },
    });

    expect(workloadOf(plan)).toMatchObject({
      status: 'needs-input',
      defaultClientId: otherClientId,
    });
    expect(plan.identities.map(({ ficsToCreate }) => ficsToCreate.length)).toEqual([0, 1]);
  });

  it('are shared by workloads of one account', () => {
    expect(identityOf({ objects: [maker('Deployment', 'b')] })?.ficsToCreate).toHaveLength(1);
  });

  it('have no name while there is no issuer', () => {
    for (const oidcIssuerProfile of [{ enabled: false, issuerURL: issuer }, { enabled: true }]) {
      expect(identityOf({ properties: { oidcIssuerProfile } })?.ficsToCreate).toEqual([
        { cluster: 'aks', issuer: null, subject },
      ]);
    }
  });

  it('are corrected where their audience is wrong, not made again', () => {
    const world = { credentials: [credential('mine', { audiences: [] })] };

    expect(identityOf(world)).toMatchObject({
      ficsToUpdate: ['mine'],
      ficsReused: [],
      ficsToCreate: [],
    });
    expect(workloadOf(planOf(world)).status).toBe('needs-approval');
  });

  it('are not those that only look right', () => {
    const credentials = [
      credential('b', { issuer: issuer.replace(/\/$/, '') }),
      credential('a', { subject: subject.replace('app', 'App') }),
      credential('c', { issuer: issuer.replace('westeurope', 'northeurope') }),
    ];

    expect(identityOf({ credentials })).toMatchObject({
      nearMissFics: ['a', 'b'],
      ficsExisting: 3,
    });
    expect(identityOf({ credentials })?.ficsToCreate).toHaveLength(1);
    expect(identityOf({ credentials: [...credentials, credential('right')] })).toMatchObject({
      ficsReused: ['right'],
      nearMissFics: ['a', 'b'],
      ficsToCreate: [],
    });
  });

  it('are called stale when their cluster is gone, and only then', () => {
    const from = (name: string, url: string) => credential(name, { issuer: url });
    const credentials = [
      from('gone', issuerOf(8)),
      from('old-gone', 'https://oidc.prod-aks.azure.com/0/'),
      from('no-slash', issuerOf(2).slice(0, -1)),
      from('other-cluster', issuerOf(2)),
      from('bindings', 'https://ib.oic.prod-aks.azure.com/t/c'),
      from('github', 'https://token.actions.githubusercontent.com'),
      from('lookalike', 'https://evil.example/oidc.prod-aks.azure.com/'),
      from('lookalike-2', 'https://x.oic.prod-aks.azure.com.evil.example/'),
    ];

    expect(planFor(inTwoClusters(credentials, false)).identities[0]?.staleFics).toEqual([
      'gone',
      'old-gone',
    ]);
  });

  it('are planned for applications where that is allowed', () => {
    const world: World = {
      azureIdentity: { type: 1, clientID: 'APP-1', tenantID: 't' },
      options: { allowApplicationFederation: true },
    };

    expect(identityOf(world)).toMatchObject({
      resourceId: 'applications/app-1',
      clientId: 'APP-1',
    });
    expect(planOf({ ...world, options: {} }).identities).toEqual([]);
  });

  it('are on the identity that Azure has, not on what the cluster believes', () => {
    const plan = planOf({
      azureIdentity: { clientID: 'stale', resourceID: identityId('app').toUpperCase() },
    });

    expect(plan.identities[0]).toMatchObject({ resourceId: managedIdentity('app').id });
    expect(workloadOf(plan).defaultClientId).toBe(plan.identities[0]?.clientId);
    expect(clusterOf(plan).serviceAccounts[0]?.clientId).not.toBe('stale');
  });
});
