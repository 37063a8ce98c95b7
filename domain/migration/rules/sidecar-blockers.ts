import { objectAt, objectIn, objectsIn, textIn } from '../json';
import { issuesIf } from '../codes';
import type { Issue } from '../codes';
import { namespaceOf } from '../reading/cluster-context';
import type { ClusterContext } from '../reading/cluster-context';
import { allIn } from '../reading/kubernetes-objects';
import type { KubernetesState } from '../reading/kubernetes-objects';
import { asksByResourceId } from '../reading/nmi-evidence';
import { allContainers } from '../reading/pod-template';
import type { PodTemplate } from '../reading/pod-template';
import { nativeSidecarVersion } from '../reading/server-version';
import { isOnHostNetwork } from '../reading/workloads';
import type { Workload } from '../reading/workloads';
import type { UsedIdentity } from './identity-rule';

const proxyUser = 1501; // the redirect lets this user's packets through

/** R7: what keeps the proxy sidecar out of a workload's pods, or makes it answer wrongly. */
export function sidecarBlockers(
  workload: Workload,
  identities: readonly UsedIdentity[],
  { state, version, evidence }: ClusterContext,
): readonly Issue[] {
  const { namespace, template, pods, kind, source } = workload;
  const labels = namespaceOf(state, namespace)?.labels;
  const several = new Set(identities.map(({ federates }) => federates)).size > 1;
  return issuesIf({
    HOST_NETWORK: isOnHostNetwork(template),
    WINDOWS: isWindows(template),
    PSA_ENFORCE: ['baseline', 'restricted'].includes(
      labels?.get('pod-security.kubernetes.io/enforce') ?? '',
    ),
    JOB_SIDECAR_NEVER_COMPLETES:
      version < nativeSidecarVersion &&
      [kind, source.kind].some((one) => ['Job', 'CronJob'].includes(one)),
    QUOTA_REQUIRES_RESOURCES: lacksQuotaDefaults(state, namespace),
    PROXY_UID_COLLISION: [template.spec, ...allContainers(template)].some(
      (part) => objectAt(part, 'securityContext')['runAsUser'] === proxyUser,
    ),
    IMDS_BY_RESOURCE_ID: several && asksByResourceId(evidence, pods),
    ADMISSION_EXCLUDED_NAMESPACE: isExcludedNamespace(state, namespace),
  });
}

/** R8: namespaces whose pods the admissions enforcer of AKS keeps from webhooks. */
export function isExcludedNamespace(state: KubernetesState, namespace: string): boolean {
  const labels = namespaceOf(state, namespace)?.labels;
  return (
    namespace === 'kube-system' ||
    labels?.has('control-plane') === true ||
    labels?.get('kubernetes.azure.com/managedby') === 'aks'
  );
}

function isWindows({ spec }: PodTemplate): boolean {
  const selector = objectAt(spec, 'nodeSelector');
  const names = [
    objectAt(spec, 'os')['name'],
    selector['kubernetes.io/os'],
    selector['beta.kubernetes.io/os'],
  ];
  return names.some((name) => textIn(name).toLowerCase() === 'windows');
}

/** The injected containers ask for nothing: a quota refuses them where no default fills that in. */
function lacksQuotaDefaults(state: KubernetesState, namespace: string): boolean {
  const limited = allIn(state, '/ResourceQuota', namespace).flatMap(({ body }) =>
    Object.keys(objectAt(body, 'spec', 'hard')),
  );
  return limited.some((name) => {
    const [, limits, resource] = /^(?:(limits)\.|requests\.)?(cpu|memory)$/.exec(name) ?? [];
    if (resource === undefined) return false;
    const has = limits === undefined ? hasDefaultRequest : hasDefaultLimit;
    return !has(state, namespace, resource);
  });
}

export function hasDefaultRequest(
  state: KubernetesState,
  namespace: string,
  resource: string,
): boolean {
  return hasDefault(state, namespace, (limit) => [
    objectIn(limit['defaultRequest'])[resource],
    objectIn(limit['default'])[resource],
  ]);
}

function hasDefaultLimit(state: KubernetesState, namespace: string, resource: string): boolean {
  return hasDefault(state, namespace, (limit) => [objectIn(limit['default'])[resource]]);
}

function hasDefault(
  state: KubernetesState,
  namespace: string,
  defaults: (limit: ReturnType<typeof objectIn>) => readonly unknown[],
): boolean {
  return allIn(state, '/LimitRange', namespace)
    .flatMap(({ body }) => objectsIn(objectAt(body, 'spec')['limits']))
    .filter(({ type }) => textIn(type) === 'Container')
    .some((limit) => defaults(limit).some((value) => value !== undefined && value !== null));
}
