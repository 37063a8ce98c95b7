import type { Kind } from '../controllers/objects';
import type { KubeObject } from '../resource-table';

export const addOnExceptionName = 'aks-addon-exception';
export const managedLabels = {
  'addonmanager.kubernetes.io/mode': 'Reconcile',
  'kubernetes.azure.com/managedby': 'aks',
};

const namespace = 'kube-system';
const group = 'aadpodidentity.k8s.io';

/** NMI and its account, as the add-on brings them. */
export function addOnManifests(): readonly (readonly [Kind, KubeObject])[] {
  const account = {
    apiVersion: 'v1',
    kind: 'ServiceAccount',
    metadata: { name: 'aad-pod-id-nmi-service-account', namespace, labels: managedLabels },
  };
  return [
    ['ServiceAccount', account],
    ['DaemonSet', daemonSet()],
  ];
}

function daemonSet(): KubeObject {
  const labels = { app: 'nmi', component: 'nmi', tier: 'node' };
  return {
    apiVersion: 'apps/v1',
    kind: 'DaemonSet',
    metadata: { name: 'nmi', namespace, labels: { ...managedLabels, component: 'nmi' } },
    spec: {
      selector: { matchLabels: { app: 'nmi' } },
      updateStrategy: { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: 1 } },
      template: {
        metadata: { labels: { ...labels, 'kubernetes.azure.com/managedby': 'aks' } },
        spec: {
          hostNetwork: true,
          serviceAccountName: 'aad-pod-id-nmi-service-account',
          nodeSelector: { 'kubernetes.io/os': 'linux' },
          tolerations: [{ operator: 'Exists' }],
          containers: [
            {
              name: 'nmi',
              image: 'mcr.microsoft.com/oss/azure/aad-pod-identity/nmi:v1.8.17',
              args: [
                '--node=$(NODE_NAME)',
                '--operation-mode=managed',
                '--forceNamespaced',
                '--http-probe-port=8085',
                '--enableScaleFeatures=true',
                '--metadata-header-required=true',
              ],
              resources: {
                requests: { cpu: '100m', memory: '128Mi' },
                limits: { memory: '256Mi' },
              },
            },
          ],
        },
      },
    },
  };
}

/** The four definitions of AAD Pod Identity. */
export function definitions(): readonly KubeObject[] {
  const kinds = [
    ['azureidentities', 'AzureIdentity'],
    ['azureidentitybindings', 'AzureIdentityBinding'],
    ['azureassignedidentities', 'AzureAssignedIdentity'],
    ['azurepodidentityexceptions', 'AzurePodIdentityException'],
  ] as const;
  return kinds.map(([plural, kind]) => ({
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `${plural}.${group}`, labels: managedLabels },
    spec: {
      group,
      names: { kind, listKind: `${kind}List`, plural, singular: kind.toLowerCase() },
      scope: 'Namespaced',
      versions: [{ name: 'v1', served: true, storage: true }],
    },
  }));
}
