import type { Policy } from '../policy';
import type { ExcessReading } from '../roles/excess';
import type { StatedRequirement } from '../roles/requirement';
import type { ClusterView } from '../snapshot';

export type Severity = 'critical' | 'high' | 'medium' | 'low' | 'info';

/**
 * What may be done about a violation: `additive` (reversible, no workload notices), `approval` (restarts
 * something, takes something away, or cannot be undone), `report` (a person's affair).
 */
export type RuleClass = 'additive' | 'approval' | 'report';

/** What a rule judges. */
export interface Case {
  /** A member that is missing was not read, and a rule that needs it says `unknown`. */
  readonly cluster: ClusterView;
  readonly policy: Policy;
  /** Time of the judgement; ISO 8601. */
  readonly asOf: string;
  readonly requirements: readonly StatedRequirement[];
  readonly excess: ExcessReading;
}

/** The judgement of one rule about one cluster. */
export type Verdict =
  | { readonly status: 'compliant' | 'notApplicable' | 'unknown' }
  | { readonly status: 'violation'; readonly violations: readonly Violation[] };

export interface Violation {
  /** `cluster`, `pool:<name>`, the name of an assignment, …: what the violation is about. */
  readonly subject: string;
  /** Where it is not the rule's own. */
  readonly severity?: Severity;
  /** One sentence of cause. */
  readonly text: string;
  /** What was seen: facts, not opinions. */
  readonly evidence: readonly string[];
  /** One next step. */
  readonly fix: string;
  /** The assignment that it is about. */
  readonly about?: AboutAssignment;
}

export interface AboutAssignment {
  /** Name of the role, or its GUID where it is none that Steward knows. */
  readonly role: string;
  readonly scope: string;
  readonly principalId: string;
}

export interface Rule {
  /** Short and stable: `IDN-001`. */
  readonly code: string;
  /** `area/requirement`. */
  readonly id: string;
  readonly title: string;
  readonly severity: Severity;
  readonly class: RuleClass;
  /** Where the requirement comes from. */
  readonly source: string;
  /** It is about the subscription, and found at every cluster of it. */
  readonly scope?: 'subscription';
  /** Judges only where the policy asks for it. */
  readonly offByDefault?: true;
  readonly evaluate: (about: Case) => Verdict;
}

export const compliant: Verdict = { status: 'compliant' };
export const notApplicable: Verdict = { status: 'notApplicable' };
export const unknown: Verdict = { status: 'unknown' };

/** Compliant without violations. */
export function verdictOf(violations: readonly Violation[]): Verdict {
  return violations.length === 0 ? compliant : { status: 'violation', violations };
}

/** A violation of the whole cluster. @param fix one next step for the operator. */
export function violation(
  text: string,
  evidence: readonly string[],
  fix: string,
): Verdict & { readonly status: 'violation' } {
  return { status: 'violation', violations: [{ subject: 'cluster', text, evidence, fix }] };
}

/** How a fix begins that a run of mode `apply` carries out. */
export function onboarding(what: string): string {
  return `Onboard the cluster with mode apply; it ${what}.`;
}
