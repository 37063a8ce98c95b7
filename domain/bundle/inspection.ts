import { identityInventory } from '../identities/inventory';
import type { IdentityEntry } from '../identities/inventory';
import { identityPlan } from '../plan/identity-plan';
import type { IdentityPlan } from '../plan/identity-plan';
import { advisories } from '../roles/advisories';
import type { Advisory } from '../roles/advisories';
import { roles } from '../roles/built-in-roles';
import type { StatedRequirement } from '../roles/requirement';
import { isToBeMade } from '../roles/requirement-states';
import { judge, rolesOf } from '../rules/judge';
import type { Finding } from '../rules/judge';
import { nothingAround } from '../snapshot';
import type { ClusterSnapshot, ClusterView } from '../snapshot';
import { bundlePolicy } from './bundle-policy';
import { bundleView } from './bundle-view';
import { Bundle } from './context';
import { understood } from './understood';

/** What can be said about a saved cluster. */
export interface Inspection {
  readonly cluster: string;
  readonly findings: readonly Finding[];
  /** Codes of rules that could not be judged, because what they need is not in the bundle. */
  readonly unknown: readonly string[];
  readonly requiredRoleAssignments: readonly RequiredAssignment[];
  readonly createRoleAssignments: readonly CreatedAssignment[];
  readonly identityPlan?: IdentityPlan;
  readonly advisory: readonly Advisory[];
  readonly identities: readonly IdentityEntry[];
}

export interface RequiredAssignment extends Pick<
  StatedRequirement,
  | 'principal'
  | 'role'
  | 'scope'
  | 'why'
  | 'state'
  | 'leastPrivilege'
  | 'managedBy'
  | 'deprecated'
  | 'coveredBy'
  | 'subsumedBy'
> {
  readonly requirement: string;
  /** Null while the principal, and with it the name, is not known. */
  readonly principalId: string | null;
  readonly roleDefinitionGuid: string;
  readonly assignmentName: string | null;
}

export interface CreatedAssignment {
  readonly scope: string;
  readonly name: string;
  readonly principalId: string;
  readonly role: string;
  readonly requirement: string;
}

/**
 * Evaluates a saved cluster. Pure.
 *
 * @param value the bundle: a cluster, what was read around it, and when.
 * @throws Error of one line that names what is wrong with the bundle.
 */
export function inspectBundle(value: unknown): Inspection {
  const bundle = understood('', () => Bundle.parse(value));
  const { now: asOf, context } = bundle;
  const policy = bundlePolicy(context.policy);
  const view = understood('cluster', () => bundleView(bundle));
  const reading = rolesOf(view, policy);
  const { requirements } = reading;
  const plan = identityPlan(asSnapshot(view), policy, asOf);
  return {
    cluster: view.armId,
    ...judge(view, { policy, asOf }),
    requiredRoleAssignments: requirements.map(required),
    createRoleAssignments: requirements.filter(isToBeMade).map(created),
    ...(plan && { identityPlan: plan }),
    advisory: advisories(view),
    identities: identityInventory(view, reading),
  };
}

/** For the outline of a plan: what was not read is taken to be in order, as rules say it is unknown. */
function asSnapshot(view: ClusterView): ClusterSnapshot {
  return {
    ...nothingAround,
    ...view,
  };
}

function required(requirement: StatedRequirement): RequiredAssignment {
  const { id, principal, principalId, role, scope, why, managedBy, deprecated } = requirement;
  const { assignmentName, state, coveredBy, subsumedBy, leastPrivilege } = requirement;
  return {
    requirement: id,
    principal,
    principalId: principalId === '' ? null : principalId,
    role,
    roleDefinitionGuid: roles[role],
    scope,
    why,
    ...(managedBy && { managedBy }),
    ...(deprecated && { deprecated }),
    assignmentName: assignmentName === '' ? null : assignmentName,
    state,
    ...(coveredBy !== undefined && { coveredBy }),
    ...(subsumedBy !== undefined && { subsumedBy }),
    leastPrivilege,
  };
}

function created(requirement: StatedRequirement): CreatedAssignment {
  const { id, scope, assignmentName, principalId, role } = requirement;
  return { scope, name: assignmentName, principalId, role, requirement: id };
}
