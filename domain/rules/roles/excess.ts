import { armName } from '../../ids';
import { roleLabel } from '../../roles/built-in-roles';
import type { Excess, ExcessKind } from '../../roles/excess';
import { identityName } from '../../roles/requirement';
import type { RoleAssignment } from '../../snapshot';
import { onboarding, unknown, verdictOf } from '../rule';
import type { AboutAssignment, Case, Rule, Verdict, Violation } from '../rule';

const source = 'Microsoft Learn: Best practices for Azure RBAC';
const byHand = 'Check who relies on it, then remove the assignment';
const removes = onboarding('removes the assignment');

/** An assignment, as a finding shows it. */
export function aboutAssignment({ role, scope, principalId }: RoleAssignment): AboutAssignment {
  return { role: roleLabel(role), scope, principalId };
}

function excess(
  { cluster, excess: reading }: Case,
  kind: ExcessKind,
  { text, fix }: { readonly text: (one: Excess) => string; readonly fix: string },
): Verdict {
  if (!cluster.assignments) return unknown;
  const found = reading.found.filter((one) => one.kind === kind);
  if (found.length === 0 && kind === 'kubeletExcess' && reading.undecided.length > 0)
    return unknown;
  return verdictOf(
    found.map((one): Violation => {
      const about = aboutAssignment(one.assignment);
      return {
        subject: armName(one.assignment.id),
        text: text(one),
        evidence: [
          `${about.role} at ${about.scope || '/'}`,
          `held by ${one.principal}, ${about.principalId}`,
        ],
        fix,
        about,
      };
    }),
  );
}

export const tooBroadRule: Rule = {
  code: 'ROL-002',
  id: 'roles/too-broad',
  title: 'No role is assigned more broadly than needed',
  severity: 'medium',
  class: 'approval',
  source,
  evaluate: (about) =>
    excess(about, 'tooBroad', {
      text: ({ principal }) =>
        `The ${identityName(principal)} identity holds a broader role than it needs.`,
      fix: about.policy.roles.remove.tooBroad
        ? onboarding('assigns what is needed and then removes this')
        : 'Assign exactly what is needed, wait until it works, then remove this (policy roles.remove.tooBroad).',
    }),
};

/** Any pod may take a token of the kubelet identity from the metadata service. */
export const kubeletExcessRule: Rule = {
  code: 'ROL-005',
  id: 'roles/kubelet-excess',
  title: 'The kubelet identity can pull images and nothing else',
  severity: 'high',
  class: 'approval',
  source: 'Microsoft Learn: Managed identities in AKS, overview',
  evaluate: (about) =>
    excess(about, 'kubeletExcess', {
      text: () => 'The kubelet identity has more than pull rights, and every pod may use it.',
      fix: about.policy.roles.remove.kubeletExcess
        ? removes
        : `Give the workload that needs it an identity of its own; ${byHand.toLowerCase()}.`,
    }),
};

export const privilegedRule: Rule = {
  code: 'ROL-006',
  id: 'roles/privileged',
  title: 'No identity of the cluster can grant access',
  severity: 'critical',
  class: 'approval',
  source,
  evaluate: (about) =>
    excess(about, 'privileged', {
      text: ({ principal }) =>
        `The ${identityName(principal)} identity can give itself and others any right.`,
      fix: about.policy.roles.remove.privileged
        ? removes
        : `${byHand} (policy roles.remove.privileged lets Steward do it).`,
    }),
};

export const obsoleteRule: Rule = {
  code: 'ROL-011',
  id: 'roles/obsolete',
  title: 'No assignment is left over from a use that is gone',
  severity: 'low',
  class: 'additive',
  source: 'Microsoft Learn: Managed identity authentication for Container insights',
  evaluate: (about) =>
    excess(about, 'obsolete', {
      text: () => 'The monitoring add-on does not need this role any more.',
      fix: about.policy.roles.remove.obsolete ? removes : `${byHand}.`,
    }),
};

export const unexplainedRule: Rule = {
  code: 'ROL-012',
  id: 'roles/unexplained',
  title: 'Every role of the cluster follows from its configuration',
  severity: 'low',
  class: 'report',
  source,
  evaluate: (about) =>
    excess(about, 'unexplained', {
      text: ({ principal }) =>
        `The ${identityName(principal)} identity holds a role that nothing in the configuration explains.`,
      fix: `${byHand}; static addresses and disks used by Kubernetes objects are not visible here.`,
    }),
};
