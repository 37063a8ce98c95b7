import type { ClusterView } from '../snapshot';
import type { Role } from './built-in-roles';
import type { PrincipalKey, RoleRequirement } from './requirement';

/** What fleet owners say about roles, as far as requirements depend on it. */
export interface RolePolicy {
  /** ARM ids of registries that every cluster pulls from. */
  readonly registries: readonly string[];
  /** ARM ids of vaults whose certificates application routing serves. */
  readonly certificateVaults?: readonly string[];
  /** Pod identity is to go on working until its workloads have moved. */
  readonly keepPodIdentity?: boolean;
}

/** Something a cluster refers to, as a scope at which a role is needed. */
export interface Link {
  readonly scope: string;
  readonly why: readonly string[];
  /** Where it depends on what is linked. */
  readonly id?: string;
  readonly role?: Role;
  readonly leastPrivilege?: readonly string[];
  readonly orAt?: string;
  readonly uncertain?: string;
}

/** One kind of link, with the role that it needs. */
export interface MatrixRow extends Pick<RoleRequirement, 'managedBy' | 'deprecated'> {
  readonly id: string;
  readonly principal: PrincipalKey;
  readonly role: Role;
  /** Actions, and data actions of roles over data. */
  readonly leastPrivilege: readonly string[];
  readonly links: (view: ClusterView, policy: RolePolicy) => readonly Link[];
}

const network = 'Microsoft.Network';

export const joinSubnet = [
  `${network}/virtualNetworks/subnets/read`,
  `${network}/virtualNetworks/subnets/join/action`,
];
export const joinAddress = [
  `${network}/publicIPAddresses/read`,
  `${network}/publicIPAddresses/join/action`,
];
export const joinPrefix = [
  `${network}/publicIPPrefixes/read`,
  `${network}/publicIPPrefixes/join/action`,
];
export const assignIdentity = [
  'Microsoft.ManagedIdentity/userAssignedIdentities/read',
  'Microsoft.ManagedIdentity/userAssignedIdentities/assign/action',
];

/** Links for the scopes that there are, each for the same reason. */
export function linksTo(scopes: readonly (string | undefined)[], why: string): readonly Link[] {
  return scopes.flatMap((scope) =>
    scope === undefined || scope === '' ? [] : [{ scope, why: [why] }],
  );
}

/** The resource that holds another one: the virtual network of a subnet. */
export function parentOf(armId: string): string {
  return armId.split('/').slice(0, -2).join('/');
}

/** The resource group of an ARM id. */
export function groupOf(armId: string): string {
  return armId.split('/').slice(0, 5).join('/');
}

/** The subscription of an ARM id, as a scope. */
export function subscriptionOf(armId: string): string {
  return armId.split('/').slice(0, 3).join('/');
}
