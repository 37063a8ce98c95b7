import { parse } from 'yaml';

import { migrationManifests } from '../../../domain/migration/manifests';
import { MigrationOptions } from '../../../domain/migration/options';
import { planMigration } from '../../../domain/migration/plan';
import type { Json, MigrationSnapshot } from '../../../domain/migration/snapshot';
import {
  binding,
  azureIdentity,
  clientId,
  clusterId,
  maker,
  managedIdentity,
  object,
  planOf,
  snapshotOf,
  workloadOf,
} from './support/a-world';
import type { World } from './support/a-world';
import { secretClass, trigger } from './support/twins-of-clusters';

function filesOf(world: World, options = {}) {
  const files = migrationManifests(planOf(world), snapshotOf(world), options);
  return new Map(files.map(({ path, content }) => [path, content]));
}

function parsedFile(world: World, path: string): unknown {
  const content = filesOf(world).get(path);
  return content === undefined ? undefined : parse(content);
}

const moved: World = { accountName: 'default' };
const rights = (kind: string, metadata: Json = {}) =>
  object(`rbac.authorization.k8s.io/v1 ${kind}`, 'rights', {
    metadata,
    subjects: [{ kind: 'ServiceAccount', name: 'default', namespace: 'shop' }],
  });

describe('the files of a plan', () => {
  it('are one per object, in the folder of its cluster and namespace', () => {
    const both = [maker('StatefulSet', 'app', moved)];

    expect([...filesOf({ ...moved, objects: both }).keys()]).toEqual([
      'aks/shop/kustomization.yaml',
      'aks/shop/deployment-app.yaml',
      'aks/shop/serviceaccount-wi-app-id.yaml',
      'aks/shop/statefulset-app.yaml',
    ]);
  });

  it('read like what a person would write', () => {
    expect(filesOf({ ...moved, annotations: {} }).get('aks/shop/deployment-app.yaml')).toBe(
      [
        '# ready: SA_DEFAULT_REPLACED.',
        'apiVersion: apps/v1',
        'kind: Deployment',
        'metadata:',
        '  name: app',
        '  namespace: shop',
        'spec:',
        '  template:',
        '    metadata:',
        '      labels:',
        '        azure.workload.identity/use: "true"',
        '      annotations:',
        '        azure.workload.identity/inject-proxy-sidecar: "true"',
        '    spec:',
        '      serviceAccountName: wi-app-id',
        '',
      ].join('\n'),
    );
    expect(filesOf(moved).get('aks/shop/kustomization.yaml')).toBe(
      [
        '# Name this folder in the components of the kustomization that has the workloads.',
        'apiVersion: kustomize.config.k8s.io/v1alpha1',
        'kind: Component',
        'resources:',
        '  - serviceaccount-wi-app-id.yaml',
        'patches:',
        '  - path: deployment-app.yaml',
        '    target:',
        '      kind: Deployment',
        '      name: app',
        '',
      ].join('\n'),
    );
  });

  it('reach into the template of a CronJob', () => {
    expect(parsedFile({ kind: 'CronJob' }, 'aks/shop/cronjob-app.yaml')).toMatchObject({
      apiVersion: 'batch/v1',
      spec: {
        jobTemplate: {
          spec: { template: { metadata: { labels: { 'azure.workload.identity/use': 'true' } } } },
        },
      },
    });
  });

  it('say how a Pod, a Job and the work of an operator are changed', () => {
    const rollout = {
      ownerReferences: [
        { apiVersion: 'argoproj.io/v1alpha1', kind: 'Rollout', name: 'app', controller: true },
      ],
    };
    const owned = { kind: 'ReplicaSet', metadata: rollout };

    expect(filesOf({ kind: 'Pod' }).get('aks/shop/pod-app.yaml')).toContain(
      '# A running Pod cannot',
    );
    expect(parsedFile({ kind: 'Pod' }, 'aks/shop/pod-app.yaml')).toMatchObject({
      metadata: { name: 'app', labels: { 'azure.workload.identity/use': 'true' } },
    });
    expect(filesOf({ kind: 'Job' }).get('aks/shop/job-app.yaml')).toContain(
      '# The template of a Job',
    );
    expect(filesOf(owned).get('aks/shop/rollout-app.yaml')).toContain(
      'apiVersion: argoproj.io/v1alpha1',
    );
  });

  it('carry pull secrets to a new account, and only an annotation to one that is there', () => {
    const account = { imagePullSecrets: [{ name: 'acr' }, {}] };

    expect(parsedFile({ ...moved, account }, 'aks/shop/serviceaccount-wi-app-id.yaml')).toEqual({
      apiVersion: 'v1',
      kind: 'ServiceAccount',
      metadata: {
        name: 'wi-app-id',
        namespace: 'shop',
        annotations: { 'azure.workload.identity/client-id': clientId },
      },
      imagePullSecrets: [{ name: 'acr' }],
    });
    expect(parsedFile({ account }, 'aks/shop/serviceaccount-app.yaml')).not.toHaveProperty(
      'imagePullSecrets',
    );
  });

  it('give the rights of an account to the one that takes its place, and take none away', () => {
    const world = {
      ...moved,
      objects: [rights('RoleBinding'), rights('ClusterRoleBinding', { namespace: '' })],
    };
    const subjects = [
      { kind: 'ServiceAccount', name: 'default', namespace: 'shop' },
      { kind: 'ServiceAccount', name: 'wi-app-id', namespace: 'shop' },
    ];

    expect(parsedFile(world, 'aks/shop/rolebinding-rights.yaml')).toMatchObject({ subjects });
    expect(parsedFile(world, 'aks/_cluster/clusterrolebinding-rights.yaml')).toMatchObject({
      subjects,
    });
    expect([...filesOf({ objects: [rights('RoleBinding')] }).keys()]).not.toContain(
      'aks/shop/rolebinding-rights.yaml',
    );
  });

  it('put the redirect first where init containers want tokens', () => {
    const webhook = object('apps/v1 Deployment', 'azure-wi-webhook-controller-manager', {
      metadata: { namespace: 'kube-system' },
      spec: {
        template: {
          spec: {
            containers: [{ image: 'mirror.example/oss/v2/azure/workload-identity/webhook:v1.6.0' }],
          },
        },
      },
    });
    const early = {
      pod: { initContainers: [{ name: 'migrate' }] },
      container: { ports: [{ containerPort: 8000 }] },
    };
    const path = 'aks/shop/deployment-app.proxy-init.yaml';

    expect(parsedFile({ ...early, objects: [webhook] }, path)).toMatchObject([
      {
        op: 'add',
        path: '/spec/template/spec/initContainers/0',
        value: {
          name: 'azwi-proxy-init',
          image: 'mirror.example/oss/v2/azure/workload-identity/proxy-init:v1.6.0',
          env: [{ name: 'PROXY_PORT', value: '8010' }],
        },
      },
    ]);
    expect(filesOf(early).get(path)).toContain('# Set the image');
    expect([...filesOf({}).keys()]).not.toContain(path);
  });

  it('bring the token along where the webhook does not come', () => {
    const world: World = {
      namespace: 'kube-system',
      options: { authModeDefault: 'sdk' },
      container: { env: [{ name: 'AZURE_CLIENT_ID', value: clientId }] },
    };
    const file = parsedFile(world, 'aks/kube-system/deployment-app.yaml') as Json;
    const { spec } = (file['spec'] as { template: { spec: Json } }).template;

    expect(workloadOf(planOf(world))).toMatchObject({ auth: 'static', status: 'ready' });
    expect(spec).toMatchObject({
      containers: [
        {
          name: 'main',
          env: [
            { name: 'AZURE_TENANT_ID' },
            { name: 'AZURE_AUTHORITY_HOST' },
            {
              name: 'AZURE_FEDERATED_TOKEN_FILE',
              value: '/var/run/secrets/azure/tokens/azure-identity-token',
            },
          ],
          volumeMounts: [{ mountPath: '/var/run/secrets/azure/tokens', readOnly: true }],
        },
      ],
      volumes: [
        {
          projected: {
            sources: [
              {
                serviceAccountToken: {
                  audience: 'api://AzureADTokenExchange',
                  expirationSeconds: 3600,
                },
              },
            ],
          },
        },
      ],
    });
  });

  it('take out an annotation that injects whatever it says', () => {
    const world: World = {
      options: { authModeDefault: 'sdk' },
      annotations: { 'azure.workload.identity/inject-proxy-sidecar': 'false' },
    };

    expect(filesOf(world).get('aks/shop/deployment-app.yaml')).toContain(
      'inject-proxy-sidecar: null',
    );
  });

  it('turn other consumers to Workload ID', () => {
    const csi = {
      driver: 'secrets-store.csi.k8s.io',
      volumeAttributes: { secretProviderClass: 'vault' },
    };
    const world: World = {
      pod: { volumes: [{ name: 'v', csi }] },
      objects: [
        secretClass({ usePodIdentity: 'true' }),
        secretClass({ usePodIdentity: 'true' }, 'nobodys'),
        trigger('azure'),
      ],
    };

    expect(parsedFile(world, 'aks/shop/secretproviderclass-vault.yaml')).toMatchObject({
      spec: { parameters: { usePodIdentity: 'false', clientID: clientId } },
    });
    expect(filesOf(world).get('aks/shop/secretproviderclass-nobodys.yaml')).toContain(
      '# Set spec.parameters.clientID',
    );
    expect(parsedFile(world, 'aks/shop/triggerauthentication-queue.yaml')).toMatchObject({
      spec: { podIdentity: { provider: 'azure-workload' } },
    });
  });

  it('take out the label later, where that can be done', () => {
    const kept = { spec: { selector: { matchLabels: { aadpodidbinding: 'app-id' } } } };
    const path = 'aks/shop/later/deployment-app.yaml';

    expect(filesOf({}, { later: true }).get(path)).toContain('aadpodidbinding: null');
    expect([...filesOf(kept, { later: true }).keys()]).not.toContain(path);
    expect([...filesOf({}).keys()]).not.toContain(path);
  });

  it('stay in their folder, whatever a cluster calls its objects', () => {
    const evil = {
      ...maker('Deployment', '../../x'),
      metadata: { name: '../../x', namespace: '../../etc' },
    };
    const objects = [
      evil,
      azureIdentity('app', {}, { namespace: '../../etc' }),
      binding('app', 'app-id', { namespace: '../../etc' }),
    ];
    const paths = [...filesOf({ objects }).keys()];

    expect(paths.some((path) => path.endsWith('deployment---..-x.yaml'))).toBe(true);
    expect(
      paths.every((path) => path.split('/').length === 3 && !path.split('/').includes('..')),
    ).toBe(true);
  });

  it('are kept apart for clusters of one name', () => {
    const one = snapshotOf();
    const second = clusterId.replace('rg-aks', 'rg-two');
    const two: MigrationSnapshot = {
      fleet: {
        ...one.fleet,
        identities: [managedIdentity('app')],
        clusters: [...one.fleet.clusters, { ...one.fleet.clusters[0], id: second }],
      },
      kubernetes: { ...one.kubernetes, [second]: one.kubernetes[clusterId] as never },
    };
    const files = migrationManifests(planMigration(two, MigrationOptions.parse({})), two);

    expect(new Set(files.map(({ path }) => path)).size).toBe(files.length);
    expect(files).toHaveLength(6);
  });
});
