/** Every rule. Adding one here is the whole registration. */
import type { Policy } from '../policy';
import { halfMigratedRule } from './half-migrated';
import { nodeImageBehindRule } from './node-image-behind';
import { podIdentityAddOnRule } from './pod-identity-add-on';
import { requiredFeaturesRule } from './required-features';
import { requiredRolesRule } from './required-roles';
import type { ClusterView, Rule, Severity } from './rule';
import { servicePrincipalRule } from './service-principal';

export const rules: readonly Rule[] = [
  servicePrincipalRule,
  halfMigratedRule,
  requiredRolesRule,
  nodeImageBehindRule,
  podIdentityAddOnRule,
  requiredFeaturesRule,
];

/** A violation, as people see it. */
export interface Finding {
  readonly rule: string;
  readonly severity: Severity;
  readonly text: string;
  readonly evidence: readonly string[];
  readonly fix: string;
}

export interface Judgement {
  readonly findings: readonly Finding[];
  /** Rules that could not be judged, because what they need was not read. */
  readonly unknown: readonly string[];
}

/** Holds a cluster against every rule. Pure. */
export function judge(cluster: ClusterView, policy: Policy): Judgement {
  const verdicts = rules.map((rule) => ({ rule, verdict: rule.evaluate(cluster, policy) }));
  return {
    findings: verdicts.flatMap(({ rule, verdict }) =>
      verdict.status === 'violation'
        ? [
            {
              rule: rule.id,
              severity: rule.severity,
              text: verdict.text,
              evidence: verdict.evidence,
              fix: verdict.fix,
            },
          ]
        : [],
    ),
    unknown: verdicts
      .filter(({ verdict }) => verdict.status === 'unknown')
      .map(({ rule }) => rule.id),
  };
}
