import { compliant, violation } from './rule';
import type { Rule } from './rule';

/** A service principal's secret expires and lies on every node; a managed identity has neither problem. */
export const servicePrincipalRule: Rule = {
  id: 'identity/service-principal',
  title: 'The cluster uses a managed identity',
  severity: 'high',
  source: 'Microsoft Learn: Use managed identities in AKS',
  evaluate: ({ controlPlane }) =>
    controlPlane.kind !== 'servicePrincipal'
      ? compliant
      : violation(
          'The cluster authenticates with a service principal.',
          [`servicePrincipalProfile.clientId = ${controlPlane.clientId}`],
          'Onboard the cluster with mode apply.',
        ),
};
