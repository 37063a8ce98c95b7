import { at, objectAt, objectsAt, textAt, withAt } from '../../json';
import type { JsonObject } from '../../json';
import type { Inside } from '../controllers/inside';
import type { KubeObject } from '../resource-table';
import { Authority } from '../tls/authority';
import { isSettled } from '../life/settled';
import { configurationName } from './workload-identity';

const namespace = 'kube-system';
const name = 'azure-wi-webhook-controller-manager';
const system = { 'azure-workload-identity.io/system': 'true' };

/** Brings the webhook of a cluster with workload identity, and takes it away when that is switched off. */
export function mirrorWorkloadIdentity(inside: Inside): void {
  if (!isSettled(inside)) return;
  const { cluster } = inside;
  const profile = objectAt(cluster, 'properties', 'securityProfile', 'workloadIdentity');
  if (profile['enabled'] === true) install(inside);
  else uninstall(inside);
}

function install(inside: Inside): void {
  const own = { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: account, namespace } };
  if (inside.get('ServiceAccount', namespace, account) === undefined) {
    inside.create('ServiceAccount', own);
  }
  if (inside.get('Deployment', namespace, name) === undefined) {
    inside.create('Deployment', deployment());
  }
  const found = inside.get('MutatingWebhookConfiguration', '', configurationName);
  if (found === undefined) inside.create('MutatingWebhookConfiguration', configuration(inside));
  else if (isOwn(found)) inside.put('MutatingWebhookConfiguration', withAuthority(found, inside));
}

const account = 'azure-wi-webhook-admin';

function uninstall(inside: Inside): void {
  const found = inside.get('Deployment', namespace, name);
  if (found === undefined) return;
  inside.delete('Deployment', found);
  const hooks = inside.get('MutatingWebhookConfiguration', '', configurationName);
  if (hooks !== undefined && isOwn(hooks)) inside.delete('MutatingWebhookConfiguration', hooks);
  const accounts = inside.get('ServiceAccount', namespace, account);
  if (accounts !== undefined) inside.delete('ServiceAccount', accounts);
}

/** Whether a configuration is served from where AKS serves its own. */
function isOwn(hooks: KubeObject): boolean {
  return objectsAt(hooks, 'webhooks').every(
    (one) => textAt(one, 'clientConfig', 'service', 'namespace') === namespace,
  );
}

/** The webhook writes its authority into its configuration as soon as it runs. */
function withAuthority(hooks: KubeObject, inside: Inside): KubeObject {
  const webhooks = objectsAt(hooks, 'webhooks').map((one) =>
    at(one, 'clientConfig', 'caBundle') === undefined
      ? withAt(one, ['clientConfig', 'caBundle'], authority(inside))
      : one,
  );
  return { ...hooks, webhooks };
}

function authority({ world, cluster }: Inside): string {
  return Buffer.from(new Authority(world.seed, cluster.id).certificate).toString('base64');
}

function configuration(inside: Inside): KubeObject {
  const service = {
    name: 'azure-wi-webhook-webhook-service',
    namespace,
    path: '/mutate-v1-pod',
    port: 443,
  };
  const webhook: JsonObject = {
    name: 'mutation.azure-workload-identity.io',
    admissionReviewVersions: ['v1', 'v1beta1'],
    clientConfig: { caBundle: authority(inside), service },
    failurePolicy: 'Fail',
    matchPolicy: 'Equivalent',
    objectSelector: { matchLabels: { 'azure.workload.identity/use': 'true' } },
    reinvocationPolicy: 'IfNeeded',
    rules: [{ apiGroups: [''], apiVersions: ['v1'], operations: ['CREATE'], resources: ['pods'] }],
    sideEffects: 'None',
  };
  return {
    apiVersion: 'admissionregistration.k8s.io/v1',
    kind: 'MutatingWebhookConfiguration',
    metadata: { name: configurationName, labels: managed },
    webhooks: [webhook],
  };
}

const managed = { ...system, 'kubernetes.azure.com/managedby': 'aks' };

function deployment(): KubeObject {
  const labels = { app: name, ...managed };
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name, namespace, labels: managed },
    spec: {
      replicas: 2,
      selector: { matchLabels: { app: name, ...system } },
      strategy: {
        type: 'RollingUpdate',
        rollingUpdate: { maxSurge: '25%', maxUnavailable: '25%' },
      },
      template: {
        metadata: { labels },
        spec: {
          serviceAccountName: account,
          nodeSelector: { 'kubernetes.io/os': 'linux' },
          priorityClassName: 'system-cluster-critical',
          containers: [
            {
              name: 'manager',
              image: 'mcr.microsoft.com/oss/v2/azure/workload-identity/webhook:v1.6.0',
              args: ['--arc-cluster=false', '--log-level=info'],
            },
          ],
        },
      },
    },
  };
}
