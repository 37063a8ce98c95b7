import { canonicalArmId } from '../../ids';
import { roles } from '../../roles/built-in-roles';
import type { Role } from '../../roles/built-in-roles';
import type { RoleAssignmentCleanup } from '../document';
import type { ClusterContext } from '../reading/cluster-context';
import {
  addonIdentities,
  clusterPrincipals,
  kubeletIdentity,
  nodeResourceGroup,
} from '../reading/fleet';
import type { FleetRoleAssignment } from '../reading/fleet';

const managedIdentityOperator = roles['Managed Identity Operator'];
const virtualMachineContributor = roles['Virtual Machine Contributor'];

/** What pod identity needed: no other role is taken away, or given back. */
export const podIdentityRoles: readonly Role[] = [
  'Managed Identity Operator',
  'Virtual Machine Contributor',
];

const ownMark = 'aks-identity-steward';

/** A pod identity that is to go: an entry of the add-on, or an object of the cluster. */
export interface GoingIdentity {
  readonly key: string;
  readonly namespace: string;
  readonly name: string;
  /** Empty for what is no managed identity. */
  readonly resourceId: string;
}

type Verdict = Pick<RoleAssignmentCleanup, 'action' | 'reason'>;

/** R12: what becomes of the roles that pod identity needed. */
export function roleCleanup(
  going: readonly GoingIdentity[],
  context: ClusterContext,
): readonly RoleAssignmentCleanup[] {
  const verdictOn = roleJudge(going, context);
  return context.fleet.roleAssignments.flatMap((assignment) => {
    const verdict = verdictOn(assignment);
    return verdict ? [{ name: assignment.name, ...verdict }] : [];
  });
}

function roleJudge(
  going: readonly GoingIdentity[],
  context: ClusterContext,
): (assignment: FleetRoleAssignment) => Verdict | undefined {
  const { cluster, fleet, installed } = context;
  const kubelet = kubeletIdentity(cluster);
  const openSource = installed.mode !== 'addon';
  const ours = new Set(going.map(({ resourceId }) => canonicalArmId(resourceId)));
  const principals = clusterPrincipals(cluster, fleet);
  const operators = [...principals, ...(openSource ? [kubelet.principalId] : [])];
  const applications = [...ours].flatMap((id) => fleet.identities.get(id)?.principalId ?? []);
  return (assignment) => {
    const { role, principalId, scope } = assignment;
    if (role === managedIdentityOperator && operators.includes(principalId)) {
      return operatorVerdict(assignment, { ours, kubelet: kubelet.resourceId, context });
    }
    if (role !== virtualMachineContributor || scope !== nodeResourceGroup(cluster))
      return undefined;
    if (applications.some((one) => one.toLowerCase() === principalId)) {
      return { action: 'propose', reason: 'DEMO_GRANT' };
    }
    return openSource && operators.includes(principalId)
      ? { action: 'propose', reason: 'OSS_MIC' }
      : undefined;
  };
}

function operatorVerdict(
  { scope, principalId, description }: FleetRoleAssignment,
  {
    ours,
    kubelet,
    context,
  }: {
    readonly ours: ReadonlySet<string>;
    readonly kubelet: string;
    readonly context: ClusterContext;
  },
): Verdict {
  if (scope === kubelet) return { action: 'keep', reason: 'KUBELET_IDENTITY' };
  if (!isResource(scope)) return { action: 'propose', reason: 'BROAD_SCOPE' };
  if (!ours.has(scope)) return { action: 'keep', reason: 'UNRELATED' };
  if (isNeededElsewhere(scope, principalId, context)) {
    return { action: 'keep', reason: 'USED_BY_OTHER_CLUSTER' };
  }
  return description.includes(ownMark)
    ? { action: 'remove', reason: 'OWNED' }
    : { action: 'propose', reason: 'ORIGIN_UNKNOWN' };
}

/** A management group, a subscription and a resource group are above resources. */
function isResource(scope: string): boolean {
  return /\/providers\/(?!microsoft\.management\/)/.test(scope);
}

/** Whether a cluster that is not migrated in this run has the same pod identity by the same principal. */
function isNeededElsewhere(
  scope: string,
  principalId: string,
  { fleet, inRun }: ClusterContext,
): boolean {
  return [...fleet.clusters].some(
    ([id, other]) =>
      !inRun.has(id) &&
      clusterPrincipals(other, fleet).includes(principalId) &&
      addonIdentities(other).some(({ resourceId }) => canonicalArmId(resourceId) === scope),
  );
}
