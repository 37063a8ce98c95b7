import type { Policy } from '../../../domain/policy';
import type { ClusterSnapshot } from '../../../domain/snapshot';
import { applied } from '../../support/apply-step';
import {
  aCluster,
  aPolicy,
  aPool,
  anAssignment,
  anOldCluster,
  controlPlaneId,
  controlPlanePrincipal,
  identityId,
  kubelet,
  nodeSubnet,
  ofNodeGroup,
  registry,
  subscriptionId,
} from '../../support/clusters';
import { planOnboarding } from '../../support/planning';

const own = identityId('id-aks-orders-cp');
const ownKubelet = identityId('id-aks-orders-kubelet');
const systemPrincipal = '33333333-3333-4333-8333-333333333333';

/** A cluster in order on a system-assigned identity. */
function onSystemAssigned(overrides: Partial<ClusterSnapshot> = {}): ClusterSnapshot {
  return aCluster({
    controlPlane: { kind: 'systemAssigned', principalId: systemPrincipal },
    shown: { type: 'SystemAssigned', clientId: 'msi', userAssigned: [] },
    assignments: [
      anAssignment('Network Contributor', { principalId: systemPrincipal }),
      ofNodeGroup(systemPrincipal),
    ],
    ...overrides,
  });
}

function outline(snapshot: ClusterSnapshot, policy: Policy): readonly unknown[] {
  return planOnboarding(snapshot, policy).steps.map((step) => {
    if (step.kind === 'assignRoles') return [step.principal, ...step.roles.map(({ id }) => id)];
    if (step.kind === 'createIdentity') return `create ${step.principal}`;
    if (step.kind === 'enableManagedIdentity') {
      return [`${step.from} to ${step.identity.kind}`, ...step.roles.map(({ id }) => id)];
    }
    return step.kind;
  });
}

describe('a plan that changes who the control plane is', () => {
  it('prepares a user-assigned identity before it takes the place of a service principal', () => {
    expect(outline(anOldCluster(), aPolicy())).toEqual([
      'create controlPlane',
      ['controlPlane', 'RR-SUBNET'],
      ['servicePrincipal to userAssigned'],
      'rollNodeImages',
    ]);
  });

  it('assigns the roles of a system-assigned identity while Azure switches to it', () => {
    const policy = aPolicy({ identity: { controlPlane: 'systemAssigned' } });

    expect(outline(anOldCluster(), policy)).toEqual([
      ['servicePrincipal to systemAssigned', 'RR-SUBNET'],
      'rollNodeImages',
    ]);
  });

  it('moves from a system-assigned identity to the one that the policy names, and leaves the nodes alone', () => {
    const policy = aPolicy({ identity: { controlPlane: 'userAssigned' } });

    expect(outline(onSystemAssigned(), policy)).toEqual([
      'create controlPlane',
      ['controlPlane', 'RR-SUBNET'],
      ['systemAssigned to userAssigned'],
    ]);
  });

  it('moves away from a system-assigned identity that AKS does not support there', () => {
    const { links } = aCluster();
    const cluster = onSystemAssigned({
      links: { ...links, kubenet: true },
      routeTables: ['/subscriptions/s/resourceGroups/g/providers/Microsoft.Network/routeTables/t'],
    });

    expect(outline(cluster, aPolicy())).toContainEqual(['systemAssigned to userAssigned']);
  });

  it.each([
    ['a system-assigned', onSystemAssigned(), 'any'],
    ['a system-assigned', onSystemAssigned(), 'systemAssigned'],
    ['a user-assigned', aCluster(), 'any'],
    ['a user-assigned', aCluster(), 'systemAssigned'],
    ['a user-assigned', aCluster(), 'userAssigned'],
  ])('leaves %s identity what it is under the policy %3$s', (_case, cluster, controlPlane) => {
    expect(outline(cluster, aPolicy({ identity: { controlPlane } }))).toEqual([]);
  });

  it('replaces a user-assigned identity only where the policy says so', () => {
    const other = aCluster({
      controlPlane: { kind: 'userAssigned', resourceId: identityId('id-old'), principalId: 'old' },
      assignments: [
        anAssignment('Network Contributor', { principalId: 'old' }),
        ofNodeGroup('old'),
      ],
    });
    const replacing = { controlPlane: 'userAssigned', replaceExisting: true };

    expect(outline(other, aPolicy({ identity: { controlPlane: 'userAssigned' } }))).toEqual([]);
    expect(outline(other, aPolicy({ identity: replacing }))).toEqual([
      'create controlPlane',
      ['controlPlane', 'RR-SUBNET'],
      ['userAssigned to userAssigned'],
    ]);
    expect(
      outline(other, aPolicy({ identity: { ...replacing, controlPlane: 'systemAssigned' } })),
    ).toEqual([['userAssigned to systemAssigned', 'RR-SUBNET']]);
  });
});

describe('a plan that gives the nodes an identity of yours', () => {
  const policy = aPolicy({ identity: { kubelet: 'own' }, roles: { registries: [registry] } });

  it('lets it pull, and lets the control plane assign it, before the nodes get it', () => {
    expect(outline(aCluster(), policy)).toEqual([
      'create kubelet',
      ['controlPlane', 'RR-KUBELET-MIO'],
      ['kubelet', 'RR-ACR'],
      'adoptKubeletIdentity',
    ]);
  });

  it('comes right after the switch, and then no pool is rolled for its identity', () => {
    expect(outline(anOldCluster(), policy)).toEqual([
      'create controlPlane',
      'create kubelet',
      ['controlPlane', 'RR-SUBNET', 'RR-KUBELET-MIO'],
      ['kubelet', 'RR-ACR'],
      ['servicePrincipal to userAssigned'],
      'adoptKubeletIdentity',
      'rollNodeImages',
    ]);
    expect(planOnboarding(anOldCluster(), policy).steps.at(-1)).toMatchObject({
      pools: [{ reason: 'image' }, { reason: 'image' }],
    });
  });

  it('gives one to nodes that act as the control plane, whatever the policy says', () => {
    const cluster = aCluster({ kubelet: { resourceId: own, objectId: controlPlanePrincipal } });

    expect(outline(cluster, aPolicy())).toContain('adoptKubeletIdentity');
  });

  it('leaves nodes alone that have one', () => {
    const cluster = aCluster({
      kubelet: { resourceId: ownKubelet, objectId: 'k' },
      assignments: [
        ...aCluster().assignments,
        anAssignment('AcrPull', { principalId: 'k', scope: registry }),
        anAssignment('Managed Identity Operator', { scope: ownKubelet }),
      ],
    });

    expect(outline(cluster, policy)).toEqual([]);
  });

  it('says how many nodes it costs', () => {
    const step = planOnboarding(aCluster(), policy).steps.at(-1);

    expect(step).toEqual({
      kind: 'adoptKubeletIdentity',
      resourceId: ownKubelet,
      pools: [
        { name: 'apps', nodes: 3 },
        { name: 'system', nodes: 3 },
      ],
    });
  });
});

describe('a plan that takes rights away', () => {
  const former = {
    kind: 'servicePrincipal',
    objectId: 'former',
    until: '2026-11-01T00:00:00Z',
  } as const;
  const group = nodeSubnet.slice(0, nodeSubnet.indexOf('/providers/'));
  const leftovers = [
    anAssignment('Network Contributor', { id: 'at-subnet', principalId: 'former' }),
    anAssignment('Contributor', { id: 'at-group', principalId: 'former', scope: group }),
  ];
  const after = aCluster({
    assignments: [...aCluster().assignments, ...leftovers],
    formerPrincipals: [former],
  });

  it('takes from a former principal what the cluster needed, and leaves the rest to people', () => {
    const [step, ...others] = planOnboarding(after, aPolicy()).steps;

    expect(others).toEqual([]);
    expect(step).toEqual({
      kind: 'removeRoles',
      assignments: [
        {
          id: 'at-subnet',
          principalId: 'former',
          role: '4d97b98b-1d4f-4787-a291-c67834d212e7',
          scope: nodeSubnet,
          why: 'the cluster has not used this principal since 2026-11-01T00:00:00Z',
          former: true,
        },
      ],
    });
  });

  it('waits until the grace is over, and does nothing where the policy forbids it', () => {
    const early = { ...former, until: '2026-11-24T07:00:00Z' };
    const forbidding = aPolicy({ roles: { remove: { former: false } } });

    expect(planOnboarding({ ...after, formerPrincipals: [early] }, aPolicy()).steps).toEqual([]);
    expect(planOnboarding(after, forbidding).steps).toEqual([]);
  });

  it('does not look for leftovers while it changes who the cluster is', () => {
    const cluster = anOldCluster({ assignments: leftovers, formerPrincipals: [former] });

    expect(outline(cluster, aPolicy())).not.toContain('removeRoles');
  });

  it('assigns exactly what is needed before it takes away what is too broad', () => {
    const broad = anAssignment('Contributor', {
      id: 'broad',
      scope: `/subscriptions/${subscriptionId}`,
    });
    const cluster = aCluster({ assignments: [broad, ofNodeGroup()] });
    const policy = aPolicy({ roles: { remove: { tooBroad: true } } });

    expect(outline(cluster, aPolicy())).toEqual([]);
    expect(outline(cluster, policy)).toEqual([['controlPlane', 'RR-SUBNET'], 'removeRoles']);
    const done = planOnboarding(cluster, policy).steps.reduce(applied, cluster);
    expect(planOnboarding(done, policy).steps).toEqual([]);
  });

  it('takes from the nodes what is more than pulling, where the policy says so', () => {
    const storage = '17d1049b-9a84-46fb-8f53-869881c3d3ab';
    const excess = {
      ...anAssignment('Reader', { id: 'e', principalId: kubelet.objectId }),
      role: storage,
    };
    const cluster = aCluster({ assignments: [...aCluster().assignments, excess] });
    const policy = aPolicy({ roles: { remove: { kubeletExcess: true } } });

    expect(outline(cluster, aPolicy())).toEqual([]);
    expect(outline(cluster, policy)).toEqual(['removeRoles']);
  });
});

describe('what stands in the way of a change of identity', () => {
  const codes = (cluster: ClusterSnapshot, policy = aPolicy()) =>
    planOnboarding(cluster, policy).blockers.map(({ code }) => code);

  it('is a tool that keeps the cluster, unless the policy allows it', () => {
    const cluster = anOldCluster({ managedBy: 'Terraform' });

    expect(planOnboarding(cluster, aPolicy()).blockers).toMatchObject([
      {
        code: 'OwnedElsewhere',
        message:
          'Terraform keeps aks-orders, and would replace a cluster whose identity has changed.',
      },
    ]);
    expect(codes(cluster, aPolicy({ ownedElsewhere: 'allow' }))).toEqual([]);
    expect(codes(aCluster({ managedBy: 'Terraform' }))).toEqual([]);
  });

  it('is an image that is the newest: the nodes would keep the old credentials', () => {
    const nodePools = [aPool('system')];
    const cluster = anOldCluster({ nodePools });

    expect(codes(cluster)).toEqual(['NoNewerImage']);
    expect(codes(cluster, aPolicy({ identity: { withoutNewerImage: 'switch' } }))).toEqual([]);
    expect(codes(cluster, aPolicy({ identity: { kubelet: 'own' } }))).toEqual([]);
  });

  it('is a read-only lock, on anything that is to be changed', () => {
    const lock = (level: 'ReadOnly' | 'CanNotDelete') => [
      { id: '/lock', level, scope: '/subscriptions/s' },
    ];

    expect(codes(anOldCluster({ locks: lock('ReadOnly') }))).toEqual(['Locked']);
    expect(codes(anOldCluster({ locks: lock('CanNotDelete') }))).toEqual([]);
    expect(codes(aCluster({ locks: lock('ReadOnly') }))).toEqual([]);
  });

  it.each([
    [
      'a private DNS zone',
      {
        privateDnsZone:
          '/subscriptions/s/resourceGroups/g/providers/Microsoft.Network/privateDnsZones/z',
      },
    ],
    ['a key vault', { keyManagement: { keyId: 'k', privateVault: false, vaultId: '' } }],
  ])('is never %s: there the target is user-assigned', (_case, link) => {
    const links = { ...anOldCluster().links, ...link };
    const policy = aPolicy({ identity: { controlPlane: 'systemAssigned' } });

    expect(outline(anOldCluster({ links }), policy)).toContainEqual([
      'servicePrincipal to userAssigned',
    ]);
  });

  it('uses an identity that is there already', () => {
    const targetIdentity = { resourceId: controlPlaneId, principalId: controlPlanePrincipal };

    expect(outline(anOldCluster({ targetIdentity }), aPolicy())).not.toContain(
      'create controlPlane',
    );
  });
});
