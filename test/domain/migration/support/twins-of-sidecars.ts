import type { MigrationCode } from '../../../../domain/migration/codes';
import { object } from './a-world';
import type { World } from './a-world';
import { secretClass } from './twins-of-clusters';

type Twins = readonly (readonly [MigrationCode, World, World])[];
type Json = Readonly<Record<string, unknown>>;

const quota = (hard: Json) => object('v1 ResourceQuota', 'quota', { spec: { hard } });
const limits = (limit: Json) =>
  object('v1 LimitRange', 'limits', { spec: { limits: [{ type: 'Container', ...limit }] } });
const scaler = (metric: Json, target: Json = {}) =>
  object('autoscaling/v2 HorizontalPodAutoscaler', 'scaler', {
    spec: { scaleTargetRef: { kind: 'Deployment', name: 'app', ...target }, metrics: [metric] },
  });
const cpu = { type: 'Resource', resource: { name: 'cpu' } };
const early = { pod: { initContainers: [{ name: 'migrate' }] } };
const port = (containerPort: unknown) => ({ container: { ports: [{ containerPort }] } });
const inject = (value: string) => ({
  annotations: { 'azure.workload.identity/inject-proxy-sidecar': value },
});
const labelled = (labels: Json) => ({ namespaceMetadata: { labels } });
const enforced = 'pod-security.kubernetes.io/enforce';

/** R7, R8. */
export const sidecarTwins: Twins = [
  ['HOST_NETWORK', { pod: { hostNetwork: true } }, { pod: { hostNetwork: 'true' } }],
  [
    'HOST_NETWORK',
    { pod: { hostNetwork: true } },
    { pod: { hostNetwork: true }, options: { authModeDefault: 'sdk' } },
  ],
  ['WINDOWS', { pod: { os: { name: 'windows' } } }, { pod: { os: { name: 'linux' } } }],
  [
    'WINDOWS',
    { pod: { nodeSelector: { 'beta.kubernetes.io/os': 'windows' } } },
    { pod: { nodeSelector: { os: 'windows' } } },
  ],
  [
    'PSA_ENFORCE',
    labelled({ [enforced]: 'baseline' }),
    labelled({ 'pod-security.kubernetes.io/warn': 'restricted' }),
  ],
  ['PSA_ENFORCE', labelled({ [enforced]: 'restricted' }), labelled({ [enforced]: 'privileged' })],
  [
    'JOB_SIDECAR_NEVER_COMPLETES',
    { kind: 'CronJob', version: 'v1.31.9' },
    { kind: 'CronJob', version: 'v1.32.0-beta' },
  ],
  ['JOB_SIDECAR_NEVER_COMPLETES', { kind: 'Job', version: 'v1.31.9' }, { version: 'v1.31.9' }],
  [
    'QUOTA_REQUIRES_RESOURCES',
    { objects: [quota({ cpu: '4' })] },
    { objects: [quota({ pods: '4' })] },
  ],
  [
    'QUOTA_REQUIRES_RESOURCES',
    { objects: [quota({ 'requests.memory': '4Gi' })] },
    { objects: [quota({ 'requests.memory': '4Gi' }), limits({ default: { memory: '1Gi' } })] },
  ],
  [
    'QUOTA_REQUIRES_RESOURCES',
    { objects: [quota({ 'limits.cpu': '4' }), limits({ defaultRequest: { cpu: 1 } })] },
    { objects: [quota({ cpu: '4' }), limits({ defaultRequest: { cpu: 1 } })] },
  ],
  [
    'QUOTA_REQUIRES_RESOURCES',
    { objects: [quota({ memory: '4' }), limits({ type: 'Pod', default: { memory: 1 } })] },
    { objects: [quota({ 'requests.storage': '4' })] },
  ],
  [
    'QUOTA_REQUIRES_RESOURCES',
    { objects: [quota({ memory: '4' })] },
    { objects: [{ ...quota({ memory: '4' }), metadata: { name: 'quota', namespace: 'other' } }] },
  ],
  [
    'PROXY_UID_COLLISION',
    { pod: { securityContext: { runAsUser: 1501 } } },
    { pod: { securityContext: { runAsUser: 1500, runAsGroup: 1501 } } },
  ],
  [
    'PROXY_UID_COLLISION',
    { container: { securityContext: { runAsUser: 1501 } } },
    { container: { securityContext: { runAsUser: '1501' } } },
  ],
  [
    'ADMISSION_EXCLUDED_NAMESPACE',
    labelled({ 'control-plane': 'x' }),
    labelled({ 'control-planes': 'x' }),
  ],
  [
    'ADMISSION_EXCLUDED_NAMESPACE',
    labelled({ 'kubernetes.azure.com/managedby': 'aks' }),
    labelled({ 'kubernetes.azure.com/managedby': 'me' }),
  ],
  ['ADMISSION_EXCLUDED_NAMESPACE', { namespace: 'kube-system' }, { namespace: 'kube-systems' }],
  ['PROXY_PORT_CHANGED', port(8000), port(8001)],
  [
    'PROXY_PORT_CHANGED',
    { pod: { initContainers: [{ name: 'i', ports: [{ containerPort: 8000 }] }] } },
    port(undefined),
  ],
  ['PROXY_INIT_PINNED', early, { ...early, version: 'v1.31.9' }],
  [
    'PROXY_INIT_PINNED',
    early,
    { pod: { initContainers: [{ name: 'azwi-proxy-init' }, { name: 'migrate' }] } },
  ],
  [
    'PROXY_INIT_PINNED',
    { pod: { initContainers: [{ name: 'migrate' }, { name: 'log', restartPolicy: 'Always' }] } },
    { pod: { initContainers: [] } },
  ],
  ['INIT_CONTAINER_BYPASSES_PROXY', { ...early, version: 'v1.31.9' }, early],
  [
    'HPA_RESOURCE_METRIC',
    { objects: [scaler(cpu)] },
    { objects: [scaler({ type: 'ContainerResource', containerResource: { name: 'cpu' } })] },
  ],
  [
    'HPA_RESOURCE_METRIC',
    { objects: [scaler(cpu)] },
    { objects: [scaler(cpu, { name: 'other' })] },
  ],
  [
    'HPA_RESOURCE_METRIC',
    { objects: [scaler(cpu)] },
    { objects: [scaler(cpu), limits({ defaultRequest: { cpu: '10m' } })] },
  ],
  [
    'HPA_RESOURCE_METRIC',
    { objects: [{ ...scaler({}), apiVersion: 'autoscaling/v1' }] },
    { objects: [scaler({})] },
  ],
  [
    'MESH_SIDECAR',
    labelled({ 'istio-injection': 'enabled' }),
    labelled({ 'istio-injection': 'disabled' }),
  ],
  [
    'MESH_SIDECAR',
    labelled({ 'istio.io/rev': 'asm-1-26' }),
    { ...labelled({ 'istio.io/rev': 'asm-1-26' }), labels: { 'sidecar.istio.io/inject': 'false' } },
  ],
  [
    'MESH_SIDECAR',
    { annotations: { 'sidecar.istio.io/inject': 'true' } },
    { metadata: { annotations: { 'sidecar.istio.io/inject': 'true' } } },
  ],
  [
    'MESH_SIDECAR',
    { annotations: { 'linkerd.io/inject': 'enabled' } },
    { annotations: { 'linkerd.io/inject': 'disabled' } },
  ],
  [
    'MESH_SIDECAR',
    labelled({ 'istio-injection': 'enabled' }),
    { ...labelled({ 'istio-injection': 'enabled' }), options: { authModeDefault: 'sdk' } },
  ],
  ['SIDECAR_ANNOTATION_PRESENCE', inject('false'), inject('true')],
  [
    'SIDECAR_ANNOTATION_PRESENCE',
    { ...inject('no'), options: { authModeDefault: 'sdk' } },
    { options: { authModeDefault: 'sdk' } },
  ],
  [
    'CSI_POD_IDENTITY',
    mounting('vault', { usePodIdentity: 'true' }),
    mounting('vault', { usePodIdentity: '' }),
  ],
];

function mounting(name: string, parameters: Json): World {
  const csi = {
    driver: 'secrets-store.csi.k8s.io',
    volumeAttributes: { secretProviderClass: name },
  };
  return { pod: { volumes: [{ name: 'v', csi }] }, objects: [secretClass(parameters)] };
}
