import { objectAt, textAt } from '../../json';
import type { Json, JsonObject } from '../../json';
import { locationOf, nameOf, nodeGroupId } from '../../providers/container-service/cluster';
import type { Cluster } from '../../providers/container-service/cluster';
import type { World } from '../../world';
import type { NodeState } from './nodes-of';

const heartbeatMs = 5 * 60_000; // what a kubelet reports when nothing changes

/** A node as its GET answers, without a resource version. Labels as AKS sets them. */
export function nodeObject(node: NodeState, cluster: Cluster, world: World): JsonObject {
  const { metadata, spec } = node.written;
  const id = (purpose: string, at: number): string =>
    world.seed.guid('node', cluster.id.toLowerCase(), node.name, purpose, at);
  const address = addressOf(node);
  return {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: {
      name: node.name,
      uid: id('uid', node.registeredAt),
      creationTimestamp: stamp(node.registeredAt),
      labels: present({ ...labelsOf(node, cluster, world), ...objectAt(metadata, 'labels') }),
      annotations: present({
        'volumes.kubernetes.io/controller-managed-attach-detach': 'true',
        ...objectAt(metadata, 'annotations'),
      }),
    },
    spec: {
      providerID: `azure://${node.scaleSet}/virtualMachines/${node.index}`,
      ...specOf(node, spec),
    },
    status: {
      addresses: [
        { type: 'InternalIP', address },
        { type: 'Hostname', address: node.name },
      ],
      allocatable: { cpu: '3860m', memory: '12880740Ki', pods: String(maxPods(node)) },
      capacity: { cpu: '4', memory: '16373220Ki', pods: String(maxPods(node)) },
      conditions: conditionsOf(node, world),
      nodeInfo: infoOf(node, { boot: id('boot', node.bootedAt), machine: id('machine', 0) }),
    },
  };
}

function specOf({ cordoned, pool, ready }: NodeState, written: Json | undefined): JsonObject {
  const { unschedulable, ...rest } = objectAt(written);
  const isCordoned = cordoned || unschedulable === true;
  const own = Array.isArray(rest['taints'])
    ? (rest['taints'] as readonly Json[])
    : poolTaints(pool);
  const taints: readonly Json[] = [
    ...own,
    ...(isCordoned ? [taint('node.kubernetes.io/unschedulable', 'NoSchedule')] : []),
    ...(ready ? [] : [taint('node.kubernetes.io/unreachable', 'NoExecute')]),
  ];
  return {
    ...rest,
    ...(isCordoned && { unschedulable: true }),
    taints: taints.length === 0 ? undefined : taints,
  };
}

function poolTaints(pool: JsonObject): readonly Json[] {
  const texts = pool['nodeTaints'];
  if (!Array.isArray(texts)) return [];
  return texts.map((text: Json) => {
    const [, key = '', value, effect = ''] =
      /^([^=:]+)(?:=([^:]*))?:(.+)$/.exec(typeof text === 'string' ? text : '') ?? [];
    return { key, effect, ...(value !== undefined && { value }) };
  });
}

function taint(key: string, effect: string): JsonObject {
  return { key, effect };
}

function labelsOf(node: NodeState, cluster: Cluster, world: World): JsonObject {
  const { pool, name } = node;
  const windows = textAt(pool, 'osType') === 'Windows';
  const os = windows ? 'windows' : 'linux';
  const size = textAt(pool, 'vmSize') ?? '';
  const zone = zoneOf(node, cluster);
  return {
    agentpool: nameOf(pool),
    'beta.kubernetes.io/arch': 'amd64',
    'beta.kubernetes.io/os': os,
    'kubernetes.azure.com/agentpool': nameOf(pool),
    'kubernetes.azure.com/cluster': nodeGroupId(cluster).split('/').at(-1) ?? '',
    ...identityLabel(node, cluster, world),
    'kubernetes.azure.com/mode': (textAt(pool, 'mode') ?? 'User').toLowerCase(),
    'kubernetes.azure.com/node-image-version': node.image,
    'kubernetes.azure.com/nodepool-type': textAt(pool, 'type') ?? 'VirtualMachineScaleSets',
    'kubernetes.azure.com/os-sku': textAt(pool, 'osSKU') ?? 'Ubuntu',
    'kubernetes.azure.com/role': 'agent',
    'kubernetes.io/arch': 'amd64',
    'kubernetes.io/hostname': name,
    'kubernetes.io/os': os,
    'node.kubernetes.io/instance-type': size,
    'topology.kubernetes.io/region': locationOf(cluster),
    'topology.kubernetes.io/zone': zone,
    ...objectAt(pool, 'nodeLabels'),
  };
}

/** Only nodes with a managed identity carry it; those of a service principal have no such label. */
function identityLabel({ kubeletClientId, scaleSet }: NodeState, cluster: Cluster, world: World) {
  const managed = [
    textAt(cluster, 'properties', 'identityProfile', 'kubeletidentity', 'clientId'),
    textAt(world.resources.get(scaleSet), 'tags', 'aks-managed-kubeletIdentityClientID'),
  ];
  return managed.includes(kubeletClientId)
    ? { 'kubernetes.azure.com/kubelet-identity-client-id': kubeletClientId }
    : {};
}

function zoneOf({ pool, index }: NodeState, cluster: Cluster): string {
  const zones = pool['availabilityZones'];
  if (!Array.isArray(zones) || zones.length === 0) return '0';
  return `${locationOf(cluster)}-${String(zones[index % zones.length])}`;
}

function conditionsOf({ ready, registeredAt, imagedAt }: NodeState, world: World): readonly Json[] {
  const now = world.clock.now();
  const since = stamp(ready ? registeredAt : Math.max(imagedAt, registeredAt));
  const heartbeat = stamp(Math.max(registeredAt, Math.floor(now / heartbeatMs) * heartbeatMs));
  const condition = (type: string, status: string, reason: string): JsonObject => ({
    type,
    status,
    lastHeartbeatTime: heartbeat,
    lastTransitionTime: since,
    reason,
    message: reason,
  });
  const pressure = ready ? 'False' : 'Unknown';
  return [
    ...['MemoryPressure', 'DiskPressure', 'PIDPressure'].map((type) =>
      condition(type, pressure, ready ? `KubeletHasNo${type}` : 'NodeStatusUnknown'),
    ),
    condition('Ready', ready ? 'True' : 'Unknown', ready ? 'KubeletReady' : 'NodeStatusUnknown'),
  ];
}

function infoOf(
  { pool }: NodeState,
  { boot, machine }: { boot: string; machine: string },
): JsonObject {
  const version = textAt(pool, 'currentOrchestratorVersion') ?? textAt(pool, 'orchestratorVersion');
  const windows = textAt(pool, 'osType') === 'Windows';
  return {
    architecture: 'amd64',
    bootID: boot,
    containerRuntimeVersion: 'containerd://1.7.28-1',
    kernelVersion: windows ? '10.0.20348.3207' : '5.15.0-1092-azure',
    kubeProxyVersion: '',
    kubeletVersion: `v${version ?? '1.35.4'}`,
    machineID: machine.replaceAll('-', ''),
    operatingSystem: windows ? 'windows' : 'linux',
    osImage: windows ? 'Windows Server 2022 Datacenter' : 'Ubuntu 22.04.5 LTS',
    systemUUID: machine,
  };
}

function addressOf({ index, pool }: NodeState): string {
  const block = Buffer.from(nameOf(pool)).reduce((sum, byte) => sum + byte, 0) % 200;
  return `10.224.${block + Math.floor(index / 250)}.${4 + (index % 250)}`;
}

function maxPods({ pool }: NodeState): number {
  return Number(pool['maxPods'] ?? 110);
}

function stamp(ms: number): string {
  return new Date(Math.floor(ms / 1000) * 1000).toISOString().replace('.000Z', 'Z');
}

/** Null stands for a member that a client took away. */
function present(members: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== null));
}
