import { compliant, notApplicable, verdictOf, violation } from '../rule';
import type { Rule } from '../rule';

/** The certificate of the local administrator is nobody's in the audit log. */
export const localAccountsRule: Rule = {
  code: 'IDN-009',
  id: 'identity/local-accounts',
  title: 'Local accounts are disabled',
  severity: 'medium',
  class: 'approval',
  source: 'Microsoft Learn: Manage local accounts with AKS-managed Microsoft Entra integration',
  evaluate: ({ cluster: { access } }) =>
    access.localAccounts
      ? violation(
          'Local accounts are enabled.',
          ['disableLocalAccounts is not true'],
          access.entra === 'managed'
            ? 'Disable local accounts, then rotate the certificates of the cluster.'
            : 'Integrate the cluster with Microsoft Entra first; without it nobody could sign in.',
        )
      : compliant,
};

export const entraRule: Rule = {
  code: 'IDN-010',
  id: 'identity/entra',
  title: 'The cluster is integrated with Microsoft Entra, managed by AKS',
  severity: 'medium',
  class: 'report',
  source: 'Microsoft Learn: AKS-managed Microsoft Entra integration',
  evaluate: ({ cluster: { access } }) => {
    if (access.entra === 'managed') return compliant;
    const fix = 'Enable the integration that AKS manages (az aks update --enable-aad).';
    if (access.entra === 'none') {
      const text = 'The cluster is not integrated with Microsoft Entra.';
      return violation(text, ['aadProfile.managed is not true'], fix);
    }
    const text = 'The cluster uses the legacy integration with Microsoft Entra.';
    const { violations } = violation(text, ['aadProfile names applications of its own'], fix);
    return verdictOf(violations.map((one) => ({ ...one, severity: 'high' })));
  },
};

export const azureRbacRule: Rule = {
  code: 'IDN-011',
  id: 'identity/azure-rbac',
  title: 'Azure RBAC decides about Kubernetes resources',
  severity: 'low',
  class: 'report',
  source: 'Microsoft Learn: Use Azure RBAC for Kubernetes authorization',
  evaluate: ({ cluster: { access } }) => {
    if (!access.managedEntra) return notApplicable;
    return access.azureRbac
      ? compliant
      : violation(
          'Rights inside the cluster are not managed by Azure RBAC.',
          ['aadProfile.enableAzureRBAC is not true'],
          'Enable Azure RBAC for Kubernetes and move role bindings over.',
        );
  },
};

/** Cannot be changed later. */
export const kubernetesRbacRule: Rule = {
  code: 'IDN-012',
  id: 'identity/kubernetes-rbac',
  title: 'Kubernetes RBAC is on',
  severity: 'critical',
  class: 'report',
  source: 'Microsoft Learn: Access and identity options for AKS',
  evaluate: ({ cluster: { access } }) =>
    access.kubernetesRbac
      ? compliant
      : violation(
          'Everybody who reaches the API server may do everything.',
          ['enableRBAC = false'],
          'Build a new cluster with RBAC and move its workloads; it cannot be turned on later.',
        ),
};
