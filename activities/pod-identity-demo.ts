import { getCluster } from '../clients/clusters';
import type { KubeApi } from '../clients/kubernetes/kube-api';
import { clusterIdParts } from '../domain/ids';
import type { ClusterId } from '../domain/ids';
import { objectAt, objectsIn, textIn } from '../domain/migration/json';
import { podsPath } from '../domain/migration/paths';
import type { Json } from '../domain/migration/snapshot';
import { FailureError } from '../domain/outcome';
import { defineActivity } from './activity';
import { insideNeeds } from './migration/inside-needs';

/** The demo of AAD Pod Identity: it asks for a token and writes what it gets. */
const image = 'mcr.microsoft.com/oss/azure/aad-pod-identity/demo:v1.6.3';
const passes = [
  'successfully acquired a token, userAssignedID MSI',
  'successfully made GET on instance metadata',
];

export interface DemoPod {
  readonly clusterId: ClusterId;
  /** Of the pod identity. */
  readonly namespace: string;
  readonly name: string;
  /** Name of the pod. */
  readonly pod: string;
}

/**
 * Starts a pod that uses a pod identity of the add-on. Idempotent.
 *
 * @throws FailureError `NotFound` when the cluster has no such pod identity.
 */
export const startDemoPod = defineActivity(
  [...insideNeeds, 'Microsoft.ContainerService/managedClusters/read'],
  async (demo: DemoPod, { clients, log }): Promise<{ readonly started: boolean }> => {
    const { clusterId, namespace, name, pod } = demo;
    const { body } = await getCluster(clients, clusterId);
    const profile = objectAt(body, 'properties', 'podIdentityProfile');
    const entry = objectsIn(profile['userAssignedIdentities']).find(
      (one) => one['namespace'] === namespace && one['name'] === name,
    );
    if (!entry) throw noEntry(demo);
    const kube = await clients.kubernetes(clusterId);
    if (await kube.get(`${podsPath(namespace)}/${pod}`)) return { started: false };
    log.info('podIdentity.demo.starting', { clusterId, namespace, name });
    await kube.create(podsPath(namespace), demoPod(demo, entry));
    return { started: true };
  },
);

function demoPod({ clusterId, namespace, name, pod }: DemoPod, entry: Json): Json {
  const { subscriptionId, resourceGroup } = clusterIdParts(clusterId);
  const selector = textIn(entry['bindingSelector']) || name;
  const clientId = textIn(objectAt(entry, 'identity')['clientId']);
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: pod, namespace, labels: { app: 'steward-demo', aadpodidbinding: selector } },
    spec: {
      restartPolicy: 'Never',
      nodeSelector: { 'kubernetes.io/os': 'linux' },
      containers: [
        {
          name: 'demo',
          image,
          args: [
            `--subscriptionid=${subscriptionId}`,
            `--clientid=${clientId}`,
            `--resourcegroup=${resourceGroup}`,
          ],
          resources: { requests: { cpu: '10m', memory: '32Mi' }, limits: { memory: '64Mi' } },
        },
      ],
    },
  };
}

export interface DemoReading {
  readonly state: 'pending' | 'passed' | 'failed';
  /** What the demo said last. */
  readonly line: string;
}

/** What the demo has written so far. */
export const readDemoPod = defineActivity(
  insideNeeds,
  async ({ clusterId, namespace, pod }: DemoPod, { clients }): Promise<DemoReading> => {
    const kube = await clients.kubernetes(clusterId);
    const log = await logOf(kube, `${podsPath(namespace)}/${pod}`);
    const lines = log.split('\n').filter((line) => line.trim() !== '');
    if (passes.every((text) => log.includes(text))) {
      return { state: 'passed', line: lines.find((line) => line.includes(passes[0] ?? '')) ?? '' };
    }
    const failed = lines.find((line) => line.includes('failed to acquire a token, userAssignedID'));
    return failed === undefined
      ? { state: 'pending', line: lines.at(-1) ?? '' }
      : { state: 'failed', line: failed };
  },
);

async function logOf(kube: KubeApi, path: string): Promise<string> {
  const pod = await kube.get(path);
  const statuses = pod ? objectsIn(objectAt(pod, 'status')['containerStatuses']) : [];
  const begun = statuses.some(({ state }) => !('waiting' in objectAt({ state }, 'state')));
  return begun ? kube.text(`${path}/log?container=demo`) : '';
}

/** Takes the demo away. Idempotent. */
export const removeDemoPod = defineActivity(
  insideNeeds,
  async (
    { clusterId, namespace, pod }: DemoPod,
    { clients, runEnded },
  ): Promise<{ readonly removed: boolean }> => {
    runEnded('prove');
    const kube = await clients.kubernetes(clusterId);
    const path = `${podsPath(namespace)}/${pod}`;
    const live = await kube.get(path);
    if (!live) return { removed: false };
    await kube.remove(path, { uid: textIn(objectAt(live, 'metadata')['uid']) });
    return { removed: true };
  },
);

function noEntry({ clusterId, namespace, name }: DemoPod): FailureError {
  return new FailureError({
    code: 'NotFound',
    message: `The cluster has no pod identity ${namespace}/${name}.`,
    next: 'Add the pod identity first, or name one that the cluster has.',
    target: clusterId,
  });
}
