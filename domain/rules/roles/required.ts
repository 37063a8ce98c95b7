import { identityName } from '../../roles/requirement';
import type { StatedRequirement } from '../../roles/requirement';
import { isToBeMade } from '../../roles/requirement-states';
import { notApplicable, onboarding, unknown, verdictOf } from '../rule';
import type { Case, Rule, Verdict, Violation } from '../rule';

type State = StatedRequirement['state'];

interface Wording {
  readonly text: (need: string) => string;
  readonly fix: (requirement: StatedRequirement) => string;
}

/** One violation for each requirement in a state; unknown while some requirement is and none is in it. */
function requirementsIn(
  { requirements }: Case,
  isMeant: (requirement: StatedRequirement) => boolean,
  { text, fix }: Wording,
): Verdict {
  const relevant = requirements.filter(isMeant);
  if (relevant.length > 0) {
    return verdictOf(
      relevant.map((requirement): Violation => {
        const { id, principal, role, scope, why } = requirement;
        return {
          subject: `${id}:${principal}`,
          text: text(`the ${identityName(principal)} identity needs ${role}`),
          evidence: [`at ${scope}`, `because of ${why.join(', ')}`],
          fix: fix(requirement),
        };
      }),
    );
  }
  if (requirements.length === 0) return notApplicable;
  return requirements.some(({ state }) => state === 'unknown') ? unknown : verdictOf([]);
}

const inState =
  (state: State, managedByAks: boolean) =>
  (requirement: StatedRequirement): boolean =>
    requirement.state === state && (requirement.managedBy === 'aks') === managedByAks;

const source = 'Microsoft Learn: AKS service permissions';

/** Without its roles an identity works until the day it has to change something. */
export const requiredRolesRule: Rule = {
  code: 'ROL-001',
  id: 'roles/required-missing',
  title: "The cluster's identities hold the roles they need",
  severity: 'high',
  class: 'additive',
  source,
  evaluate: (about) =>
    requirementsIn(about, inState('missing', false), {
      text: (need) => `A required role assignment is missing: ${need}.`,
      fix: (requirement) =>
        isToBeMade(requirement)
          ? onboarding('creates the assignment')
          : 'Move its workloads to Workload ID; the policy can keep pod identity alive meanwhile.',
    }),
};

export const nodeGroupRoleRule: Rule = {
  code: 'ROL-009',
  id: 'roles/node-rg',
  title: 'The control plane is Contributor on the node resource group',
  severity: 'critical',
  class: 'report',
  source,
  evaluate: (about) =>
    requirementsIn(about, inState('missing', true), {
      text: () =>
        'The control plane has lost the role that AKS gave it on the node resource group.',
      fix: () =>
        'Reconcile the cluster (az aks update without changes); ask Azure support if it stays.',
    }),
};

export const conditionalRoleRule: Rule = {
  code: 'ROL-010',
  id: 'roles/conditional',
  title: 'Required roles do not depend on a condition',
  severity: 'info',
  class: 'report',
  source,
  evaluate: (about) =>
    requirementsIn(about, inState('conditional', false), {
      text: (need) => `Only an assignment with a condition covers a requirement: ${need}.`,
      fix: () => 'Check that the condition lets the identity do what it needs.',
    }),
};

export const blockedRoleRule: Rule = {
  code: 'ROL-013',
  id: 'roles/blocked',
  title: 'No required role lies where nobody can assign it',
  severity: 'medium',
  class: 'report',
  source,
  evaluate: (about) =>
    requirementsIn(about, inState('blocked', false), {
      text: (need) => `A required role cannot be granted, since Azure denies it there: ${need}.`,
      fix: () => 'Move the resource out of the locked resource group.',
    }),
};
