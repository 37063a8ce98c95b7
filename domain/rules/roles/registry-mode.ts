import { armName } from '../../ids';
import { roles } from '../../roles/built-in-roles';
import { isAtOrAbove } from '../../roles/coverage';
import type { StatedRequirement } from '../../roles/requirement';
import type { RoleAssignment } from '../../snapshot';
import { notApplicable, onboarding, unknown, verdictOf } from '../rule';
import type { Rule, Violation } from '../rule';

export const registryModeRule: Rule = {
  code: 'ROL-007',
  id: 'roles/acr-mode',
  title: 'The pull role fits the mode of the registry',
  severity: 'high',
  class: 'additive',
  source: 'Microsoft Learn: Azure Container Registry permissions and role assignments overview',
  evaluate: ({ requirements, cluster }) => {
    const wanted = requirements.filter(
      ({ role }) => role === 'Container Registry Repository Reader',
    );
    if (wanted.length === 0) return notApplicable;
    const { assignments } = cluster;
    if (!assignments) return unknown;
    return verdictOf(
      wanted
        .filter(({ state }) => !['present', 'covered', 'conditional'].includes(state))
        .filter((one) => hasPullRole(assignments, one))
        .map(({ scope, principal }): Violation => ({
          subject: armName(scope),
          text: `The registry ${armName(scope)} decides by repository and ignores AcrPull.`,
          evidence: [
            `roleAssignmentMode = AbacRepositoryPermissions`,
            `${principal} holds AcrPull`,
          ],
          fix: onboarding('assigns Container Registry Repository Reader'),
        })),
    );
  },
};

function hasPullRole(
  assignments: readonly RoleAssignment[],
  { principalId, scope }: StatedRequirement,
): boolean {
  return assignments.some(
    (one) =>
      one.role.toLowerCase() === roles.AcrPull &&
      one.principalId.toLowerCase() === principalId.toLowerCase() &&
      isAtOrAbove(one.scope, scope),
  );
}
