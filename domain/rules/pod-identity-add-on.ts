import { livePodIdentities } from '../snapshot';
import { compliant, onboarding, violation } from './rule';
import type { Rule } from './rule';

/** The add-on has been out of support since 2025-09. */
export const podIdentityAddOnRule: Rule = {
  code: 'PID-001',
  id: 'pod-identity/add-on-enabled',
  title: 'The deprecated pod-identity add-on is off',
  severity: 'high',
  class: 'approval',
  source: 'Microsoft Learn: Use Microsoft Entra pod-managed identities in AKS',
  evaluate: ({ cluster }) => {
    const { podIdentity } = cluster;
    if (!podIdentity.enabled) return compliant;
    const live = livePodIdentities(cluster);
    const evidence = podIdentity.entries.map(
      ({ namespace, name, identityId }) => `${namespace}/${name} → ${identityId}`,
    );
    return live.length === 0
      ? violation(
          'The pod-identity add-on is on, but nothing can use it any more.',
          evidence,
          onboarding('turns the add-on off'),
        )
      : violation(
          `The pod-identity add-on is on and serves ${live.map(({ namespace, name }) => `${namespace}/${name}`).join(', ')}.`,
          evidence,
          'Move these workload identities to Workload ID first, then onboard the cluster again.',
        );
  },
};
