import { podIdentityFeature } from '../../../domain/policy';
import type { StepKind } from '../../../domain/plan/steps';
import {
  aCluster,
  aPolicy,
  aPool,
  anAssignment,
  anOldCluster,
  controlPlaneId,
  controlPlanePrincipal,
  identityId,
  newImage,
  nodeSubnet,
  oldImage,
  podIdentityWith,
  registry,
  subscriptionId,
} from '../../support/clusters';
import { planOnboarding } from '../../support/planning';

type Snapshot = Parameters<typeof planOnboarding>[0];

const flag = 'Microsoft.ContainerService/WindowsAnnualPreview';
const registered = { [podIdentityFeature]: { state: 'Registered', usedBy: 1 } };

function kinds(snapshot: Snapshot, policy = aPolicy()): StepKind[] {
  return planOnboarding(snapshot, policy).steps.map(({ kind }) => kind);
}

function blockerCodes(snapshot: Snapshot, policy = aPolicy()): string[] {
  return planOnboarding(snapshot, policy).blockers.map(({ code }) => code);
}

describe('planOnboarding', () => {
  it('has nothing to do for a cluster in order', () => {
    expect(planOnboarding(aCluster(), aPolicy())).toEqual({ steps: [], blockers: [] });
  });

  it('puts everything in the only safe order', () => {
    const gone = podIdentityWith('id-gone');
    const cluster = anOldCluster({
      podIdentity: gone,
      missingIdentities: gone.entries.map(({ identityId: id }) => id),
      features: registered,
    });
    const policy = aPolicy({ features: { required: [flag] }, roles: { registries: [registry] } });

    expect(kinds(cluster, policy)).toEqual([
      'registerFeature',
      'retirePodIdentity',
      'createIdentity',
      'assignRoles',
      'enableManagedIdentity',
      'assignRoles',
      'rollNodeImages',
      'unregisterFeature',
    ]);
  });

  it('assigns the roles of a system-assigned identity after the switch, when it exists', () => {
    const policy = aPolicy({ identity: { controlPlane: 'systemAssigned' } });

    expect(kinds(anOldCluster(), policy)).toEqual(['enableManagedIdentity', 'rollNodeImages']);
    expect(planOnboarding(anOldCluster(), policy).steps[0]).toMatchObject({
      roles: [{ id: 'RR-SUBNET' }],
    });
  });

  it('does not count the roles of an identity that the cluster is not to get', () => {
    const policy = aPolicy({ identity: { controlPlane: 'systemAssigned' } });
    const cluster = anOldCluster({
      targetIdentity: { resourceId: controlPlaneId, principalId: controlPlanePrincipal },
      assignments: [anAssignment('Network Contributor')],
    });

    expect(planOnboarding(cluster, policy).steps[0]).toMatchObject({
      kind: 'enableManagedIdentity',
      roles: [{ id: 'RR-SUBNET' }],
    });
  });

  const { links } = anOldCluster();
  const keyManagement = {
    keyId: 'https://kv.vault.azure.net/keys/k',
    privateVault: false,
    vaultId: '',
  };
  const reserved = aPool('apps', { capacityReservationGroup: '/group' });
  it.each([
    ['a private DNS zone', anOldCluster({ links: { ...links, privateDnsZone: '/zone' } })],
    [
      'a route table',
      anOldCluster({ links: { ...links, kubenet: true }, routeTables: ['/table'] }),
    ],
    ['a key vault', anOldCluster({ links: { ...links, keyManagement } })],
    ['reserved capacity', anOldCluster({ nodePools: [reserved] })],
  ])('takes a user-assigned identity where %s needs one', (_case, cluster) => {
    const policy = aPolicy({ identity: { controlPlane: 'systemAssigned' } });

    const enable = planOnboarding(cluster, policy).steps.find(
      (step) => step.kind === 'enableManagedIdentity',
    );

    expect(enable?.identity).toEqual({
      kind: 'userAssigned',
      resourceId: identityId('id-aks-orders-cp'),
    });
  });

  it('uses the identity that an earlier run has created', () => {
    const cluster = anOldCluster({
      targetIdentity: { resourceId: controlPlaneId, principalId: controlPlanePrincipal },
      assignments: [anAssignment('Network Contributor')],
    });

    expect(kinds(cluster)).toEqual(['enableManagedIdentity', 'rollNodeImages']);
  });

  it('leaves a managed identity what it is, whatever the policy prefers', () => {
    const policy = aPolicy({ identity: { controlPlane: 'systemAssigned' } });

    expect(kinds(aCluster(), policy)).toEqual([]);
  });

  it('names the identity and its group as the policy asks', () => {
    const policy = aPolicy({ identity: { name: 'cp-{cluster}', resourceGroup: 'rg-identities' } });
    const [create] = planOnboarding(anOldCluster(), policy).steps;

    expect(create).toEqual({
      kind: 'createIdentity',
      principal: 'controlPlane',
      location: 'westeurope',
      resourceId: `/subscriptions/${subscriptionId}/resourceGroups/rg-identities/providers/Microsoft.ManagedIdentity/userAssignedIdentities/cp-aks-orders`,
    });
  });

  it('asks for the missing roles only', () => {
    const nodePools = [aPool('system', { podSubnet: `${nodeSubnet}-pods` })];
    const { steps } = planOnboarding(aCluster({ nodePools }), aPolicy());

    expect(steps).toMatchObject([
      { kind: 'assignRoles', principal: 'controlPlane', roles: [{ id: 'RR-PODSUBNET' }] },
    ]);
  });

  it('asks for the pull role of a kubelet that lacks it', () => {
    const policy = aPolicy({ roles: { registries: [registry] } });
    const { steps } = planOnboarding(aCluster(), policy);

    expect(steps).toMatchObject([
      { kind: 'assignRoles', principal: 'kubelet', roles: [{ scope: registry }] },
    ]);
  });
});

describe('the node pools of a plan', () => {
  it('come system pools first, in the order of the cluster', () => {
    const nodePools = ['b', 'system', 'a'].map((name) => aPool(name));
    const { steps } = planOnboarding(anOldCluster({ nodePools, latestImages: {} }), aPolicy());
    const roll = steps.find((step) => step.kind === 'rollNodeImages');

    expect(roll?.pools.map(({ name }) => name)).toEqual(['system', 'b', 'a']);
  });

  it.each([
    ['image', oldImage, []],
    ['identity', newImage, ['apps']],
    ['identity and image', oldImage, ['apps']],
  ] as const)('are rolled for their %s', (reason, imageVersion, poolsBeforeSwitch) => {
    const nodePools = [aPool('apps', { imageVersion, count: 7 }), aPool('system')];

    const { steps } = planOnboarding(aCluster({ nodePools, poolsBeforeSwitch }), aPolicy());

    expect(steps).toEqual([
      {
        kind: 'rollNodeImages',
        pools: [{ name: 'apps', reason, from: imageVersion, to: newImage, nodes: 7 }],
      },
    ]);
  });

  it.each([
    ['is stopped', { stopped: true, imageVersion: oldImage }],
    ['is ahead of its region', { imageVersion: newImage.replace('11.0', '12.0') }],
    [
      'is of another family than the newest image',
      { imageVersion: 'AKSAzureLinux-V3-202601.01.0' },
    ],
    ['has an image that nobody can read', { imageVersion: 'custom' }],
  ])('leave out one that %s', (_case, overrides) => {
    const nodePools = [aPool('system'), aPool('apps', overrides)];

    expect(kinds(aCluster({ nodePools }))).toEqual([]);
  });
});

describe('the preview flags of a plan', () => {
  const required = aPolicy({ features: { required: [flag], forbidden: [] } });

  it.each(['NotRegistered', 'Unregistered', 'Registering', 'Pending', 'Unavailable'])(
    'include a required one that is %s',
    (state) => {
      const cluster = aCluster({ features: { [flag]: { state, usedBy: 0 } } });

      expect(planOnboarding(cluster, required).steps).toEqual([
        { kind: 'registerFeature', subscriptionId, feature: flag },
      ]);
    },
  );

  it.each(['Registered', 'registered'])('leave out a required one that is %s', (state) => {
    expect(kinds(aCluster({ features: { [flag]: { state, usedBy: 0 } } }), required)).toEqual([]);
  });

  it.each([
    ['nobody uses', 0, ['unregisterFeature']],
    ['another cluster uses', 1, []],
  ])('include a forbidden one that %s', (_case, usedBy, expected) => {
    const features = { [podIdentityFeature]: { state: 'Registered', usedBy } };

    expect(kinds(aCluster({ features }))).toEqual(expected);
  });

  it('leave out a forbidden one while the add-on serves somebody', () => {
    expect(kinds(aCluster({ features: registered, podIdentity: podIdentityWith('id-a') }))).toEqual(
      [],
    );
  });

  it('leave out a forbidden one that is gone', () => {
    const features = { [podIdentityFeature]: { state: 'Unavailable', usedBy: 0 } };

    expect(kinds(aCluster({ features }))).toEqual([]);
  });
});

describe('the pod-identity add-on in a plan', () => {
  it('is retired with its dead entries', () => {
    const podIdentity = podIdentityWith('id-a', 'id-b');
    const missingIdentities = [identityId('id-a'), identityId('id-b')];

    expect(planOnboarding(aCluster({ podIdentity, missingIdentities }), aPolicy()).steps).toEqual([
      { kind: 'retirePodIdentity', deadEntries: ['apps/id-a', 'apps/id-b'] },
    ]);
  });

  it('is retired when it has no entries', () => {
    expect(kinds(aCluster({ podIdentity: podIdentityWith() }))).toEqual(['retirePodIdentity']);
  });

  it('stays while one entry of several is alive', () => {
    const podIdentity = podIdentityWith('id-a', 'id-b');
    const missingIdentities = [identityId('id-a')];

    expect(kinds(aCluster({ podIdentity, missingIdentities }))).toEqual([]);
  });
});

describe('the blockers of a plan', () => {
  it('are none for a cluster in order, even one that is stopped', () => {
    expect(planOnboarding(aCluster({ stopped: true }), aPolicy())).toEqual({
      steps: [],
      blockers: [],
    });
  });

  it('say what to do about a stopped cluster', () => {
    expect(planOnboarding(anOldCluster({ stopped: true }), aPolicy()).blockers).toEqual([
      {
        code: 'ClusterStopped',
        message: 'aks-orders is stopped, and a stopped cluster takes no changes.',
        next: 'Start the cluster, then onboard it again.',
        target: anOldCluster().armId,
      },
    ]);
  });

  it('name a cluster that somebody else has left in a failed state', () => {
    const cluster = anOldCluster({ provisioningState: 'Failed' });

    expect(blockerCodes(cluster)).toEqual(['ClusterBroken']);
    expect(planOnboarding(cluster, aPolicy(), { ownFailure: true }).blockers).toEqual([]);
  });

  it('do not take a failed state for the last word while a pool is being changed', () => {
    const nodePools = [aPool('system', { provisioningState: 'Updating', imageVersion: oldImage })];

    expect(blockerCodes(anOldCluster({ provisioningState: 'Failed', nodePools }))).toEqual([]);
  });

  it('name a pool that cannot be re-imaged', () => {
    const nodePools = [aPool('system', { type: 'AvailabilitySet', imageVersion: oldImage })];

    expect(blockerCodes(anOldCluster({ nodePools }))).toEqual(['Unsupported']);
  });

  it('name the pod identities that a switch would break', () => {
    const podIdentity = podIdentityWith('id-a', 'id-b');

    expect(planOnboarding(anOldCluster({ podIdentity }), aPolicy()).blockers).toMatchObject([
      {
        code: 'PodIdentityInUse',
        message: 'aks-orders still has pod identities in use: apps/id-a, apps/id-b.',
      },
    ]);
  });

  it('let pod identities be whose rights are kept', () => {
    const podIdentity = podIdentityWith('id-a', 'id-b');
    const policy = aPolicy({ podIdentity: { keepAlive: true } });

    const { blockers, steps } = planOnboarding(anOldCluster({ podIdentity }), policy);

    const kinds = steps.map(({ kind }) => kind);
    expect(blockers).toEqual([]);
    expect(kinds).not.toContain('retirePodIdentity');
    expect(kinds.indexOf('assignRoles')).toBeLessThan(kinds.indexOf('enableManagedIdentity'));
  });

  it('let pod identities be that nothing in the plan touches', () => {
    const nodePools = [aPool('system', { imageVersion: oldImage })];
    const cluster = aCluster({ nodePools, podIdentity: podIdentityWith('id-a') });

    expect(blockerCodes(cluster)).toEqual([]);
  });

  it('are all named at once', () => {
    const cluster = anOldCluster({
      stopped: true,
      provisioningState: 'Failed',
      podIdentity: podIdentityWith('id-a'),
      nodePools: [aPool('system', { type: 'AvailabilitySet', imageVersion: oldImage })],
    });

    expect(blockerCodes(cluster)).toEqual([
      'ClusterStopped',
      'ClusterBroken',
      'Unsupported',
      'PodIdentityInUse',
    ]);
  });
});
