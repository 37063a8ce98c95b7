import { isRegistered } from '../../feature-state';
import { unknown, verdictOf } from '../rule';
import type { Rule, Violation } from '../rule';

/** Without these AKS clusters cannot have what Steward gives them. */
export const neededProviders = [
  'Microsoft.ContainerService',
  'Microsoft.ManagedIdentity',
  'Microsoft.EventGrid',
];

/** Azure refuses resources of a provider that the subscription has not registered. */
export const providersRule: Rule = {
  code: 'FTR-004',
  scope: 'subscription',
  id: 'features/provider',
  title: 'The resource providers that AKS identities need are registered',
  severity: 'medium',
  class: 'additive',
  source: 'Microsoft Learn: Azure resource providers and types',
  evaluate: ({ cluster: { providers } }) => {
    if (!providers) return unknown;
    const states = Object.entries(providers);
    const read = neededProviders.flatMap((namespace) => {
      const found = states.find(([name]) => name.toLowerCase() === namespace.toLowerCase());
      return found ? [{ namespace, state: found[1] }] : [];
    });
    return verdictOf(
      read
        .filter(({ state }) => !isRegistered(state))
        .map(({ namespace, state }): Violation => ({
          subject: namespace,
          text: `The subscription has not registered ${namespace}.`,
          evidence: [`${namespace} is ${state}`],
          fix: `Register it (az provider register --namespace ${namespace}); it takes minutes.`,
        })),
    );
  },
};
