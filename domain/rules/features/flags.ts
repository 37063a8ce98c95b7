import { isRegistered } from '../../feature-state';
import { podIdentityFeature } from '../../policy';
import type { ClusterView } from '../../snapshot';
import { compliant, notApplicable, onboarding, unknown, verdictOf } from '../rule';
import type { Case, Rule, Verdict, Violation } from '../rule';

const source = 'Microsoft Learn: Set up preview features in Azure subscription';

/** A flag as people call it: the provider of AKS goes without saying. */
export function shortName(feature: string): string {
  return feature.replace(/^Microsoft\.ContainerService\//i, '');
}

function about(
  feature: string,
  { text, fix, state }: Readonly<Record<'text' | 'fix' | 'state', string>>,
): Violation {
  return { subject: shortName(feature), text, evidence: [`${feature} is ${state}`], fix };
}

function readingOf({ features = {} }: ClusterView, name: string) {
  const key = Object.keys(features).find((one) => one.toLowerCase() === name.toLowerCase());
  return key === undefined ? undefined : features[key];
}

function judgeFlags(
  { cluster }: Case,
  names: readonly string[],
  judge: (name: string, state: string) => Violation | undefined,
): Verdict {
  if (names.length === 0) return notApplicable;
  const readings = names.map((name) => ({ name, reading: readingOf(cluster, name) }));
  const violations = readings.flatMap(({ name, reading }) =>
    reading ? (judge(name, reading.state) ?? []) : [],
  );
  if (violations.length > 0) return verdictOf(violations);
  return readings.every(({ reading }) => reading) ? compliant : unknown;
}

/** A flag that is not registered makes later steps fail in confusing ways. */
export const requiredFeaturesRule: Rule = {
  code: 'FTR-001',
  id: 'features/required',
  title: 'The preview flags that the policy asks for are registered',
  severity: 'medium',
  class: 'additive',
  source: 'policy: features.required',
  evaluate: (given) =>
    judgeFlags(given, given.policy.features.required, (name, state) =>
      isRegistered(state)
        ? undefined
        : about(name, {
            text: `The subscription lacks ${name}.`,
            state,
            fix:
              state === 'Unavailable'
                ? 'Take the flag out of the policy: this cloud or subscription does not offer it.'
                : onboarding('registers the flag for the whole subscription'),
          }),
    ),
};

/** The flag is the documented way to switch the add-on off for a subscription, once no cluster uses it. */
export const podIdentityFlagRule: Rule = {
  code: 'FTR-002',
  scope: 'subscription',
  id: 'features/pod-identity-flag',
  title: 'The flag of pod identity is off where no cluster uses the add-on',
  severity: 'low',
  class: 'approval',
  source: 'Microsoft Learn: Use Microsoft Entra pod-managed identities in AKS',
  evaluate: ({ cluster }) => {
    const reading = readingOf(cluster, podIdentityFeature);
    if (!reading) return unknown;
    if (!isRegistered(reading.state) || reading.usedBy > 0 || cluster.podIdentity.enabled)
      return compliant;
    return verdictOf([
      about(podIdentityFeature, {
        text: 'The flag of pod identity is registered, and no cluster of the subscription uses the add-on.',
        state: reading.state,
        fix: onboarding('unregisters the flag'),
      }),
    ]);
  },
};

const patienceMs = 60 * 60_000;
const passing = ['registering', 'pending', 'unregistering'];

export const stuckFeatureRule: Rule = {
  code: 'FTR-003',
  scope: 'subscription',
  id: 'features/stuck',
  title: 'No preview flag hangs',
  severity: 'medium',
  class: 'report',
  source,
  evaluate: ({ cluster: { features }, asOf }) => {
    if (!features) return unknown;
    return verdictOf(
      Object.entries(features)
        .filter(([, { state }]) => passing.includes(state.toLowerCase()))
        .filter(
          ([, { since }]) =>
            since !== undefined && Date.parse(asOf) - Date.parse(since) > patienceMs,
        )
        .map(([name, { state }]) =>
          about(name, {
            text: `${name} has been ${state} for more than an hour.`,
            state,
            fix: 'A flag that stays Pending waits for approval by Microsoft: ask for it, or take the request back.',
          }),
        ),
    );
  },
};

export const forbiddenFeaturesRule: Rule = {
  code: 'FTR-005',
  scope: 'subscription',
  id: 'features/forbidden',
  title: 'No preview flag is on that the policy forbids',
  severity: 'low',
  class: 'approval',
  source: 'policy: features.forbidden',
  evaluate: (given) =>
    judgeFlags(given, given.policy.features.forbidden, (name, state) => {
      if (!isRegistered(state)) return undefined;
      const usedBy = readingOf(given.cluster, name)?.usedBy ?? 0;
      return about(name, {
        text: `The policy forbids ${name}, which is registered.`,
        state,
        fix:
          usedBy === 0
            ? onboarding('unregisters the flag')
            : `Let ${usedBy} clusters stop using it first; then a run unregisters the flag.`,
      });
    }),
};
