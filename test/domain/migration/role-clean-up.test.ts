import { MigrationOptions } from '../../../domain/migration/options';
import { planMigration } from '../../../domain/migration/plan';
import type { Json } from '../../../domain/migration/snapshot';
import {
  armCluster,
  clusterId,
  clusterOf,
  identityId,
  kubeletId,
  kubeletPrincipal,
  managedIdentity,
  nmi,
  nodeGroup,
  open,
  planOf,
  principal,
  snapshotOf,
  subscription,
} from './support/a-world';
import type { World } from './support/a-world';

const operator = 'f1a07417-d97a-45cb-824c-7a7467783830';
const contributor = '9980e02c-c2be-4d73-94e8-173b1dc7cf3c';
const group = `/subscriptions/${subscription}/resourceGroups/rg-ids`;

function assignment(scope: string, more: Json = {}, role = operator): Json {
  const properties = {
    roleDefinitionId: `/subscriptions/x/providers/Microsoft.Authorization/roleDefinitions/${role}`,
    principalId: principal,
    scope,
    ...more,
  };
  return { name: 'ra', properties };
}

const standard: World = { properties: open, objects: [nmi()] };
const cleanupOf = (world: World) => clusterOf(planOf(world)).cleanup;
const rolesOf = (given: Json, world: World = {}) =>
  cleanupOf({ ...world, fleet: { ...world.fleet, roleAssignments: [given] } }).roleAssignments;

describe('role assignments when pod identity goes', () => {
  const ours = identityId('app');
  const shared = {
    ...armCluster(),
    id: clusterId.replace(/aks$/, 'other'),
    name: 'other',
  };
  const clusters = [armCluster(), shared];

  it.each<[string, Json, World, string | undefined]>([
    [
      'Steward made it',
      assignment(ours, { description: 'aks-identity-steward: x' }),
      {},
      'remove OWNED',
    ],
    ['nobody knows who made it', assignment(ours), {}, 'propose ORIGIN_UNKNOWN'],
    [
      'it is on the kubelet identity',
      assignment(kubeletId.toUpperCase()),
      {},
      'keep KUBELET_IDENTITY',
    ],
    ['it is on a group', assignment(group), {}, 'propose BROAD_SCOPE'],
    [
      'it is on the subscription',
      assignment(`/subscriptions/${subscription}/`),
      {},
      'propose BROAD_SCOPE',
    ],
    [
      'it is on a management group',
      assignment('/providers/Microsoft.Management/managementGroups/all'),
      {},
      'propose BROAD_SCOPE',
    ],
    ['it is on another identity', assignment(identityId('agic')), {}, 'keep UNRELATED'],
    ['it is somebody else', assignment(ours, { principalId: 'x' }), {}, undefined],
    ['it is another role', assignment(ours, {}, contributor), {}, undefined],
    [
      'a cluster that stays has the same',
      assignment(ours, { description: 'aks-identity-steward' }),
      { fleet: { clusters } },
      'keep USED_BY_OTHER_CLUSTER',
    ],
    [
      'a cluster that stays has it as another principal',
      assignment(ours),
      {
        fleet: {
          clusters: [
            armCluster(),
            { ...shared, identity: { type: 'SystemAssigned', principalId: 'x' } },
          ],
        },
      },
      'propose ORIGIN_UNKNOWN',
    ],
    [
      'the demo gave it',
      assignment(nodeGroup, { principalId: 'P-APP' }, contributor),
      {},
      'propose DEMO_GRANT',
    ],
    [
      'the demo gave it elsewhere',
      assignment(group, { principalId: 'p-app' }, contributor),
      {},
      undefined,
    ],
    [
      'it is the kubelet of the add-on',
      assignment(nodeGroup, { principalId: kubeletPrincipal }, contributor),
      {},
      undefined,
    ],
    [
      'it is the kubelet of MIC',
      assignment(nodeGroup, { principalId: kubeletPrincipal }, contributor),
      standard,
      'propose OSS_MIC',
    ],
    [
      'the kubelet operates identities for MIC',
      assignment(ours, { principalId: kubeletPrincipal }),
      standard,
      'propose ORIGIN_UNKNOWN',
    ],
    [
      'the kubelet operates identities for the add-on',
      assignment(ours, { principalId: kubeletPrincipal }),
      {},
      undefined,
    ],
  ])('are kept or not: %s', (_case, given, ...[world, verdict]) => {
    expect(rolesOf(given, world).map(({ action, reason }) => `${action} ${reason}`)).toEqual(
      verdict === undefined ? [] : [verdict],
    );
  });

  it('are found by the identity where the cluster does not show its principal', () => {
    const identity = {
      type: 'UserAssigned',
      userAssignedIdentities: { [identityId('plane').toUpperCase()]: {} },
    };
    const identities = [managedIdentity('app'), managedIdentity('plane')];

    expect(
      rolesOf(assignment(ours, { principalId: 'p-plane' }), {
        cluster: { identity },
        fleet: { identities },
      }),
    ).toHaveLength(1);
  });

  it('are not spared for a cluster that is migrated, too', () => {
    const { fleet, kubernetes } = snapshotOf({
      fleet: { clusters, roleAssignments: [assignment(ours)] },
    });
    const both = { ...kubernetes, [shared.id]: kubernetes[clusterId] as never };
    const plan = planMigration({ fleet, kubernetes: both }, MigrationOptions.parse({}));

    expect(plan.clusters.map(({ cleanup }) => cleanup.roleAssignments[0]?.reason)).toEqual([
      'ORIGIN_UNKNOWN',
      'ORIGIN_UNKNOWN',
    ]);
  });
});
