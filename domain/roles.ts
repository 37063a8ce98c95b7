import { armGuid } from './arm-guid';
import type { ClusterSnapshot, RoleAssignment } from './cluster';
import { canonicalArmId } from './ids';

/** Built-in roles by GUID. Source: Azure built-in roles, Microsoft Learn. */
export const roles = {
  networkContributor: '4d97b98b-1d4f-4787-a291-c67834d212e7',
  privateDnsZoneContributor: 'b12aa53e-6015-4669-85d0-8515ebb3ae7f',
  managedIdentityOperator: 'f1a07417-d97a-45cb-824c-7a7467783830',
  reader: 'acdd72a7-3385-48ef-bd42-f606fba81ae7',
  contributor: 'b24988ac-6180-42a0-ab88-20f7382dd24c',
  owner: '8e3af657-a8ff-443c-a75c-2fe8c4bcb635',
  acrPull: '7f951dda-4ed3-4680-a7ca-43fe172d538d',
  acrPush: '8311e382-0749-4cb8-b61a-304f252e45ec',
} as const;

export type Role = keyof typeof roles;

/** Which roles are as good as another, at the same scope or above. */
const supersets: Readonly<Record<Role, readonly Role[]>> = {
  networkContributor: ['contributor', 'owner'],
  privateDnsZoneContributor: ['networkContributor', 'contributor', 'owner'],
  managedIdentityOperator: ['contributor', 'owner'],
  reader: ['contributor', 'owner'],
  contributor: ['owner'],
  owner: [],
  acrPull: ['acrPush', 'contributor', 'owner'],
  acrPush: ['contributor', 'owner'],
};

/** A role that an identity of the cluster needs, and why. */
export interface RoleRequirement {
  readonly id: string;
  readonly principal: 'controlPlane' | 'kubelet';
  readonly role: Role;
  readonly scope: string;
  readonly reason: string;
}

type Source = (
  snapshot: ClusterSnapshot,
  registries: readonly string[],
) => readonly (string | undefined)[];

interface Row extends Omit<RoleRequirement, 'scope'> {
  readonly scopes: Source;
}

const controlPlane = 'controlPlane' as const;

/** One row per kind of link; each link is a scope. Ids and roles as in the AKS documentation. */
const matrix: readonly Row[] = [
  {
    id: 'RR-SUBNET',
    principal: controlPlane,
    role: 'networkContributor',
    reason: 'nodes join this subnet',
    scopes: ({ links }) => links.nodeSubnets,
  },
  {
    id: 'RR-PODSUBNET',
    principal: controlPlane,
    role: 'networkContributor',
    reason: 'pods take addresses from this subnet',
    scopes: ({ links }) => links.podSubnets,
  },
  {
    id: 'RR-APISUBNET',
    principal: controlPlane,
    role: 'networkContributor',
    reason: 'the API server is injected into this subnet',
    scopes: ({ links }) => [links.apiServerSubnet],
  },
  {
    id: 'RR-ROUTETABLE',
    principal: controlPlane,
    role: 'networkContributor',
    reason: 'kubenet writes the routes of the nodes',
    scopes: ({ routeTables }) => routeTables,
  },
  {
    id: 'RR-PDNSZONE',
    principal: controlPlane,
    role: 'privateDnsZoneContributor',
    reason: 'the private API server has its record in this zone',
    scopes: ({ links }) => [links.privateDnsZone],
  },
  {
    id: 'RR-DES',
    principal: controlPlane,
    role: 'reader',
    reason: 'node disks are encrypted with this set',
    scopes: ({ links }) => [links.diskEncryptionSet],
  },
  {
    id: 'RR-OUTIP',
    principal: controlPlane,
    role: 'networkContributor',
    reason: 'outbound traffic uses this address',
    scopes: ({ links }) => links.outboundAddresses,
  },
  {
    id: 'RR-OUTPREFIX',
    principal: controlPlane,
    role: 'networkContributor',
    reason: 'outbound traffic uses this address prefix',
    scopes: ({ links }) => links.outboundPrefixes,
  },
  {
    id: 'RR-KUBELET-MIO',
    principal: controlPlane,
    role: 'managedIdentityOperator',
    reason: "the nodes' own identity is assigned by the control plane",
    scopes: ({ kubelet }) => [kubelet?.resourceId],
  },
  {
    id: 'RR-ACR',
    principal: 'kubelet',
    role: 'acrPull',
    reason: 'nodes pull images from this registry',
    scopes: (_snapshot, registries) => registries,
  },
];

/**
 * The role assignments that the identities of a cluster need, by the resources it is linked to.
 * Scopes inside the node resource group are left out: AKS itself grants those.
 *
 * @param registries ARM ids of the registries that the policy names.
 */
export function requiredRoles(
  snapshot: ClusterSnapshot,
  registries: readonly string[],
): readonly RoleRequirement[] {
  const own = `/resourcegroups/${snapshot.nodeResourceGroup.toLowerCase()}/`;
  return matrix.flatMap(({ scopes, ...row }) =>
    scopes(snapshot, registries)
      .filter((scope) => scope !== undefined)
      .filter((scope) => !scope.toLowerCase().includes(own))
      .map((scope) => ({ ...row, scope })),
  );
}

/** The requirements that no assignment of the principal satisfies without a condition. */
export function missingRoles(
  requirements: readonly RoleRequirement[],
  principalId: string | undefined,
  assignments: readonly RoleAssignment[],
): readonly RoleRequirement[] {
  return requirements.filter(
    (requirement) =>
      !assignments.some(
        (assignment) =>
          assignment.principalId.toLowerCase() === principalId?.toLowerCase() &&
          covers(assignment, requirement),
      ),
  );
}

function covers(assignment: RoleAssignment, { role, scope }: RoleRequirement): boolean {
  const enough = [role, ...supersets[role]].map((name): string => roles[name]);
  if (assignment.conditional || !enough.includes(assignment.role.toLowerCase())) return false;
  const granted = canonicalArmId(assignment.scope);
  const wanted = canonicalArmId(scope);
  return wanted === granted || wanted.startsWith(`${granted}/`) || granted === '';
}

/**
 * Name of the assignment: derived from what it says, so that a repeated request asks for the same
 * one, and equal to what Bicep's `guid(toLower(scope), principalId, roleGuid)` gives.
 */
export function assignmentName(scope: string, principalId: string, role: Role): string {
  return armGuid(canonicalArmId(scope), principalId.toLowerCase(), roles[role]);
}
