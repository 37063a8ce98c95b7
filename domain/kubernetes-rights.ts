import type { Capability } from './permissions';

/** What somebody may do with kinds of one API group inside a cluster, as a rule of a ClusterRole. */
export interface KubernetesRule {
  /** Empty for the core group. */
  readonly group: string;
  readonly resources: readonly string[];
  readonly verbs: readonly string[];
}

type InsideCapability = Extract<
  Capability,
  'podIdentity' | 'podIdentitySurvey' | 'workloadIdentity' | 'podIdentityRemoval'
>;

const look = ['get', 'list'];
const aad = 'aadpodidentity.k8s.io';
const workloads = ['deployments', 'statefulsets', 'daemonsets'];

const survey: readonly KubernetesRule[] = [
  {
    group: '',
    resources: [
      ...['limitranges', 'namespaces', 'pods', 'pods/log', 'replicationcontrollers'],
      ...['resourcequotas', 'serviceaccounts'],
    ],
    verbs: look,
  },
  { group: '', resources: ['configmaps', 'pods/proxy'], verbs: ['get'] },
  { group: 'apps', resources: [...workloads, 'replicasets'], verbs: look },
  { group: 'autoscaling', resources: ['horizontalpodautoscalers'], verbs: look },
  { group: 'batch', resources: ['cronjobs', 'jobs'], verbs: look },
  {
    group: 'rbac.authorization.k8s.io',
    resources: ['clusterrolebindings', 'rolebindings'],
    verbs: look,
  },
  {
    group: 'admissionregistration.k8s.io',
    resources: ['mutatingwebhookconfigurations'],
    verbs: look,
  },
  {
    group: aad,
    resources: [
      ...['azureidentities', 'azureidentitybindings', 'azureassignedidentities'],
      'azurepodidentityexceptions',
    ],
    verbs: look,
  },
  {
    group: 'keda.sh',
    resources: ['triggerauthentications', 'clustertriggerauthentications'],
    verbs: look,
  },
  { group: 'secrets-store.csi.x-k8s.io', resources: ['secretproviderclasses'], verbs: look },
];

/** What each capability that goes into clusters does there; what it shares with the survey is not repeated. */
export const kubernetesRights: Readonly<Record<InsideCapability, readonly KubernetesRule[]>> = {
  podIdentity: [
    { group: '', resources: ['pods'], verbs: ['create', 'delete'] },
    { group: 'templates.gatekeeper.sh', resources: ['constrainttemplates'], verbs: ['get'] },
    { group: 'constraints.gatekeeper.sh', resources: ['k8spspcapabilities'], verbs: ['list'] },
  ],
  podIdentitySurvey: survey,
  workloadIdentity: [
    { group: '', resources: ['events'], verbs: ['list'] },
    { group: '', resources: ['pods', 'pods/eviction', 'serviceaccounts/token'], verbs: ['create'] },
    { group: '', resources: ['serviceaccounts'], verbs: ['create', 'patch', 'delete'] },
    { group: 'apps', resources: [...workloads, 'replicasets'], verbs: ['patch'] },
    { group: 'batch', resources: ['cronjobs'], verbs: ['patch'] },
  ],
  podIdentityRemoval: [
    { group: '', resources: ['nodes'], verbs: ['list'] },
    { group: '', resources: ['pods'], verbs: ['create', 'delete'] },
    {
      group: 'apps',
      resources: ['deployments', 'daemonsets'],
      verbs: ['create', 'patch', 'delete'],
    },
    {
      group: aad,
      resources: ['azureidentities', 'azureidentitybindings', 'azurepodidentityexceptions'],
      verbs: ['create', 'patch', 'delete'],
    },
    {
      group: 'apiextensions.k8s.io',
      resources: ['customresourcedefinitions'],
      verbs: ['get', 'create', 'delete'],
    },
  ],
};
