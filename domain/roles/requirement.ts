import type { Role } from './built-in-roles';

/** Who of a cluster holds a right: `addon:<key>` for the identity of an add-on, key lower-cased. */
export type PrincipalKey = 'controlPlane' | 'kubelet' | 'webAppRouting' | `addon:${string}`;

/** A role that an identity of the cluster needs. */
export interface RoleRequirement {
  /** `RR-SUBNET`, …: the kind of link it comes from. */
  readonly id: string;
  readonly principal: PrincipalKey;
  readonly role: Role;
  readonly scope: string;
  /** The members of the cluster that it follows from. */
  readonly why: readonly string[];
  /** What of the role is really needed: the alternative to it is a custom role of these. */
  readonly leastPrivilege: readonly string[];
  /** AKS itself makes the assignment: it is checked, never made. */
  readonly managedBy?: 'aks';
  /** Of something that is on its way out: it is never made unless the policy keeps that alive. */
  readonly deprecated?: true;
  /** It lies in a node resource group where Azure denies every write. */
  readonly locked?: true;
  /** A narrower scope at which the role is enough as well. */
  readonly orAt?: string;
  /** What had to be read to be sure, and was not. */
  readonly uncertain?: string;
}

export type RequirementState =
  | 'present' // this role at this scope
  | 'covered' // by a wider assignment without a condition
  | 'conditional' // only by assignments with a condition: a person decides
  | 'subsumed' // missing, but another assignment that is required will cover it
  | 'blocked' // nobody can grant it: Azure denies writes there
  | 'missing'
  | 'unknown'; // not enough was read, or there is no principal to grant it to

/** A requirement held against what is assigned. */
export interface StatedRequirement extends RoleRequirement {
  /** Object id; empty while the principal is unknown. */
  readonly principalId: string;
  /** Name that an assignment of it has; empty while the principal is unknown. */
  readonly assignmentName: string;
  readonly state: RequirementState;
  /** Name of the assignment that covers it. */
  readonly coveredBy?: string;
  /** Id of the requirement whose assignment will cover it. */
  readonly subsumedBy?: string;
}

/** How people call the identity. */
export function identityName(principal: PrincipalKey): string {
  if (principal === 'controlPlane') return 'control-plane';
  return principal === 'webAppRouting' ? 'application-routing' : principal.replace('addon:', '');
}
