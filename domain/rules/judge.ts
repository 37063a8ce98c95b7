import type { RoleReading } from '../identities/inventory';
import type { Policy } from '../policy';
import { honouring } from '../pod-identity/operators';
import { rolePolicy } from '../policy';
import { excessOf } from '../roles/excess';
import { requiredRoles } from '../roles/matrix';
import { principalsOf } from '../roles/principals';
import type { StatedRequirement } from '../roles/requirement';
import { statedRequirements } from '../roles/requirement-states';
import type { ClusterView } from '../snapshot';
import { rules } from './index';
import type { AboutAssignment, Case, Rule, Severity } from './rule';

/** A violation, as people see it. */
export interface Finding {
  /** Short and stable: `IDN-001`. */
  readonly rule: string;
  /** `area/requirement`. */
  readonly id: string;
  readonly severity: Severity;
  readonly subject: string;
  readonly text: string;
  readonly evidence: readonly string[];
  readonly fix: string;
  readonly about?: AboutAssignment;
  /** It is about the subscription: the cluster itself may be in order. */
  readonly scope?: 'subscription';
}

export interface Judgement {
  readonly findings: readonly Finding[];
  /** Codes of rules that could not be judged, because what they need was not read. */
  readonly unknown: readonly string[];
}

/** When a judgement is made, and by which policy. */
export interface Standpoint {
  readonly policy: Policy;
  /** ISO 8601. */
  readonly asOf: string;
}

/** Holds a cluster against every rule. Pure. A cluster that comes or goes has no findings. */
export function judge(cluster: ClusterView, { policy: wanted, asOf }: Standpoint): Judgement {
  const policy = honouring(wanted, cluster.podIdentityAccepted, asOf);
  if (isPassing(cluster)) return { findings: [], unknown: [] };
  const about: Case = {
    cluster,
    policy,
    asOf,
    requirements: requirementsOf(cluster, policy),
    excess: excessOf(cluster, rolePolicy(policy)),
  };
  const verdicts = rules
    .filter((rule) => isOn(rule, policy))
    .map((rule) => ({ rule, verdict: rule.evaluate(about) }));
  return {
    findings: verdicts.flatMap(({ rule, verdict }) =>
      verdict.status === 'violation'
        ? verdict.violations.map((violation) => ({
            rule: rule.code,
            id: rule.id,
            severity: rule.severity,
            ...(rule.scope && { scope: rule.scope }),
            ...violation,
          }))
        : [],
    ),
    unknown: verdicts
      .filter(({ verdict }) => verdict.status === 'unknown')
      .map(({ rule }) => rule.code),
  };
}

/** What the identities of a cluster need today, held against what is assigned. */
export function requirementsOf(cluster: ClusterView, policy: Policy): readonly StatedRequirement[] {
  return statedRequirements(requiredRoles(cluster, rolePolicy(policy)), {
    ...cluster,
    principals: principalsOf(cluster),
  });
}

/** What the identities of a cluster need, and what they have too much of. */
export function rolesOf(cluster: ClusterView, policy: Policy): RoleReading {
  return {
    requirements: requirementsOf(cluster, policy),
    excess: excessOf(cluster, rolePolicy(policy)).found,
  };
}

function isPassing({ provisioningState }: ClusterView): boolean {
  return ['creating', 'deleting'].includes(provisioningState.toLowerCase());
}

function isOn({ id, offByDefault }: Rule, { rules: wanted }: Policy): boolean {
  const setting = wanted[id];
  return setting === undefined ? offByDefault !== true : setting === 'report';
}
