import type { Json } from '../../../domain/migration/snapshot';
import {
  armCluster,
  clientId,
  clusterId,
  clusterOf,
  identityId,
  kubeletId,
  maker,
  migratedWorld,
  nmi,
  nodeGroup,
  object,
  open,
  planOf,
  subscription,
} from './support/a-world';
import type { World } from './support/a-world';
import { secretClass } from './support/twins-of-clusters';

const group = `/subscriptions/${subscription}/resourceGroups/rg-ids`;
const standard: World = { properties: open, objects: [nmi()] };
const cleanupOf = (world: World) => clusterOf(planOf(world)).cleanup;
describe('a pod identity', () => {
  const dead = identityId('dead');
  const goingOf = (world: World) => cleanupOf(world).podIdentities[0];
  const monitored = (labels: Json) => [
    object('aadpodidentity.k8s.io/v1 AzurePodIdentityException', 'mon', {
      spec: { podLabels: { component: 'MON', other: 'x' } },
    }),
    maker('DaemonSet', 'mon', {
      labels: { aadpodidbinding: '', ...labels },
      container: { args: [`--client=${clientId.toUpperCase()}`] },
    }),
  ];

  it.each<[string, World, readonly string[]]>([
    ['while a workload is not migrated', {}, ['Deployment/shop/app']],
    ['when all are', migratedWorld, []],
    ['while one is half migrated', { ...migratedWorld, credentials: [] }, ['Deployment/shop/app']],
    [
      'while pods of the host network use it',
      {
        ...migratedWorld,
        objects: [
          maker('DaemonSet', 'agent', {
            labels: { aadpodidbinding: '' },
            pod: { hostNetwork: true },
            container: { env: [{ name: 'X', value: identityId('APP') }] },
          }),
        ],
      },
      ['DaemonSet/shop/agent'],
    ],
    [
      'though pods of the host network use another',
      {
        ...migratedWorld,
        objects: [
          maker('DaemonSet', 'agent', {
            labels: { aadpodidbinding: '' },
            pod: { hostNetwork: true },
            container: { command: ['x'] },
          }),
        ],
      },
      [],
    ],
    [
      'though others name it',
      {
        ...migratedWorld,
        objects: [
          maker('Deployment', 'b', {
            labels: { aadpodidbinding: '' },
            container: { args: [clientId] },
          }),
        ],
      },
      [],
    ],
    [
      'while excepted pods use it',
      { ...migratedWorld, objects: monitored({ component: 'mon' }) },
      ['DaemonSet/shop/mon'],
    ],
    [
      'though the exception is of another namespace',
      {
        ...migratedWorld,
        objects: monitored({ component: 'mon' }).map((one) =>
          one['kind'] === 'DaemonSet'
            ? one
            : { ...one, metadata: { name: 'mon', namespace: 'far' } },
        ),
      },
      [],
    ],
    [
      'though the exception is of others',
      { ...migratedWorld, objects: monitored({ component: 'monitor' }) },
      [],
    ],
    [
      'while secrets are read as the nodes',
      {
        ...migratedWorld,
        objects: [secretClass({ useVMManagedIdentity: 'true', userAssignedIdentityID: clientId })],
      },
      ['SecretProviderClass/shop/vault'],
    ],
    [
      'though secrets are read as another',
      {
        ...migratedWorld,
        objects: [secretClass({ useVMManagedIdentity: 'true', userAssignedIdentityID: 'x' })],
      },
      [],
    ],
    [
      'while migrated pods read secrets by it',
      {
        ...migratedWorld,
        pod: {
          volumes: [
            {
              csi: {
                driver: 'secrets-store.csi.k8s.io',
                volumeAttributes: { secretProviderClass: 'vault' },
              },
            },
          ],
        },
        objects: [secretClass({ usePodIdentity: 'true' })],
      },
      ['SecretProviderClass/shop/vault'],
    ],
    [
      'though migrated pods of the host network have used it',
      { ...migratedWorld, pod: { hostNetwork: true }, container: { args: [clientId] } },
      [],
    ],
  ])('may go: %s', (_case, world, blockedBy) => {
    const removable = blockedBy.length === 0 ? 'after-soak' : 'no';

    expect(goingOf(world)).toEqual({ namespace: 'shop', name: 'app-id', removable, blockedBy });
    expect(
      goingOf({ ...world, properties: open, objects: [nmi(), ...(world.objects ?? [])] }),
    ).toMatchObject({ removable, blockedBy });
  });

  it('goes at once when its managed identity is gone', () => {
    const entry = { name: 'dead-id', namespace: 'shop', identity: { resourceId: dead } };
    const podIdentityProfile = { enabled: true, userAssignedIdentities: [entry] };
    const plan = planOf({ properties: { podIdentityProfile } });

    expect(clusterOf(plan)).toMatchObject({
      status: 'needs-approval',
      deadPodIdentities: ['shop/dead-id'],
      steps: ['removeDeadPodIdentities'],
      cleanup: { podIdentities: [{ name: 'dead-id', removable: 'now', blockedBy: [] }] },
    });
  });
});

describe('what else goes', () => {
  const vmss = [
    {
      id: `${nodeGroup.toUpperCase()}/providers/Microsoft.Compute/virtualMachineScaleSets/pool`,
      name: 'pool',
      identity: {
        userAssignedIdentities: {
          [kubeletId]: {},
          [identityId('app').toLowerCase()]: {},
          [identityId('policy')]: {},
        },
      },
    },
    {
      id: `${group}/providers/Microsoft.Compute/virtualMachineScaleSets/mine`,
      identity: { userAssignedIdentities: { [identityId('app')]: {} } },
    },
  ];
  const fleet = { vmss };
  const managed = nmi({}, ['--operation-mode=managed']);

  it.each<[string, World, object]>([
    ['MIC', { ...standard, fleet }, { app: 'mic-removes', kubelet: 'keep', policy: 'keep' }],
    [
      'a person',
      { ...standard, objects: [managed], fleet },
      { app: 'propose', kubelet: 'keep', policy: 'keep' },
    ],
    ['nobody but AKS', { fleet }, {}],
  ])('are identities on the nodes, taken off by %s', (_who, world, expected) => {
    const { vmssIdentities } = cleanupOf(world);

    expect(
      Object.fromEntries(vmssIdentities.map(({ identity, action }) => [identity, action])),
    ).toEqual(expected);
  });

  it('are exceptions, but for the one that AKS makes', () => {
    const exception = (name: string, namespace: string) =>
      object('aadpodidentity.k8s.io/v1 AzurePodIdentityException', name, {
        metadata: { namespace },
      });
    const objects = [
      nmi(),
      exception('aks-addon-exception', 'kube-system'),
      exception('b', 'shop'),
      exception('a', 'shop'),
    ];

    expect(cleanupOf({ properties: open, objects }).exceptions).toEqual(['shop/a', 'shop/b']);
    expect(cleanupOf({ objects }).exceptions).toEqual([]);
  });

  it.each<[string, World, readonly string[]]>([
    [
      'managed by hand',
      { properties: open, objects: [managed] },
      [
        'deleteBindings',
        'removeVmssIdentities',
        'uninstallNmi',
        'verifyImds',
        'removeCrds',
        'removeRoleAssignments',
      ],
    ],
    [
      'only left over',
      { properties: open },
      [
        'deleteBindings',
        'removeVmssIdentities',
        'verifyImds',
        'removeCrds',
        'removeRoleAssignments',
      ],
    ],
  ])('goes in an order: %s', (_mode, world, steps) => {
    expect(cleanupOf(world).steps).toEqual(steps);
  });

  it.each<[string, World, boolean]>([
    ['all clusters that need it are migrated', {}, true],
    [
      'it is not registered',
      { fleet: { subscriptions: [{ subscriptionId: subscription, features: {} }] } },
      false,
    ],
    [
      'a cluster outside the run needs it',
      {
        fleet: {
          clusters: [
            armCluster(),
            { ...armCluster(), id: clusterId.replace(/aks$/, 'b').toUpperCase() },
          ],
        },
      },
      false,
    ],
    [
      'another subscription needs it',
      {
        fleet: {
          clusters: [
            armCluster(),
            {
              ...armCluster(),
              id: clusterId.replace(subscription, subscription.replace('1', '2')),
            },
          ],
        },
      },
      true,
    ],
    [
      'a cluster outside the run has it off',
      {
        fleet: {
          clusters: [
            armCluster(),
            { ...armCluster({ properties: open }), id: clusterId.replace(/aks$/, 'b') },
          ],
        },
      },
      true,
    ],
  ])('is the feature flag: %s', (_case, world, expected) => {
    expect(planOf(world).featureUnregister).toEqual({ [subscription]: expected });
  });
});
