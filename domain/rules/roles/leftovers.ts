import { armName } from '../../ids';
import { formerAssignments } from '../../roles/former-assignments';
import { compliant, onboarding, unknown, verdictOf, violation } from '../rule';
import type { Rule, Violation } from '../rule';
import { aboutAssignment } from './excess';

const source = 'Microsoft Learn: Troubleshoot Azure RBAC, "Identity not found"';

/** Rights of something that cannot sign in any more: harmless, but counted, and in everybody's way. */
export const orphanedRule: Rule = {
  code: 'ROL-003',
  id: 'roles/orphaned',
  title: 'No assignment is of a principal that is gone',
  severity: 'low',
  class: 'approval',
  source,
  evaluate: ({ cluster: { assignments, orphans } }) => {
    if (!assignments || !orphans) return unknown;
    const gone = orphans.map((id) => id.toLowerCase());
    return verdictOf(
      assignments
        .filter(({ principalId }) => gone.includes(principalId.toLowerCase()))
        .map((assignment): Violation => ({
          subject: armName(assignment.id),
          text: 'The principal of this assignment does not exist any more.',
          evidence: [`the directory has not known ${assignment.principalId} for a day`],
          fix: 'Remove the assignment; nobody can use it.',
          about: aboutAssignment(assignment),
        })),
    );
  },
};

/** Once nobody acts as the old principal any more, its rights are only a risk. */
export const formerPrincipalRule: Rule = {
  code: 'ROL-004',
  id: 'roles/former-principal',
  title: 'A principal that was replaced has no rights left',
  severity: 'medium',
  class: 'approval',
  source: 'Microsoft Learn: Managed identities in AKS, overview',
  evaluate: ({ cluster, policy, asOf }) => {
    if (!cluster.formerPrincipals || !cluster.assignments) return unknown;
    const found = formerAssignments(cluster, policy, asOf);
    return verdictOf(
      found.map(({ assignment, principal, removable }): Violation => ({
        subject: armName(assignment.id),
        text: 'A principal that the cluster had before still holds this role.',
        evidence: [`${principal.kind} ${principal.objectId} was replaced at ${principal.until}`],
        fix: removable
          ? onboarding('removes the assignment')
          : 'Check that nothing else acts as this principal, then remove the assignment.',
        about: aboutAssignment(assignment),
      })),
    );
  },
};

/** Azure refuses more than a fixed number of assignments in a subscription. */
export const quotaRule: Rule = {
  code: 'ROL-008',
  scope: 'subscription',
  id: 'roles/quota',
  title: 'The subscription has room for role assignments',
  severity: 'medium',
  class: 'report',
  source: 'Microsoft Learn: Troubleshoot Azure RBAC limits',
  evaluate: ({ cluster: { assignmentUsage } }) => {
    if (!assignmentUsage) return unknown;
    const { count, limit } = assignmentUsage;
    if (count < 0.9 * limit) return compliant;
    const { violations } = violation(
      `The subscription has used ${count} of its ${limit} role assignments.`,
      [`${count} of ${limit}`],
      'Remove assignments of principals that are gone, or assign to groups.',
    );
    return verdictOf(violations.map((one) => ({ ...one, subject: 'subscription' })));
  },
};
