import type { MigrationCode } from '../../../../domain/migration/codes';
import { env, identityId, managedIdentity, nmi, object, open } from './a-world';
import type { World } from './a-world';

type Twins = readonly (readonly [MigrationCode, World, World])[];

/** A second pod identity of the add-on, whose managed identity is gone or not. */
function withEntry(resourceId: string, more: object = {}): World {
  const entry = { name: 'old-id', namespace: 'shop', identity: { resourceId } };
  return {
    properties: { podIdentityProfile: { enabled: true, userAssignedIdentities: [entry] }, ...more },
  };
}

const dead = identityId('dead');
const failed = { provisioningState: 'Failed' };
const alive = { fleet: { identities: [managedIdentity('app'), managedIdentity('dead')] } };
const servicePrincipal = { servicePrincipalProfile: { clientId: 'an-application' } };

function webhook(
  namespace: string,
  name = 'azure-wi-webhook-mutating-webhook-configuration',
): World {
  const webhooks = [{ name: 'w', clientConfig: { service: { name: 's', namespace } } }];
  const kind = 'MutatingWebhookConfiguration';
  return { objects: [object(`admissionregistration.k8s.io/v1 ${kind}`, name, { webhooks })] };
}

/** R1: the code, a cluster that has it, and one that is almost the same. */
export const clusterTwins: Twins = [
  [
    'CLUSTER_STOPPED',
    { properties: { powerState: { code: 'Stopped' } } },
    { properties: { powerState: null } },
  ],
  [
    'CLUSTER_BUSY',
    { properties: { provisioningState: 'Updating' } },
    { properties: { provisioningState: 'succeeded' } },
  ],
  ['CLUSTER_BUSY', { properties: { provisioningState: null } }, {}],
  ['CLUSTER_BUSY', { properties: { provisioningState: 'Canceled' } }, { properties: failed }],
  ['CLUSTER_FAILED', { properties: failed }, withEntry(dead, failed)],
  [
    'CLUSTER_FAILED_DEAD_IDENTITY',
    withEntry(dead, failed),
    { ...withEntry(dead, failed), ...alive },
  ],
  ['DEAD_POD_IDENTITY', withEntry(dead), withEntry(identityId('app').toUpperCase())],
  ['DEAD_POD_IDENTITY', withEntry(`${dead}/`), { ...withEntry(`${dead}/`), ...alive }],
  // What names no identity cannot be said to be gone: it would be removed.
  ['DEAD_POD_IDENTITY', withEntry(dead), withEntry('')],
  [
    'DEAD_POD_IDENTITY',
    withEntry(dead),
    {
      properties: {
        podIdentityProfile: {
          enabled: false,
          userAssignedIdentities: [
            { name: 'old-id', namespace: 'shop', identity: { resourceId: dead } },
          ],
        },
      },
    },
  ],
  ['K8S_TOO_OLD', { version: 'v1.21.14' }, { version: 'v1.22.0' }],
  ['K8S_TOO_OLD', { version: '', properties: { kubernetesVersion: '1.9.1' } }, { version: '' }],
  [
    'SP_CLUSTER',
    { cluster: { identity: null }, properties: servicePrincipal },
    { properties: servicePrincipal },
  ],
  [
    'SP_CLUSTER',
    { cluster: { identity: { type: 'None' } }, properties: servicePrincipal },
    { cluster: { identity: null } },
  ],
  ['WEBHOOK_OSS_PRESENT', webhook('azure-workload-identity-system'), webhook('kube-system')],
  ['WEBHOOK_OSS_PRESENT', webhook('mine'), webhook('mine', 'another-webhook')],
  ['OIDC_IRREVERSIBLE', { properties: { oidcIssuerProfile: { enabled: false } } }, {}],
  ['WEBHOOK_OSS_PRESENT', webhook('mine'), webhook('')],
  [
    'OIDC_IRREVERSIBLE',
    { properties: { oidcIssuerProfile: null } },
    { properties: { oidcIssuerProfile: { enabled: true } } },
  ],
  [
    'KUBENET_NET_RAW',
    { properties: { networkProfile: { networkPlugin: 'Kubenet' } } },
    { properties: { networkProfile: { networkPlugin: 'kubenet' }, ...open } },
  ],
  [
    'ADDON_AND_OSS',
    { objects: [nmi()] },
    { objects: [nmi({ 'kubernetes.azure.com/managedby': 'aks' })] },
  ],
  [
    'ADDON_AND_OSS',
    { objects: [nmi({}, [], 'mirror.example/a/aad-pod-identity/nmi@sha256:12')] },
    { objects: [nmi({}, [], 'mirror.example/a/aad-pod-identity/nmi-tools:1')] },
  ],
  ['ADDON_AND_OSS', { objects: [nmi()] }, { objects: [nmi()], properties: open }],
];

export function secretClass(parameters: object, name = 'vault'): ReturnType<typeof object> {
  return object('secrets-store.csi.x-k8s.io/v1 SecretProviderClass', name, {
    spec: { provider: 'azure', parameters },
  });
}

export function trigger(
  provider: string,
  kind = 'TriggerAuthentication',
): ReturnType<typeof object> {
  return object(`keda.sh/v1alpha1 ${kind}`, 'queue', { spec: { podIdentity: { provider } } });
}

/** Section 2.6: other objects that use pod identity. */
export const consumerTwins: Twins = [
  [
    'CSI_POD_IDENTITY',
    { objects: [secretClass({ usePodIdentity: 'true' })] },
    { objects: [secretClass({ usePodIdentity: 'false' })] },
  ],
  [
    'CSI_POD_IDENTITY',
    { objects: [secretClass({ usePodIdentity: 'True' })] },
    { objects: [secretClass({ useVMManagedIdentity: 'true' })] },
  ],
  ['KEDA_POD_IDENTITY', { objects: [trigger('azure')] }, { objects: [trigger('azure-workload')] }],
  [
    'KEDA_POD_IDENTITY',
    { objects: [trigger('azure', 'ClusterTriggerAuthentication')] },
    { objects: [{ ...trigger('azure'), apiVersion: 'other.example/v1' }] },
  ],
  ['SELECTOR_UNMATCHED', { labels: { aadpodidbinding: 'App-id' } }, env()],
];
