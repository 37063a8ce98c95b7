import type { MigrationCode } from '../../../../domain/migration/codes';
import {
  azureIdentity,
  binding,
  clientId,
  maker,
  managedIdentity,
  migratedWorld,
  object,
} from './a-world';
import type { World } from './a-world';

type Twins = readonly (readonly [MigrationCode, World, World])[];
type Json = Readonly<Record<string, unknown>>;

const owner = (kind: string, apiVersion = 'apps/v1') => ({
  metadata: { ownerReferences: [{ apiVersion, kind, name: 'root', controller: true }] },
});
const rolebinding = (subjectOf: Json, kind = 'RoleBinding') =>
  object(`rbac.authorization.k8s.io/v1 ${kind}`, 'rights', { subjects: [subjectOf] });
const moved = { accountName: 'default' };
const subjectAccount = { kind: 'ServiceAccount', name: 'default', namespace: 'shop' };
const annotated = (client: string): World => ({
  account: {
    metadata: { namespace: 'shop', annotations: { 'azure.workload.identity/client-id': client } },
  },
});
const managed = (manager: string) => ({ metadata: { managedFields: [{ manager }] } });
const sharing = (world: World = {}) =>
  maker('Deployment', 'other', { labels: { aadpodidbinding: 'o' }, ...world });
const second = [azureIdentity('other'), binding('other', 'o')];
const others = { fleet: { identities: [managedIdentity('app'), managedIdentity('other')] } };
const daemon = { kind: 'DaemonSet' };
const stateful = { kind: 'StatefulSet' };
const onDelete = { updateStrategy: { type: 'OnDelete' } };

/** R2, R3, R4. */
export const ownerTwins: Twins = [
  ['POD_WITHOUT_CONTROLLER', { kind: 'Pod' }, { kind: 'ReplicaSet' }],
  [
    'STATIC_POD',
    { kind: 'Pod', metadata: { annotations: { 'kubernetes.io/config.mirror': 'x' } } },
    { kind: 'Pod' },
  ],
  [
    'STATIC_POD',
    {
      kind: 'Pod',
      metadata: {
        annotations: { 'kubernetes.io/config.mirror': 'x' },
        ...owner('Node', 'v1').metadata,
      },
    },
    { kind: 'Deployment', metadata: { annotations: { 'kubernetes.io/config.mirror': 'x' } } },
  ],
  ['JOB_IMMUTABLE', { kind: 'Job' }, { kind: 'CronJob' }],
  [
    'BARE_REPLICASET',
    { kind: 'ReplicaSet' },
    { kind: 'ReplicaSet', ...owner('Rollout', 'argoproj.io/v1alpha1') },
  ],
  ['BARE_REPLICASET', { kind: 'ReplicationController' }, { kind: 'StatefulSet' }],
  [
    'UNSUPPORTED_OWNER',
    { kind: 'ReplicaSet', ...owner('Rollout', 'argoproj.io/v1alpha1') },
    { kind: 'ReplicaSet' },
  ],
  [
    'UNSUPPORTED_OWNER',
    { kind: 'Deployment', ...owner('Shop', 'example.com/v1') },
    {
      kind: 'Deployment',
      metadata: {
        ownerReferences: [
          { apiVersion: 'example.com/v1', kind: 'Shop', name: 'x', controller: false },
        ],
      },
    },
  ],
  [
    'VIRTUAL_NODE',
    { pod: { tolerations: [{ key: 'virtual-kubelet.io/provider', operator: 'Exists' }] } },
    { pod: { tolerations: [{ operator: 'Exists' }] } },
  ],
  [
    'VIRTUAL_NODE',
    { pod: { nodeSelector: { type: 'virtual-kubelet' } } },
    { pod: { nodeSelector: { type: 'vmss' } } },
  ],
  [
    'GITOPS_MANAGED',
    { metadata: { labels: { 'kustomize.toolkit.fluxcd.io/name': 'x' } } },
    { metadata: { labels: { 'app.kubernetes.io/instance': 'x' } } },
  ],
  [
    'GITOPS_MANAGED',
    { metadata: { labels: { 'argocd.argoproj.io/instance': 'x' } } },
    { labels: { 'argocd.argoproj.io/instance': 'x' } },
  ],
  [
    'GITOPS_MANAGED',
    { metadata: { labels: { 'addonmanager.kubernetes.io/mode': 'Reconcile' } } },
    { metadata: { labels: { 'addonmanager.kubernetes.io/mode': 'EnsureExists' } } },
  ],
  [
    'GITOPS_MANAGED',
    { metadata: { annotations: { 'argocd.argoproj.io/tracking-id': 'x' } } },
    { metadata: { labels: { 'helm.toolkit.fluxcd.io/namespace': 'x' } } },
  ],
  ['GITOPS_MANAGED', managed('helm-controller'), managed('helm')],
  [
    'GITOPS_MANAGED',
    {
      account: { metadata: { namespace: 'shop', labels: { 'helm.toolkit.fluxcd.io/name': 'x' } } },
    },
    {
      account: {
        metadata: {
          namespace: 'shop',
          labels: { 'helm.toolkit.fluxcd.io/name': 'x' },
          annotations: { 'azure.workload.identity/client-id': clientId },
        },
      },
    },
  ],
  ['IAC_MANAGED', managed('Terraform'), managed('my-Terraform')],
  ['IAC_MANAGED', managed('pulumi-kubernetes-1234'), managed('kubectl')],
  ['IAC_MANAGED', managed('HashiCorp'), managed('')],
  [
    'HELM_MANAGED',
    {
      metadata: {
        labels: { 'app.kubernetes.io/managed-by': 'Helm' },
        annotations: { 'meta.helm.sh/release-name': 'x' },
      },
    },
    { metadata: { labels: { 'app.kubernetes.io/managed-by': 'Helm' } } },
  ],
  [
    'ROLLOUT_DOWNTIME',
    { spec: { strategy: { type: 'Recreate' } } },
    { spec: { strategy: { type: 'Recreate' }, replicas: 0 } },
  ],
  [
    'ROLLOUT_DOWNTIME',
    { spec: { strategy: { rollingUpdate: { maxUnavailable: 3 } } } },
    { spec: { strategy: { rollingUpdate: { maxUnavailable: 2 } } } },
  ],
  [
    'ROLLOUT_DOWNTIME',
    { spec: { strategy: { rollingUpdate: { maxUnavailable: '100%' } } } },
    { spec: { strategy: { rollingUpdate: { maxUnavailable: '99%' } } } },
  ],
  [
    'ROLLOUT_DOWNTIME',
    { spec: { replicas: undefined, strategy: { rollingUpdate: { maxSurge: 0 } } } },
    { spec: { replicas: undefined } },
  ],
  [
    'ROLLOUT_DOWNTIME',
    { ...stateful, spec: { replicas: 1 } },
    { ...stateful, spec: { replicas: 2 } },
  ],
  [
    'ROLLOUT_ON_DELETE',
    { ...stateful, spec: onDelete },
    { ...stateful, spec: { ...onDelete, replicas: 0 } },
  ],
  ['ROLLOUT_ON_DELETE', { ...daemon, spec: onDelete }, { spec: onDelete }],
  [
    'LABEL_IN_SELECTOR',
    { spec: { selector: { matchLabels: { aadpodidbinding: 'app-id' } } } },
    { spec: { selector: { matchLabels: { app: 'aadpodidbinding' } } } },
  ],
  [
    'LABEL_IN_SELECTOR',
    { kind: 'ReplicationController', spec: { selector: { aadpodidbinding: 'app-id' } } },
    { kind: 'ReplicationController', spec: { selector: { app: 'app' } } },
  ],
];

/** R9, R11. */
export const accountTwins: Twins = [
  ['SA_DEFAULT_REPLACED', moved, { ...moved, options: { serviceAccountStrategy: 'keep' } }],
  [
    'SA_DEFAULT_REPLACED',
    { pod: { serviceAccountName: undefined } },
    { pod: { serviceAccountName: undefined, serviceAccount: 'app' } },
  ],
  [
    'SA_DEFAULT_REPLACED',
    { ...moved, ...annotated(clientId) },
    { ...moved, ...annotated(clientId), labels: migratedWorld.labels ?? {} },
  ],
  [
    'SA_HAS_RBAC',
    { ...moved, objects: [rolebinding(subjectAccount)] },
    { objects: [rolebinding(subjectAccount)] },
  ],
  [
    'SA_HAS_RBAC',
    { ...moved, objects: [rolebinding(subjectAccount, 'ClusterRoleBinding')] },
    {
      ...moved,
      objects: [rolebinding({ ...subjectAccount, namespace: 'other' }, 'ClusterRoleBinding')],
    },
  ],
  [
    'SA_HAS_RBAC',
    {
      ...moved,
      objects: [rolebinding({ kind: 'User', name: 'system:serviceaccount:shop:default' })],
    },
    { ...moved, objects: [rolebinding({ kind: 'Group', name: 'system:serviceaccounts:shop' })] },
  ],
  [
    'SA_SHARED_BY_IDENTITIES',
    { ...others, objects: [sharing(), ...second] },
    { objects: [sharing({ labels: {} })] },
  ],
  [
    'SA_SHARED_BY_IDENTITIES',
    { ...others, objects: [sharing(), ...second] },
    { ...others, objects: [sharing({ accountName: 'own' }), ...second] },
  ],
  ['SA_CLIENT_ID_CONFLICT', annotated('someone-else'), annotated(clientId.toUpperCase())],
  ['SA_CLIENT_ID_CONFLICT', annotated('someone-else'), annotated('')],
  ['PARTIALLY_MIGRATED', { ...migratedWorld, credentials: [] }, migratedWorld],
  [
    'PARTIALLY_MIGRATED',
    { labels: migratedWorld.labels ?? {} },
    { labels: { 'azure.workload.identity/use': 'false' } },
  ],
  [
    'SA_HAS_RBAC',
    { ...moved, objects: [rolebinding({ kind: 'ServiceAccount', name: 'default' })] },
    {
      ...moved,
      objects: [
        object('rbac.authorization.k8s.io/v1 RoleBinding', 'rights', {
          subjects: [subjectAccount, { ...subjectAccount, name: 'wi-app-id' }],
        }),
      ],
    },
  ],
];
