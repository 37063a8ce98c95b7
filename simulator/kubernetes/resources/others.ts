import { at, objectAt, objectsAt, textAt } from '../../json';
import { said } from '../object-parts';
import type { ApiGroup, KubeObject, StoredResource } from '../resource-table';
import { ageColumn, createdColumn, member, nameColumn, number, pairs, text } from './columns';
import { stored } from './stored';

const subjects = (kind: string): ((object: KubeObject) => string) => {
  return (object) =>
    objectsAt(object, 'subjects')
      .filter((one) => one['kind'] === kind)
      .map((one) =>
        [textAt(one, 'namespace'), textAt(one, 'name')]
          .filter((part) => part !== undefined)
          .join('/'),
      )
      .join(', ');
};

const bindingColumns = [
  nameColumn,
  text(
    'Role',
    (object) =>
      `${textAt(object, 'roleRef', 'kind') ?? ''}/${textAt(object, 'roleRef', 'name') ?? ''}`,
  ),
  ageColumn,
  text('Users', subjects('User'), 1),
  text('Groups', subjects('Group'), 1),
  text('ServiceAccounts', subjects('ServiceAccount'), 1),
];

const webhookColumns = [
  nameColumn,
  text('Webhooks', (object) => objectsAt(object, 'webhooks').length),
  ageColumn,
];

const autoscalers = stored({
  name: 'horizontalpodautoscalers',
  kind: 'HorizontalPodAutoscaler',
  shortNames: ['hpa'],
  categories: ['all'],
  subresources: ['status'],
  columns: [
    nameColumn,
    text('Reference', (object) => {
      const target = objectAt(object, 'spec', 'scaleTargetRef');
      return `${textAt(target, 'kind') ?? ''}/${textAt(target, 'name') ?? ''}`;
    }),
    text('Targets', targetsText),
    text('MinPods', (object) => said(at(object, 'spec', 'minReplicas') ?? 1)),
    number('MaxPods', 'spec', 'maxReplicas'),
    number('Replicas', 'status', 'currentReplicas'),
    ageColumn,
  ],
});

const disruptionBudgets = stored({
  name: 'poddisruptionbudgets',
  kind: 'PodDisruptionBudget',
  shortNames: ['pdb'],
  subresources: ['status'],
  columns: [
    nameColumn,
    text('Min Available', (object) => said(at(object, 'spec', 'minAvailable') ?? 'N/A')),
    text('Max Unavailable', (object) => said(at(object, 'spec', 'maxUnavailable') ?? 'N/A')),
    number('Allowed Disruptions', 'status', 'disruptionsAllowed'),
    ageColumn,
  ],
});

const rbac: readonly StoredResource[] = [
  stored({ name: 'roles', kind: 'Role', columns: [nameColumn, createdColumn] }),
  stored({ name: 'rolebindings', kind: 'RoleBinding', columns: bindingColumns }),
  stored({
    name: 'clusterroles',
    kind: 'ClusterRole',
    namespaced: false,
    columns: [nameColumn, createdColumn],
  }),
  stored({
    name: 'clusterrolebindings',
    kind: 'ClusterRoleBinding',
    namespaced: false,
    columns: bindingColumns,
  }),
];

const webhooks: readonly StoredResource[] = ['Mutating', 'Validating'].map((type) =>
  stored({
    name: `${type.toLowerCase()}webhookconfigurations`,
    kind: `${type}WebhookConfiguration`,
    namespaced: false,
    categories: ['api-extensions'],
    columns: webhookColumns,
  }),
);

const definitions = stored({
  name: 'customresourcedefinitions',
  kind: 'CustomResourceDefinition',
  namespaced: false,
  shortNames: ['crd', 'crds'],
  categories: ['api-extensions'],
  subresources: ['status'],
  columns: [nameColumn, createdColumn],
});

const networkPolicies = stored({
  name: 'networkpolicies',
  kind: 'NetworkPolicy',
  shortNames: ['netpol'],
  columns: [
    nameColumn,
    text('Pod-Selector', (object) => pairs(objectAt(object, 'spec', 'podSelector', 'matchLabels'))),
    ageColumn,
  ],
});

/** Groups that every cluster serves, beside core, apps and batch. */
export const otherGroups: readonly ApiGroup[] = [
  { group: 'autoscaling', version: 'v2', resources: [autoscalers] },
  { group: 'policy', version: 'v1', resources: [disruptionBudgets] },
  { group: 'rbac.authorization.k8s.io', version: 'v1', resources: rbac },
  { group: 'admissionregistration.k8s.io', version: 'v1', resources: webhooks },
  { group: 'apiextensions.k8s.io', version: 'v1', resources: [definitions] },
  { group: 'networking.k8s.io', version: 'v1', resources: [networkPolicies] },
];

const custom = (name: string, kind: string, columns: readonly [string, string][] = []) =>
  stored({
    name,
    kind,
    columns: [nameColumn, ...columns.map(([title, path]) => member(title, path)), ageColumn],
  });

/** Groups of custom resources that only some clusters have. */
export const customGroups: readonly ApiGroup[] = [
  {
    group: 'aadpodidentity.k8s.io',
    version: 'v1',
    resources: [
      custom('azureidentities', 'AzureIdentity', [
        ['Type', 'spec.type'],
        ['ClientID', 'spec.clientID'],
      ]),
      custom('azureidentitybindings', 'AzureIdentityBinding', [
        ['AzureIdentity', 'spec.azureIdentity'],
        ['Selector', 'spec.selector'],
      ]),
      custom('azurepodidentityexceptions', 'AzurePodIdentityException'),
      custom('azureassignedidentities', 'AzureAssignedIdentity'),
    ],
  },
  {
    group: 'secrets-store.csi.x-k8s.io',
    version: 'v1',
    resources: [custom('secretproviderclasses', 'SecretProviderClass')],
  },
  {
    group: 'keda.sh',
    version: 'v1alpha1',
    resources: [
      { ...custom('triggerauthentications', 'TriggerAuthentication'), shortNames: ['ta'] },
      {
        ...custom('clustertriggerauthentications', 'ClusterTriggerAuthentication'),
        namespaced: false,
        shortNames: ['cta'],
      },
    ],
  },
  {
    group: 'constraints.gatekeeper.sh',
    version: 'v1beta1',
    resources: [
      {
        ...custom('k8spspcapabilities', 'K8sPSPCapabilities'),
        namespaced: false,
        categories: ['constraint'],
        subresources: ['status'],
      },
    ],
  },
  {
    group: 'templates.gatekeeper.sh',
    version: 'v1',
    resources: [
      {
        ...custom('constrainttemplates', 'ConstraintTemplate'),
        namespaced: false,
        subresources: ['status'],
      },
    ],
  },
];

function targetsText(autoscaler: KubeObject): string {
  return objectsAt(autoscaler, 'spec', 'metrics')
    .map((metric) => {
      const type = textAt(metric, 'type') ?? '';
      const resource = objectAt(metric, type.charAt(0).toLowerCase() + type.slice(1));
      const wanted = at(resource, 'target', 'averageUtilization');
      return `${textAt(resource, 'name') ?? type}: <unknown>/${said(wanted ?? '?')}%`;
    })
    .join(', ');
}
