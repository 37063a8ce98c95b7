import { isAhead } from '../pod-identity/acceptance';
import type { Acceptance } from '../pod-identity/acceptance';
import { placeOf } from '../pod-identity/profile';
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
  evaluate: ({ cluster, asOf }) => {
    const { podIdentity, podIdentityAccepted: accepted } = cluster;
    if (!podIdentity.enabled) return compliant;
    const live = livePodIdentities(cluster);
    const evidence = podIdentity.entries.map(
      ({ namespace, name, identityId }) => `${namespace}/${name} → ${identityId}`,
    );
    if (live.length > 0) {
      return violation(
        `The pod-identity add-on is on and serves ${live.map(placeOf).join(', ')}.${words(accepted, asOf)}`,
        evidence,
        'Move these workload identities to Workload ID first, then onboard the cluster again.',
      );
    }
    const isKept = accepted && isAhead(accepted.until, asOf) && podIdentity.entries.length === 0;
    return violation(
      `The pod-identity add-on is on, but nothing can use it any more.${words(accepted, asOf)}`,
      evidence,
      isKept
        ? 'Disable pod identity unless workloads are still to come.'
        : onboarding('turns the add-on off'),
    );
  },
};

/** Until when somebody has accepted it, or that this is over: the finding itself stays. */
function words(accepted: Acceptance | undefined, asOf: string): string {
  if (!accepted) return '';
  return isAhead(accepted.until, asOf)
    ? ` It is accepted until ${accepted.until}.`
    : ` Its acceptance lapsed: it was accepted until ${accepted.until}.`;
}
