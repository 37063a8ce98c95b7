import { objectAt, objectsIn, textIn } from '../json';
import { issuesIf } from '../codes';
import type { Issue } from '../codes';
import { namespaceOf } from '../reading/cluster-context';
import type { ClusterContext } from '../reading/cluster-context';
import { allIn } from '../reading/kubernetes-objects';
import type { KubernetesObject } from '../reading/kubernetes-objects';
import { allContainers } from '../reading/pod-template';
import type { PodTemplate } from '../reading/pod-template';
import { nativeSidecarVersion } from '../reading/server-version';
import type { Workload } from '../reading/workloads';
import { proxyInitName } from '../words';
import { hasDefaultRequest } from './sidecar-blockers';

export interface SidecarSetting {
  readonly port: number;
  readonly pinProxyInit: boolean;
  readonly issues: readonly Issue[];
}

export const defaultProxyPort = 8000;
export const portAnnotation = 'azure.workload.identity/proxy-sidecar-port';

/** R7: how the proxy sidecar is put into a workload's pods, and what it changes there. */
export function sidecarSetting(workload: Workload, context: ClusterContext): SidecarSetting {
  const { template } = workload;
  const native = context.version >= nativeSidecarVersion;
  const early = template.initContainers.length > 0;
  const [first] = objectsIn(template.spec['initContainers']);
  const pinProxyInit = native && early && textIn(first?.['name']) !== proxyInitName;
  const port = freePort(template);
  return {
    port,
    pinProxyInit,
    issues: issuesIf({
      PROXY_PORT_CHANGED: port !== defaultProxyPort,
      PROXY_INIT_PINNED: pinProxyInit,
      INIT_CONTAINER_BYPASSES_PROXY: !native && early,
      HPA_RESOURCE_METRIC: isScaledByUtilisation(workload, context),
      MESH_SIDECAR: isInMesh(workload, context),
    }),
  };
}

function freePort(template: PodTemplate): number {
  const taken = new Set(
    allContainers(template).flatMap(({ ports }) =>
      objectsIn(ports).map(({ containerPort }) => containerPort),
    ),
  );
  let port = defaultProxyPort;
  while (taken.has(port)) port += 10;
  return port;
}

/** The proxy asks for no resources, so that an autoscaler cannot tell how much of them a pod uses. */
function isScaledByUtilisation(
  { kind, namespace, name }: Workload,
  { state }: ClusterContext,
): boolean {
  return allIn(state, 'autoscaling/HorizontalPodAutoscaler', namespace).some((scaler) => {
    const target = objectAt(scaler.body, 'spec', 'scaleTargetRef');
    return (
      textIn(target['kind']) === kind &&
      textIn(target['name']) === name &&
      resourceMetrics(scaler).some((resource) => !hasDefaultRequest(state, namespace, resource))
    );
  });
}

function resourceMetrics({ body }: KubernetesObject): readonly string[] {
  const spec = objectAt(body, 'spec');
  // Version 1 knows no other metric than the CPU.
  if (textIn(body['apiVersion']) === 'autoscaling/v1') return ['cpu'];
  return objectsIn(spec['metrics'])
    .filter(({ type }) => textIn(type) === 'Resource')
    .map((metric) => textIn(objectAt(metric, 'resource')['name']));
}

function isInMesh({ namespace, template }: Workload, { state }: ClusterContext): boolean {
  const around = namespaceOf(state, namespace);
  const said = (name: string) => template.labels.get(name) ?? template.annotations.get(name);
  const istio = said('sidecar.istio.io/inject');
  const linkerd = said('linkerd.io/inject') ?? around?.annotations.get('linkerd.io/inject');
  const labels = around?.labels;
  const byNamespace = labels?.get('istio-injection') === 'enabled' || labels?.has('istio.io/rev');
  return linkerd === 'enabled' || istio === 'true' || (byNamespace === true && istio !== 'false');
}
