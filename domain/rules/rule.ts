import type { ClusterFacts, ClusterSnapshot } from '../cluster';
import type { Policy } from '../policy';

/**
 * What a rule may look at: the cluster itself, and what else was read. A sweep reads less than a run;
 * a member that is missing was not read, and a rule that needs it says `unknown`.
 */
export type ClusterView = ClusterFacts &
  Partial<Omit<ClusterSnapshot, keyof ClusterFacts | 'targetIdentity'>>;

export type Severity = 'critical' | 'high' | 'medium' | 'low';

/** The judgement of one rule about one cluster. */
export type Verdict =
  | { readonly status: 'compliant' | 'notApplicable' | 'unknown' }
  | {
      readonly status: 'violation';
      /** One sentence of cause. */
      readonly text: string;
      /** What was seen: facts, not opinions. */
      readonly evidence: readonly string[];
      /** One next step. */
      readonly fix: string;
    };

export interface Rule {
  /** `area/requirement`. */
  readonly id: string;
  readonly title: string;
  readonly severity: Severity;
  /** Where the requirement comes from. */
  readonly source: string;
  readonly evaluate: (cluster: ClusterView, policy: Policy) => Verdict;
}

export const compliant: Verdict = { status: 'compliant' };
export const notApplicable: Verdict = { status: 'notApplicable' };
export const unknown: Verdict = { status: 'unknown' };

/** @param fix one next step for the operator. */
export function violation(text: string, evidence: readonly string[], fix: string): Verdict {
  return { status: 'violation', text, evidence, fix };
}
