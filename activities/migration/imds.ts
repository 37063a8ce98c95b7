import type { KubeApi } from '../../clients/kubernetes/kube-api';
import { getCluster } from '../../clients/clusters';
import type { ClusterId } from '../../domain/ids';
import { objectAt, objectsIn, textIn } from '../../domain/migration/json';
import { podsPath } from '../../domain/migration/paths';
import type { Json } from '../../domain/migration/snapshot';
import { compareImages } from '../../domain/node-image';
import type { PoolRoll } from '../../domain/plan/steps';
import { defineActivity } from '../activity';
import { insideNeeds } from './inside-needs';
import { latestImage } from '../readings/node-images';

const namespace = 'kube-system';
const marker = 'steward.dev/purpose';
const purpose = 'imds-probe';
const url = 'http://169.254.169.254/metadata/instance?api-version=2021-02-01';

/**
 * Starts a pod on each Linux node that asks the metadata endpoint once. A redirect that NMI has left behind sends all pods of
 * a node to a dead port, and only a pod off the host's network sees it. Idempotent.
 */
export const startImdsProbes = defineActivity(
  insideNeeds,
  async (
    { clusterId, image }: { readonly clusterId: ClusterId; readonly image: string },
    { clients, log },
  ): Promise<{ readonly probes: number }> => {
    const kube = await clients.kubernetes(clusterId);
    const nodes = await linuxNodes(kube);
    const there = new Set((await probesIn(kube)).map(nameOf));
    for (const node of nodes) {
      const pod = probeOn(nameOf(node), image);
      if (!there.has(nameOf(pod))) await kube.create(podsPath(namespace), pod);
    }
    log.info('imds.probing', { clusterId, nodes: nodes.length });
    return { probes: nodes.length };
  },
);

function probeOn(node: string, image: string): Json {
  const request = ['curl', '-s', '-o', '/dev/null', '-m', '10', '-H', 'Metadata: true', url];
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: `steward-imds-${node}`, namespace, labels: { [marker]: purpose } },
    spec: {
      nodeName: node,
      restartPolicy: 'Never',
      automountServiceAccountToken: false,
      tolerations: [{ operator: 'Exists' }],
      containers: [
        {
          name: 'probe',
          image,
          command: ['sh', '-c', `${request.map(quoted).join(' ')} -w 'GET ${url} %{http_code}'`],
          resources: { requests: { cpu: '10m', memory: '16Mi' }, limits: { memory: '32Mi' } },
          securityContext: {
            allowPrivilegeEscalation: false,
            runAsNonRoot: true,
            runAsUser: 65534,
            capabilities: { drop: ['ALL'] },
            seccompProfile: { type: 'RuntimeDefault' },
          },
        },
      ],
    },
  };
}

function quoted(word: string): string {
  return `'${word}'`;
}

export interface ImdsReading {
  /** Probes that have not said anything yet. */
  readonly pending: number;
  /** Node pools with a node from which pods do not reach the metadata endpoint. */
  readonly deadPools: readonly string[];
}

/** What the probes have seen so far. */
export const readImdsProbes = defineActivity(
  insideNeeds,
  async ({ clusterId }: { readonly clusterId: ClusterId }, { clients }): Promise<ImdsReading> => {
    const kube = await clients.kubernetes(clusterId);
    const nodes = await linuxNodes(kube);
    const probes = await probesIn(kube);
    const logs = await Promise.all(probes.map((pod) => logOf(kube, pod)));
    const dead = probes.flatMap((pod, n) =>
      logs[n] !== '' && !/ 200\s*$/.test(logs[n] ?? '')
        ? [textIn(objectAt(pod, 'spec')['nodeName'])]
        : [],
    );
    const pools = nodes.filter((node) => dead.includes(nameOf(node))).map(poolOf);
    return {
      pending: logs.filter((log) => log === '').length,
      deadPools: [...new Set(pools)].sort(),
    };
  },
);

/** Takes the probes away. Idempotent. */
export const removeImdsProbes = defineActivity(
  insideNeeds,
  async (
    { clusterId }: { readonly clusterId: ClusterId },
    { clients },
  ): Promise<{ readonly removed: number }> => {
    const kube = await clients.kubernetes(clusterId);
    const probes = await probesIn(kube);
    for (const pod of probes) {
      const uid = textIn(objectAt(pod, 'metadata')['uid']);
      await kube.remove(`${podsPath(namespace)}/${nameOf(pod)}`, { uid });
    }
    return { removed: probes.length };
  },
);

/**
 * How node pools are re-imaged, which ends what NMI has left on their nodes.
 *
 * @returns rolls, and the pools that have the newest image already: re-imaging those to it may change nothing.
 */
export const planPoolRolls = defineActivity(
  [
    'Microsoft.ContainerService/managedClusters/read',
    'Microsoft.ContainerService/managedClusters/agentPools/upgradeProfiles/read',
  ],
  async (
    { clusterId, pools }: { readonly clusterId: ClusterId; readonly pools: readonly string[] },
    { clients },
  ): Promise<{ readonly rolls: readonly PoolRoll[]; readonly newest: readonly string[] }> => {
    const { facts } = await getCluster(clients, clusterId);
    const wanted = facts.nodePools.filter(({ name, stopped }) => pools.includes(name) && !stopped);
    const seen = await Promise.all(
      wanted.map(async (pool) => ({ pool, to: await latestImage(clients, facts, pool.name) })),
    );
    const stale = seen.filter(({ pool, to }) => compareImages(pool.imageVersion, to) === 'stale');
    return {
      rolls: stale.map(({ pool, to }) => ({
        name: pool.name,
        reason: 'image',
        from: pool.imageVersion,
        to,
        nodes: pool.count,
      })),
      newest: seen.filter((one) => !stale.includes(one)).map(({ pool }) => pool.name),
    };
  },
);

async function linuxNodes(kube: KubeApi): Promise<readonly Json[]> {
  const selector = encodeURIComponent('kubernetes.io/os=linux');
  return (await kube.list(`/api/v1/nodes?labelSelector=${selector}`)) ?? [];
}

async function probesIn(kube: KubeApi): Promise<readonly Json[]> {
  const selector = encodeURIComponent(`${marker}=${purpose}`);
  return (await kube.list(`${podsPath(namespace)}?labelSelector=${selector}`)) ?? [];
}

/** Empty while a container has not begun. */
async function logOf(kube: KubeApi, pod: Json): Promise<string> {
  const statuses = objectsIn(objectAt(pod, 'status')['containerStatuses']);
  const begun = statuses.some(({ state }) => !('waiting' in objectAt({ state }, 'state')));
  if (statuses.length === 0 || !begun) return '';
  return (await kube.text(`${podsPath(namespace)}/${nameOf(pod)}/log?container=probe`)).trim();
}

function poolOf(node: Json): string {
  const labels = objectAt(node, 'metadata', 'labels');
  return textIn(labels['kubernetes.azure.com/agentpool'] ?? labels['agentpool']);
}

function nameOf(object: Json): string {
  return textIn(objectAt(object, 'metadata')['name']);
}
