import { armGuid } from '../arm/guid';
import { canonicalArmId } from '../ids';
import { roles } from './built-in-roles';
import type { Role } from './built-in-roles';

/**
 * Name of the assignment: derived from what it says, so that a repeated request asks for the same one, and
 * equal to what Bicep's `guid(toLower(scope), principalId, roleGuid)` gives.
 */
export function assignmentName(scope: string, principalId: string, role: Role): string {
  return armGuid(canonicalArmId(scope), principalId.toLowerCase(), roles[role]);
}

/** How Steward marks an assignment as its own. */
export function assignmentDescription(clusterName: string, requirementId: string): string {
  return `${mark} ${clusterName} ${requirementId}`;
}

const mark = 'aks-identity-steward:';

/** Whether Steward made an assignment: it carries the mark and the name derived from what it says. */
export function isOwnAssignment({
  id,
  description,
  scope,
  principalId,
  role,
}: {
  readonly id: string;
  readonly description?: string;
  readonly scope: string;
  readonly principalId: string;
  readonly role: string;
}): boolean {
  if (description?.startsWith(mark) !== true) return false;
  const derived = armGuid(canonicalArmId(scope), principalId.toLowerCase(), role.toLowerCase());
  return canonicalArmId(id).endsWith(`/${derived}`);
}
