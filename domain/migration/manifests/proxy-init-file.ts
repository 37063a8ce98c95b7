import type { TemplatePatch, WorkloadMigration } from '../document';
import { textIn } from '../json';
import { allOf } from '../reading/kubernetes-objects';
import type { KubernetesState } from '../reading/kubernetes-objects';
import { podTemplate, rawTemplatePath } from '../reading/pod-template';
import type { Workload } from '../reading/workloads';
import { defaultProxyPort, portAnnotation } from '../rules/sidecar-notes';
import type { Json } from '../snapshot';
import { proxyInitName } from '../words';
import type { Manifest } from './manifest-file';

/**
 * A JSON patch that puts the redirect to the proxy before all other init containers, as a strategic merge
 * says nothing about order. The webhook leaves a container of this name where it is. Its image is the one
 * that belongs to the webhook of the cluster.
 */
export function proxyInitFile(
  plan: WorkloadMigration,
  workload: Workload | undefined,
  state: KubernetesState,
): readonly Manifest[] {
  const { templatePatch, kind, namespace, name } = plan;
  if (!workload || templatePatch?.pinProxyInit !== true) return [];
  const image = proxyInitImage(state);
  const path = `/${[...rawTemplatePath(kind), 'spec', 'initContainers', '0'].join('/')}`;
  const body = [{ op: 'add', path, value: container(templatePatch, image) }];
  const notes = image === '' ? ['Set the image: proxy-init in the version of the webhook.'] : [];
  return [{ namespace, kind, name, is: 'patch', body, notes, suffix: 'proxy-init' }];
}

function container({ annotations }: TemplatePatch, image: string): Json {
  return {
    name: proxyInitName,
    image,
    imagePullPolicy: 'IfNotPresent',
    securityContext: {
      privileged: true,
      runAsNonRoot: false,
      runAsUser: 0,
      capabilities: { add: ['NET_ADMIN'], drop: ['ALL'] },
    },
    env: [{ name: 'PROXY_PORT', value: annotations[portAnnotation] ?? `${defaultProxyPort}` }],
  };
}

/** Image of the same registry and version as that of the webhook; empty where there is no webhook yet. */
function proxyInitImage(state: KubernetesState): string {
  const images = allOf(state, 'apps/Deployment').flatMap((deployment) =>
    podTemplate(deployment).containers.map(({ image }) => textIn(image)),
  );
  const webhook = images.find((image) => /(^|\/)workload-identity\/webhook:/.test(image));
  return webhook?.replace(/\/webhook:/, '/proxy-init:') ?? '';
}
