import type { Approval } from './approvals';
import { armName, canonicalArmId } from '../ids';
import type { ClusterMigration, MigrationPlan, RoleAssignmentCleanup } from './document';
import { objectAt, textIn } from './json';
import { refText } from './ledger';
import type { FleetReading, Json } from './snapshot';

/** A role assignment that goes with pod identity. */
export interface CutGrant {
  readonly id: string;
  readonly principalId: string;
  readonly roleDefinitionId: string;
}

/** What may be taken away in a cluster now. */
export interface CutPlan {
  readonly installMode: ClusterMigration['installMode'];
  /** `namespace/name` of pod identities that nobody uses any more. */
  readonly podIdentities: readonly string[];
  /** Whether the last one goes, and the installation with it. */
  readonly retire: boolean;
  readonly scaleSets: readonly { readonly id: string; readonly identityIds: readonly string[] }[];
  readonly grants: readonly CutGrant[];
  readonly unregister: boolean;
  /** Nothing of pod identity is left afterwards. */
  readonly complete: boolean;
}

export interface CutQuery {
  /** The plan that was approved. */
  readonly approved: ClusterMigration;
  /** The plan that is made from what there is now. */
  readonly now: ClusterMigration;
  readonly plan: Pick<MigrationPlan, 'featureUnregister'>;
  readonly fleet: Pick<FleetReading, 'clusters' | 'roleAssignments' | 'vmss'>;
  readonly approvals: readonly Approval[];
  readonly subscriptionId: string;
  /** `Kind/namespace/name` of workloads that run with their patch, and have not shown yet that they can do without pod identity. */
  readonly unproved: ReadonlySet<string>;
  /** `namespace/name` of identities that NMI has given tokens of since workloads were moved. */
  readonly asked: ReadonlySet<string>;
}

/**
 * What of the approved clean-up can be done as the cluster is now. Pure. A pod identity goes when no workload uses it any
 * more, or may yet turn out to, and the plan that was approved has it; rights go only with the last pod identity that needs them.
 */
export function cutOf(query: CutQuery): CutPlan {
  const { approved, now, plan, subscriptionId } = query;
  const foreseen = new Set(approved.cleanup.podIdentities.map(nameOf));
  const needed = neededStill(query);
  const podIdentities = now.cleanup.podIdentities
    .filter((one) => one.removable !== 'no')
    .map(nameOf)
    .filter((name) => foreseen.has(name) && !needed.has(name));
  const all = podIdentities.length === now.cleanup.podIdentities.length;
  const installed = now.installMode !== 'none';
  const open = now.workloads.some(({ status }) => !['migrated', 'unused'].includes(status));
  const retire = installed && all && !open && now.otherConsumers.length === 0;
  return {
    installMode: now.installMode,
    podIdentities,
    retire,
    scaleSets: retire ? scaleSetsOf(query) : [],
    grants: retire ? grantsOf(query) : [],
    unregister: retire && plan.featureUnregister[subscriptionId] === true,
    complete: !installed || retire,
  };
}

/** Pod identities that somebody asks for, or that workloads fall back on should they ask for tokens as before. */
function neededStill({ approved, now, unproved, asked }: CutQuery): ReadonlySet<string> {
  const there = new Set(now.workloads.map(refText));
  const fallbacks = approved.workloads
    .filter((one) => unproved.has(refText(one)) && there.has(refText(one)))
    .flatMap(({ identities }) => identities);
  return new Set([...asked, ...fallbacks]);
}

function nameOf({
  namespace,
  name,
}: {
  readonly namespace: string;
  readonly name: string;
}): string {
  return `${namespace}/${name}`;
}

function grantsOf({ approved, now, fleet, approvals }: CutQuery): readonly CutGrant[] {
  const foreseen = new Map(approved.cleanup.roleAssignments.map((one) => [one.name, one]));
  const goes = ({ name, action, reason }: RoleAssignmentCleanup): boolean => {
    const before = foreseen.get(name);
    if (before?.reason !== reason || action === 'keep') return false;
    return action === 'remove' || agreed(approvals, reason, [name, approved.name]);
  };
  const names = new Set(now.cleanup.roleAssignments.filter(goes).map(({ name }) => name));
  return fleet.roleAssignments.filter((one) => names.has(textIn(one['name']))).map(asGrant);
}

function asGrant(assignment: Json): CutGrant {
  const { principalId, roleDefinitionId } = objectAt(assignment, 'properties');
  return {
    id: textIn(assignment['id']),
    principalId: textIn(principalId),
    roleDefinitionId: textIn(roleDefinitionId),
  };
}

/** Identities that managed pod identity had put on scale sets by hand: only where somebody agreed. A plan names them. */
function scaleSetsOf({ now, fleet, approvals, approved }: CutQuery): CutPlan['scaleSets'] {
  if (!agreed(approvals, 'SCALE_SET_IDENTITY', [approved.name])) return [];
  const proposed = now.cleanup.vmssIdentities.filter(({ action }) => action === 'propose');
  return fleet.vmss.filter(inNodeGroupOf(now, fleet)).flatMap((scaleSet) => {
    const id = textIn(scaleSet['id']);
    const names = proposed.filter(({ vmss }) => sameText(vmss, armName(id)));
    const identityIds = Object.keys(
      objectAt(scaleSet, 'identity', 'userAssignedIdentities'),
    ).filter((one) => names.some(({ identity }) => sameText(identity, armName(one))));
    return identityIds.length === 0 ? [] : [{ id, identityIds }];
  });
}

function inNodeGroupOf(
  { id }: ClusterMigration,
  { clusters }: CutQuery['fleet'],
): (scaleSet: Json) => boolean {
  const cluster = clusters.find((one) => canonicalArmId(textIn(one['id'])) === canonicalArmId(id));
  const group = textIn(objectAt(cluster ?? {}, 'properties')['nodeResourceGroup']);
  const [, , subscriptionId = ''] = id.split('/');
  const within = canonicalArmId(`/subscriptions/${subscriptionId}/resourceGroups/${group}`);
  return (scaleSet) => canonicalArmId(textIn(scaleSet['id'])).startsWith(`${within}/`);
}

function sameText(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase();
}

function agreed(approvals: readonly Approval[], code: string, names: readonly string[]): boolean {
  return approvals.some(
    (one) => one.code === code && (one.object === undefined || names.includes(one.object)),
  );
}
