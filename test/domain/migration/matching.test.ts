import { MigrationOptions } from '../../../domain/migration/options';
import { planMigration } from '../../../domain/migration/plan';
import type { Json } from '../../../domain/migration/snapshot';
import {
  azureIdentity,
  binding,
  clusterId,
  clusterOf,
  identityId,
  maker,
  managedIdentity,
  nmi,
  object,
  open,
  planOf,
  snapshotOf,
  workloadOf,
} from './support/a-world';
import type { World } from './support/a-world';

const identities = [managedIdentity('app'), managedIdentity('other')];
const elsewhere = { namespace: 'platform' };

/** An open-source installation with bindings of its own beside the usual one. */
function standard(
  objects: readonly Json[],
  world: World = {},
  args: readonly string[] = [],
): World {
  return {
    ...world,
    properties: open,
    fleet: { identities },
    objects: [nmi({}, args), ...objects],
  };
}

function identitiesOf(world: World, name = 'app') {
  return workloadOf(planOf(world), name).identities;
}

describe('how pod identity is installed', () => {
  const mic = (args: readonly string[], env: readonly Json[] = []) =>
    object('apps/v1 Deployment', 'mic', {
      spec: {
        template: {
          spec: {
            containers: [{ image: 'mirror.example/aad-pod-identity/mic:v1.8.17', args, env }],
          },
        },
      },
    });

  it.each<[string, World, string, boolean]>([
    ['by the add-on', {}, 'addon', true],
    ['by the add-on, whatever else there is', { objects: [nmi()] }, 'addon', true],
    ['by hand', standard([]), 'oss-standard', false],
    [
      'by hand, from a mirror',
      { properties: open, objects: [nmi({}, [], 'mirror.example:5000/x/aad-pod-identity/nmi:v1')] },
      'oss-standard',
      false,
    ],
    [
      'by hand, managed',
      standard([], {}, ['--operation-mode=managed', '--forceNamespaced']),
      'oss-managed',
      true,
    ],
    [
      'by hand, managed, in two words',
      standard([], {}, ['--operation-mode', 'managed']),
      'oss-managed',
      true,
    ],
    ['by hand, namespaced', standard([], {}, ['--forceNamespaced']), 'oss-standard', true],
    [
      'by hand, namespaced by MIC',
      standard([mic(['--forceNamespaced=true'])]),
      'oss-standard',
      true,
    ],
    [
      'by hand, namespaced by a variable',
      standard([mic([], [{ name: 'FORCENAMESPACED', value: 'true' }])]),
      'oss-standard',
      true,
    ],
    [
      'by hand, expressly not namespaced',
      standard([], {}, ['--forceNamespaced=false']),
      'oss-standard',
      false,
    ],
    ['no more, but for its objects', { properties: open }, 'residue', false],
    [
      'no more, though AKS has left its NMI',
      { properties: open, objects: [nmi({ 'kubernetes.azure.com/managedby': 'aks' })] },
      'residue',
      false,
    ],
  ])('is known: %s', (_how, world, ...[installMode, namespaced]) => {
    expect(clusterOf(planOf(world))).toMatchObject({ installMode, namespaced });
  });

  it('asks nothing of a cluster without pod identity', () => {
    const properties = { ...open, oidcIssuerProfile: { enabled: false }, securityProfile: {} };
    const { fleet } = snapshotOf({ properties });
    const kubernetes = { [clusterId]: { serverVersion: 'v1.33.2', objects: [] } };
    const plan = planMigration({ fleet, kubernetes }, MigrationOptions.parse({}));

    expect(clusterOf(plan)).toMatchObject({
      installMode: 'none',
      codes: [],
      steps: [],
      cleanup: { steps: [] },
    });
    expect(clusterOf(planOf({ properties }))).toMatchObject({
      installMode: 'residue',
      codes: ['OIDC_IRREVERSIBLE'],
    });
  });
});

describe('what pods may use', () => {
  it('is in their own namespace with the add-on', () => {
    const objects = [azureIdentity('other', {}, elsewhere), binding('other', 'app-id', elsewhere)];

    expect(identitiesOf({ objects })).toEqual(['shop/app-id']);
    expect(identitiesOf(standard(objects))).toEqual(['platform/other-id', 'shop/app-id']);
    expect(identitiesOf(standard(objects, {}, ['--forceNamespaced']))).toEqual(['shop/app-id']);
    expect(identitiesOf(standard(objects, {}, ['--operation-mode=managed']))).toEqual([
      'shop/app-id',
    ]);
  });

  it('is not in another namespace where the identity does not want that', () => {
    const behaving = (behavior: string) => ({
      ...elsewhere,
      annotations: { 'aadpodidentity.k8s.io/Behavior': behavior },
    });
    const objects = (behavior: string) => [
      azureIdentity('other', {}, behaving(behavior)),
      binding('other', 'app-id', elsewhere),
    ];

    expect(identitiesOf(standard(objects('namespaced')))).toEqual(['shop/app-id']);
    expect(identitiesOf(standard(objects('Namespaced')))).toEqual([
      'platform/other-id',
      'shop/app-id',
    ]);
  });

  it('is the first of several of one name, for all pods', () => {
    const before = { namespace: 'alpha' };
    const twin = {
      ...azureIdentity('app', { resourceID: identityId('other') }),
      metadata: { name: 'app-id', ...before },
    };
    const objects = [twin, binding('app', 'app-id', before)];
    const plan = planOf(standard(objects));

    expect(workloadOf(plan).identities).toEqual(['alpha/app-id']);
    expect(clusterOf(plan).unusedBindings).toEqual(['shop/app-id-binding']);
  });

  it('is nothing that has no id of a managed identity', () => {
    const malformed = { resourceID: 'id-app' };

    expect(identitiesOf(standard([], { azureIdentity: malformed }))).toEqual([]);
    expect(identitiesOf({ azureIdentity: malformed })).toEqual(['shop/app-id']);
    expect(identitiesOf(standard([], { azureIdentity: { type: 1, ...malformed } }))).toEqual([
      'shop/app-id',
    ]);
  });

  it('is found by old spellings, too', () => {
    const old = object('aadpodidentity.k8s.io/v1 AzureIdentityBinding', 'old', {
      spec: { AzureIdentity: 'other-id', Selector: 'app-id' },
    });
    const identity = object('aadpodidentity.k8s.io/v1 AzureIdentity', 'other-id', {
      spec: { Type: 0, ResourceID: identityId('other'), ClientID: 'x' },
    });

    expect(identitiesOf({ objects: [old, identity], fleet: { identities } })).toEqual([
      'shop/app-id',
      'shop/other-id',
    ]);
  });
});

describe('what is a candidate', () => {
  const owned = (kind: string, name: string, { apiVersion = 'apps/v1', uid = '' } = {}) => ({
    ownerReferences: [{ apiVersion, kind, name, uid, controller: true }],
  });
  const names = (objects: readonly Json[]) =>
    clusterOf(planOf({ objects })).workloads.map(({ kind, name }) => `${kind} ${name}`);

  it('is the root of what makes pods, once', () => {
    const objects = [
      maker('ReplicaSet', 'app-1', { metadata: owned('Deployment', 'app') }),
      maker('ReplicaSet', 'app-2', { metadata: owned('Deployment', 'app') }),
      maker('Pod', 'app-1-x', { metadata: owned('ReplicaSet', 'app-1') }),
      maker('CronJob', 'night', {}),
      maker('Job', 'night-1', { metadata: owned('CronJob', 'night', { apiVersion: 'batch/v1' }) }),
      maker('Pod', 'night-1-x', { metadata: owned('Job', 'night-1', { apiVersion: 'batch/v1' }) }),
    ];

    expect(names(objects)).toEqual(['CronJob night', 'Deployment app']);
  });

  it('is not what only an older template was', () => {
    const objects = [
      maker('Deployment', 'new', { labels: { aadpodidbinding: '' } }),
      maker('ReplicaSet', 'new-1', { metadata: owned('Deployment', 'new'), spec: { replicas: 0 } }),
    ];

    expect(names(objects)).toEqual(['Deployment app']);
  });

  it('is a root of another kind, by the template that is in use', () => {
    const owner = owned('Rollout', 'shop', { apiVersion: 'argoproj.io/v1alpha1' });
    const objects = [
      maker('ReplicaSet', 'shop-z', {
        metadata: { ...owner, creationTimestamp: '2026-01-01T00:00:00Z' },
        spec: { replicas: 0 },
        pod: { hostNetwork: true },
      }),
      maker('ReplicaSet', 'shop-a', {
        metadata: { ...owner, creationTimestamp: '2025-01-01T00:00:00Z' },
      }),
    ];
    const plan = planOf({ objects });

    expect(names(objects)).toEqual(['Deployment app', 'Rollout shop']);
    expect(workloadOf(plan, 'shop')).toMatchObject({
      status: 'manual',
      codes: ['UNSUPPORTED_OWNER'],
    });
  });

  it('is told from one of the same name by its uid', () => {
    const objects = [
      maker('Deployment', 'twice', { metadata: { uid: 'now' }, labels: { aadpodidbinding: '' } }),
      maker('ReplicaSet', 'twice-1', {
        metadata: owned('Deployment', 'twice', { uid: 'before' }),
      }),
    ];

    // What an earlier object left behind goes with it.
    expect(names(objects)).toEqual(['Deployment app']);
  });

  it('is found in lists, and counts as it was read last', () => {
    const { metadata, spec } = maker('Deployment', 'listed');
    const list = { apiVersion: 'apps/v1', kind: 'DeploymentList', items: [{ metadata, spec }] };
    const read = (resourceVersion: string, rest: Json = {}) => ({
      ...maker('Deployment', 'app', { metadata: { resourceVersion } }),
      ...rest,
    });

    expect(names([list])).toEqual(['Deployment app', 'Deployment listed']);
    expect(names([read('10'), read('9', { spec: {} })])).toEqual(['Deployment app']);
    expect(names([read('10', { spec: {} }), read('9')])).toEqual([]);
  });

  it('ends for owners in a circle', () => {
    const objects = [
      maker('ReplicaSet', 'a', { metadata: owned('ReplicaSet', 'b') }),
      maker('ReplicaSet', 'b', { metadata: owned('ReplicaSet', 'a') }),
    ];

    expect(names(objects)).toHaveLength(3);
  });

  it('is never pod identity itself', () => {
    const labels = { aadpodidbinding: 'app-id' };

    expect(names([nmi(labels)])).toEqual(['Deployment app']);
  });
});
