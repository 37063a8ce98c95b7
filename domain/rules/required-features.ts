import { compliant, notApplicable, unknown, violation } from './rule';
import type { Rule } from './rule';

/** A flag that is not registered makes later steps fail in confusing ways. */
export const requiredFeaturesRule: Rule = {
  id: 'features/required',
  title: 'The preview flags that the policy asks for are registered',
  severity: 'medium',
  source: 'policy: features.required',
  evaluate: ({ features }, policy) => {
    const { required } = policy.features;
    if (required.length === 0) return notApplicable;
    if (!features) return unknown;
    const missing = required.filter((name) => features[name]?.state.toLowerCase() !== 'registered');
    if (missing.length === 0) return compliant;
    return violation(
      `The subscription lacks ${missing.join(', ')}.`,
      missing.map((name) => `${name} is ${features[name]?.state ?? 'unknown'}`),
      'Onboard a cluster of the subscription with mode apply; it registers the flag.',
    );
  },
};
