import type { Json } from '../../../domain/migration/snapshot';
import {
  azureIdentity,
  binding,
  clientId,
  clientIdOf,
  clusterOf,
  maker,
  managedIdentity,
  object,
  otherClientId,
  planOf,
  workloadOf,
} from './support/a-world';
import type { World } from './support/a-world';

const annotation = 'azure.workload.identity/client-id';
const account = (name: string, client?: string): Json =>
  object('v1 ServiceAccount', name, {
    metadata: client === undefined ? {} : { annotations: { [annotation]: client } },
  });
const on = (name: string, selector: string, world: World = {}): Json =>
  maker('Deployment', name, { ...world, labels: { aadpodidbinding: selector } });

/** Two more identities behind selectors of their own. */
function shared(world: World, ...objects: readonly Json[]): World {
  const names = ['other', 'third'];
  return {
    ...world,
    fleet: { identities: ['app', ...names].map((name) => managedIdentity(name)) },
    objects: [...names.flatMap((name) => [azureIdentity(name), binding(name, name)]), ...objects],
  };
}

function accountsOf(world: World) {
  return clusterOf(planOf(world)).serviceAccounts.map(
    ({ name, action, clientId: client }) => `${name} ${action} ${client}`,
  );
}

function accountOfEach(world: World) {
  return Object.fromEntries(
    clusterOf(planOf(world)).workloads.map(({ name, serviceAccount }) => [name, serviceAccount]),
  );
}

describe('the accounts of a migration', () => {
  it('leave an account to the identity that most workloads use', () => {
    const world = shared({}, on('b', 'other'), on('c', 'other'), on('d', 'third'));

    expect(accountOfEach(world)).toEqual({
      app: 'app-app-id',
      b: 'app',
      c: 'app',
      d: 'app-third-id',
    });
    expect(accountsOf(world)).toEqual([
      `app annotate ${otherClientId}`,
      `app-app-id create ${clientId}`,
      `app-third-id create ${clientIdOf('third')}`,
    ]);
    expect(workloadOf(planOf(world), 'b').codes).toEqual([]);
    expect(workloadOf(planOf(world), 'd')).toMatchObject({
      status: 'needs-approval',
      codes: ['SA_SHARED_BY_IDENTITIES'],
      templatePatch: { serviceAccountName: 'app-third-id' },
    });
  });

  it('leave it to the lower client id of two that are used as much', () => {
    const lower = clientId < otherClientId ? 'app' : 'b';

    expect(accountOfEach(shared({}, on('b', 'other')))[lower]).toBe('app');
  });

  it('leave it to whom it acts for already, however few they are', () => {
    const world = shared(
      {
        account: {
          metadata: { namespace: 'shop', annotations: { [annotation]: clientId.toUpperCase() } },
        },
      },
      on('b', 'other'),
      on('c', 'other'),
    );

    expect(accountOfEach(world)).toEqual({ app: 'app', b: 'app-other-id', c: 'app-other-id' });
    expect(accountsOf(world)[0]).toBe(`app none ${clientId}`);
  });

  it('leave it to nobody when it acts for a stranger', () => {
    const world = shared(
      { account: { metadata: { namespace: 'shop', annotations: { [annotation]: 'stranger' } } } },
      on('b', 'other'),
    );

    expect(accountOfEach(world)).toEqual({ app: 'app-app-id', b: 'app-other-id' });
    expect(accountsOf(world).some((one) => one.startsWith('app '))).toBe(false);
  });

  it('are one for each identity of a namespace, not of a workload', () => {
    const world: World = {
      accountName: 'default',
      objects: [on('b', 'app-id', { accountName: 'default' })],
    };

    expect(accountsOf(world)).toEqual([`wi-app-id create ${clientId}`]);
    expect(accountOfEach(world)).toEqual({ app: 'wi-app-id', b: 'wi-app-id' });
  });

  it('are used again where they act for the identity', () => {
    const world: World = { accountName: 'default', objects: [account('wi-app-id', clientId)] };

    expect(accountsOf(world)).toEqual([`wi-app-id none ${clientId}`]);
    expect(clusterOf(planOf(world)).serviceAccounts[0]).not.toHaveProperty('copyFrom');
  });

  it.each([
    ['is somebody else', [account('wi-app-id', 'x')], 'wi-app-id-2'],
    ['is nobody yet', [account('wi-app-id')], 'wi-app-id-2'],
    ['and the next are taken', [account('wi-app-id'), account('wi-app-id-2', 'x')], 'wi-app-id-3'],
    [
      'and the next is ours',
      [account('wi-app-id'), account('wi-app-id-2', clientId)],
      'wi-app-id-2',
    ],
  ])('get another name where the account of that name %s', (_case, objects, name) => {
    expect(workloadOf(planOf({ accountName: 'default', objects })).serviceAccount).toBe(name);
  });

  it('get different names for different identities of one name', () => {
    const twin = { ...azureIdentity('other'), metadata: { name: 'app-id', namespace: 'far' } };
    const bound = { ...binding('app', 'far', { namespace: 'far' }) };
    const nmiSet = object('apps/v1 DaemonSet', 'nmi', {
      spec: { template: { spec: { containers: [{ image: 'x/aad-pod-identity/nmi:1' }] } } },
    });
    const world: World = {
      accountName: 'default',
      properties: { podIdentityProfile: null },
      fleet: { identities: [managedIdentity('app'), managedIdentity('other')] },
      objects: [nmiSet, twin, bound, on('b', 'far', { accountName: 'default' })],
    };

    expect(new Set(Object.values(accountOfEach(world)))).toEqual(
      new Set(['wi-app-id', 'wi-app-id-2']),
    );
  });

  it('stay within what a name may be', () => {
    const long = 'a'.repeat(252);
    const identity = { ...azureIdentity('app'), metadata: { name: long, namespace: 'shop' } };
    const bound = object('aadpodidentity.k8s.io/v1 AzureIdentityBinding', 'long', {
      spec: { azureIdentity: long, selector: 'long' },
    });
    const world: World = {
      objects: [identity, bound, on('b', 'long', { accountName: 'default' })],
    };
    const name = workloadOf(planOf(world), 'b').serviceAccount ?? '';

    expect(name).toHaveLength(253);
    expect(name.startsWith('wi-aaa')).toBe(true);
  });

  it('are made where a workload names one that is not there', () => {
    const [, made] = clusterOf(
      planOf({ objects: [on('b', 'app-id', { accountName: 'lost' })] }),
    ).serviceAccounts;

    expect(made).toEqual({ namespace: 'shop', name: 'lost', action: 'create', clientId });
  });

  it('are left alone where a workload is blocked or acts as nobody', () => {
    expect(accountsOf({ identity: null })).toEqual([]);
    expect(accountsOf({ second: true })).toEqual([]);
  });
});
