import type { Policy } from '../../../domain/policy';
import { assignmentDescription, assignmentName } from '../../../domain/roles/assignment-name';
import { sideEffects } from '../../../domain/plan/steps';
import type { ClusterSnapshot, RoleAssignment } from '../../../domain/snapshot';
import {
  aCluster,
  aPolicy,
  anAssignment,
  anOldCluster,
  kubeletPrincipal,
  nodeGroup,
  nodeSubnet,
  ofNodeGroup,
  registry,
} from '../../support/clusters';
import { planOnboarding } from '../../support/planning';

const principalId = '77777777-7777-4777-8777-777777777777';
const addresses = '/subscriptions/4e1f6a52-0c8d-4b5e-8f37-9a2d6c11b001/resourceGroups/rg-addresses';
const network = nodeSubnet.slice(0, nodeSubnet.indexOf('/subnets/'));

type Role = Parameters<typeof anAssignment>[0];
const held = (role: Role, overrides: Partial<RoleAssignment> = {}): RoleAssignment =>
  anAssignment(role, { id: `${role} ${overrides.scope ?? ''}`, principalId, ...overrides });

/** A cluster whose service principal holds these and nothing else. */
function holding(assignments: readonly RoleAssignment[], more: Partial<ClusterSnapshot> = {}) {
  return anOldCluster({ servicePrincipal: { objectId: principalId }, assignments, ...more });
}

/** Which rights a plan passes on, and which it leaves behind. */
function outcome(snapshot: ClusterSnapshot, policy: Policy = aPolicy()) {
  const { steps } = planOnboarding(snapshot, policy);
  const inherited = steps
    .flatMap((step) => (step.kind === 'assignRoles' ? step.roles : []))
    .filter(({ id }) => id === 'inherited')
    .map(({ principal, role, scope }) => `${principal}: ${role} at ${scope}`);
  const leaves = steps.flatMap((step) => ('leaves' in step ? [step.leaves] : []));
  return { inherited, leaves: leaves.flat() };
}

describe('what takes the place of a service principal', () => {
  it.each<readonly [string, RoleAssignment, string]>([
    [
      'pulls images where it did',
      held('AcrPull', { scope: registry }),
      `kubelet: AcrPull at ${registry}`,
    ],
    [
      'pulls with no more than it takes',
      held('AcrPush', { scope: registry }),
      `kubelet: AcrPull at ${registry}`,
    ],
    [
      'pulls where it owned a registry',
      held('Owner', { scope: registry }),
      `kubelet: AcrPull at ${registry}`,
    ],
    [
      'pulls from repositories',
      held('Container Registry Repository Reader', { scope: registry }),
      `kubelet: Container Registry Repository Reader at ${registry}`,
    ],
    [
      'uses addresses where it did',
      held('Network Contributor', { scope: addresses }),
      `controlPlane: Network Contributor at ${addresses}`,
    ],
  ])('%s', (_what, assignment, expected) => {
    expect(outcome(holding([assignment]))).toEqual({ inherited: [expected], leaves: [] });
  });

  it.each<readonly [string, RoleAssignment]>([
    ['the cluster shows that it needs', held('Network Contributor', { scope: network })],
    ['AKS gives to whoever comes', held('Contributor', { scope: nodeGroup })],
  ])('gets by itself what %s', (_what, assignment) => {
    expect(outcome(holding([assignment]))).toEqual({ inherited: [], leaves: [] });
  });

  it.each<readonly [string, RoleAssignment]>([
    ['of unknown use', held('Key Vault Secrets User', { scope: addresses })],
    ['that is custom', { ...held('Reader', { scope: addresses }), role: 'a-custom-role' }],
    ['with a condition', held('Network Contributor', { scope: addresses, conditional: true })],
    ['to give rights away', held('User Access Administrator', { scope: addresses })],
  ])('does not get a right %s, and a person reads so', (_what, assignment) => {
    const { inherited, leaves } = outcome(holding([assignment]));

    expect(inherited).toEqual([]);
    expect(leaves).toEqual([{ role: expect.any(String) as string, scope: addresses }]);
  });

  it('gets rights of unknown use where the policy says so, but none to give rights away', () => {
    const policy = aPolicy({ roles: { copyUnknown: true } });
    const secrets = held('Key Vault Secrets User', { scope: addresses });
    const administrator = held('User Access Administrator', { scope: addresses });

    expect(outcome(holding([secrets, administrator]), policy)).toEqual({
      inherited: [`controlPlane: Key Vault Secrets User at ${addresses}`],
      leaves: [{ role: 'User Access Administrator', scope: addresses }],
    });
  });

  it('does not get what another cluster of the service principal needs', () => {
    const address = `${addresses}/providers/Microsoft.Network/publicIPAddresses/out`;
    const own = anOldCluster();
    const sharer = {
      ...own,
      name: 'aks-other',
      links: { ...own.links, outboundAddresses: [address] },
    };
    const assignment = held('Network Contributor', { scope: address });

    expect(outcome(holding([assignment])).inherited).toHaveLength(1);
    expect(outcome(holding([assignment], { otherClusters: [sharer] })).inherited).toEqual([]);
  });

  it('is told of, when the rights of the old one cannot be read', () => {
    const { steps } = planOnboarding(anOldCluster(), aPolicy());
    const step = steps.find(({ kind }) => kind === 'enableManagedIdentity');

    expect(step && sideEffects(step).title).toMatch(/could not be read$/);
  });

  it('has every pull role named once, whoever asks for it', () => {
    const policy = aPolicy({ roles: { registries: [registry] } });
    const { steps } = planOnboarding(holding([held('AcrPull', { scope: registry })]), policy);

    expect(steps.filter(({ kind }) => kind === 'assignRoles')).toMatchObject([
      { principal: 'controlPlane', roles: [{ id: 'RR-SUBNET' }] },
      { principal: 'kubelet', roles: [{ id: 'RR-ACR' }] },
    ]);
  });
});

describe('what takes the place of a managed identity', () => {
  const inOrder = [anAssignment('Network Contributor'), ofNodeGroup()];

  it('pulls as nodes did, when they get an identity of ours', () => {
    const pull = anAssignment('AcrPull', { principalId: kubeletPrincipal, scope: registry });
    const secrets = anAssignment('Key Vault Secrets User', {
      ...{ id: 'secrets', principalId: kubeletPrincipal, scope: addresses },
    });
    const cluster = aCluster({ assignments: [...inOrder, pull, secrets] });

    expect(outcome(cluster, aPolicy({ identity: { kubelet: 'own' } }))).toEqual({
      inherited: [`kubelet: AcrPull at ${registry}`],
      leaves: [{ role: 'Key Vault Secrets User', scope: addresses }],
    });
    expect(outcome(cluster)).toEqual({ inherited: [], leaves: [] });
  });
});

describe('after a run that broke down behind the switch', () => {
  const former = { kind: 'servicePrincipal', objectId: principalId } as const;
  const pulling = {
    ...({ id: 'inherited', principal: 'kubelet', role: 'AcrPull', scope: registry } as const),
    ...{ why: [], leastPrivilege: [] },
  };
  const finished = [anAssignment('Network Contributor'), ofNodeGroup()];
  const after = (until: string, more: readonly RoleAssignment[] = []) =>
    aCluster({
      assignments: [...finished, held('AcrPull', { scope: registry }), ...more],
      formerPrincipals: [{ ...former, until, passesOn: [pulling] }],
    });

  it('the next one passes on what is still missing', () => {
    expect(outcome(after('2026-11-24T07:00:00Z')).inherited).toEqual([
      `kubelet: AcrPull at ${registry}`,
    ]);
  });

  it('nothing is left to do when it has been passed on, or grace is over', () => {
    const pull = anAssignment('AcrPull', { principalId: kubeletPrincipal, scope: registry });

    expect(planOnboarding(after('2026-11-24T07:00:00Z', [pull]), aPolicy()).steps).toEqual([]);
    expect(planOnboarding(after('2026-11-22T07:00:00Z'), aPolicy()).steps).toEqual([]);
  });

  it('grace ends with the old right going where Steward passed it on', () => {
    const name = assignmentName(registry, kubeletPrincipal, 'AcrPull');
    const heir = anAssignment('AcrPull', {
      id: `${registry}/providers/Microsoft.Authorization/roleAssignments/${name}`,
      description: assignmentDescription('aks-orders', 'inherited'),
      ...{ principalId: kubeletPrincipal, scope: registry },
    });
    const { steps } = planOnboarding(after('2026-11-22T07:00:00Z', [heir]), aPolicy());

    expect(steps).toMatchObject([
      { kind: 'removeRoles', assignments: [{ principalId, scope: registry, former: true }] },
    ]);
  });
});
