import { objectAt, objectsAt, textAt } from '../../json';
import type { JsonObject } from '../../json';
import type { Cluster } from '../../providers/container-service/cluster';
import type { World } from '../../world';
import { isReady } from '../controllers/pod-facts';
import { hasLabels, labelsOf, resourceOf } from '../controllers/objects';
import type { Kind } from '../controllers/objects';
import type { KubeAnswer } from '../kube-request';
import type { KubeObject } from '../resource-table';
import { serverVersion } from '../objects/server-version';
import { failure } from '../status';
import { injected } from './injection';

export const configurationName = 'azure-wi-webhook-mutating-webhook-configuration';
const webhookName = 'mutation.azure-workload-identity.io';
const useLabel = 'azure.workload.identity/use';

interface Context {
  readonly cluster: Cluster;
  readonly world: World;
  readonly namespace: string;
}

/**
 * The webhook of Azure Workload Identity 1.6: it changes pods with the use label as they are created. Where its
 * configuration stands but no pod of it is ready, such pods are refused, since its failure policy is `Fail`.
 */
export function workloadIdentityWebhook(
  pod: KubeObject,
  context: Context,
): { readonly pod: KubeObject } | { readonly refused: KubeAnswer } {
  const webhook = webhookOf(context);
  if (webhook === undefined || !concerns(pod, webhook, context)) return { pod };
  const server = serverOf(webhook, context);
  if (server === undefined) {
    return textAt(webhook, 'failurePolicy') === 'Ignore'
      ? { pod }
      : { refused: unreachable(webhook) };
  }
  const name = textAt(pod, 'spec', 'serviceAccountName') ?? 'default';
  const account = get(context, 'ServiceAccount', [context.namespace, name]);
  if (account === undefined) {
    return { refused: denied(400, `ServiceAccount "${name}" not found`) };
  }
  const result = injected(pod, account, versionsOf(server, context));
  return 'error' in result ? { refused: denied(400, result.error) } : result;
}

function webhookOf(context: Context): JsonObject | undefined {
  const configuration = get(context, 'MutatingWebhookConfiguration', ['', configurationName]);
  return objectsAt(configuration, 'webhooks').find(({ name }) => name === webhookName);
}

/** Pods with the label, outside of the namespaces that the admissions enforcer of AKS leaves out. */
function concerns(pod: KubeObject, webhook: JsonObject, context: Context): boolean {
  const selector = objectAt(webhook, 'objectSelector', 'matchLabels');
  const wanted = Object.keys(selector).length === 0 ? { [useLabel]: 'true' } : selector;
  if (!hasLabels(labelsOf(pod), wanted)) return false;
  if (context.namespace === 'kube-system') return false;
  const namespace = get(context, 'Namespace', ['', context.namespace]);
  const labels = objectAt(namespace?.metadata, 'labels');
  return (
    labels['control-plane'] === undefined && labels['kubernetes.azure.com/managedby'] !== 'aks'
  );
}

/** A pod that answers for the webhook: ready, and of a deployment with its image in the namespace it is served from. */
function serverOf(webhook: JsonObject, { cluster, world }: Context): KubeObject | undefined {
  const namespace = textAt(webhook, 'clientConfig', 'service', 'namespace') ?? 'kube-system';
  const list = { cluster: cluster.id, resource: resourceOf.Pod, namespace };
  return world.objects.list(list).find((pod) => imageOf(pod) !== undefined && isReady(pod));
}

const image = /workload-identity\/webhook(?::v?(\d+)\.(\d+))?/;

function imageOf(pod: KubeObject): RegExpExecArray | undefined {
  const found = objectsAt(pod, 'spec', 'containers').map((one) =>
    image.exec(textAt(one, 'image') ?? ''),
  );
  return found.find((one) => one !== null) ?? undefined;
}

function versionsOf(server: KubeObject, { cluster, world }: Context) {
  const [, major = '1', minor = '6'] = imageOf(server) ?? [];
  const [, kubernetesMinor = '0'] = serverVersion(cluster, world).split('.');
  return {
    tenantId: world.tenantId,
    webhookMinor: Number(major) > 1 ? 99 : Number(minor),
    nativeSidecar: Number(kubernetesMinor) >= 32,
  };
}

function unreachable(webhook: JsonObject): KubeAnswer {
  const service = textAt(webhook, 'clientConfig', 'service', 'name') ?? '';
  const namespace = textAt(webhook, 'clientConfig', 'service', 'namespace') ?? '';
  return failure(
    500,
    `Internal error occurred: failed calling webhook "${webhookName}": failed to call webhook: Post "https://${service}.${namespace}.svc:443/mutate-v1-pod?timeout=10s": no endpoints available for service "${service}"`,
  );
}

function denied(code: number, message: string): KubeAnswer {
  return failure(code, `admission webhook "${webhookName}" denied the request: ${message}`);
}

function get(
  { cluster, world }: Context,
  kind: Kind,
  [namespace, name]: readonly [string, string],
): KubeObject | undefined {
  return world.objects.get({ cluster: cluster.id, resource: resourceOf[kind], namespace, name });
}
