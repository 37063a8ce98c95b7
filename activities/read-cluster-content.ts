import type { Clients } from '../clients';
import { getCluster } from '../clients/clusters';
import type { KubeApi } from '../clients/kubernetes/kube-api';
import type { KubeAccess } from '../clients/kubernetes/transport';
import type { ClusterId } from '../domain/ids';
import { kubernetesLists } from '../domain/migration/survey';
import { objectIn } from '../domain/migration/json';
import { defineActivity } from './activity';
import {
  readConfigMaps,
  readList,
  readNmiLogs,
  serverVersion,
} from './readings/pod-identity/content';
import { readNmiCounts } from './readings/pod-identity/nmi-counts';
import { loadObjects, storePart } from './survey-store';
import type { ClusterSummary } from './survey-store';

export interface ReadClusterContentInput {
  readonly surveyId: string;
  readonly clusterId: ClusterId;
  /** Which list to go on with; absent at the beginning. */
  readonly from?: number;
}

export type ReadClusterContentResult =
  | {
      readonly done: false;
      /** The `from` to go on with. */
      readonly next: number;
    }
  | {
      readonly done: true;
      /** `stopped`: there was nobody to ask. */
      readonly state: 'read' | 'stopped';
      readonly objects: number;
      /** Absent for a stopped cluster. */
      readonly access?: KubeAccess;
      /** NMI pods whose log could not be read. */
      readonly logsUnread: readonly string[];
    };

// An activity that is cut off begins anew: it hands back what it has before a host would end it.
const longestMs = 60_000;

/**
 * Reads what a cluster runs, without changing anything, and keeps it under the survey's id. When a minute has passed it
 * says where to go on; whoever called it calls it again. So neither a large cluster nor the slow way over `runCommand`
 * keeps a function busy for long, and what was read is not read again. Idempotent.
 */
export const readClusterContent = defineActivity(
  [
    'Microsoft.ContainerService/managedClusters/read',
    'Microsoft.ContainerService/managedClusters/listClusterUserCredential/action',
  ],
  async (input: ReadClusterContentInput, { clients }): Promise<ReadClusterContentResult> => {
    const { from = 0, clusterId } = input;
    const { body, facts } = await getCluster(clients, clusterId);
    if (facts.stopped) {
      const version = objectIn(body['properties'])['currentKubernetesVersion'];
      return stopped(clients, input, typeof version === 'string' ? `v${version}` : '');
    }
    const api = await clients.kubernetes(clusterId);
    const until = performance.now() + longestMs;
    for (const [index, one] of kubernetesLists.entries()) {
      if (index < from) continue;
      if (index > from && performance.now() > until) return { done: false, next: index };
      await storePart(clients.records, { ...input, name: one.name }, await readList(api, one));
    }
    return concluded(clients, input, api);
  },
);

const objectParts = [...kubernetesLists.map(({ name }) => name), 'configmaps'];

/** What can be read only when everything else is there: ConfigMaps by their names, logs by their pods. */
async function concluded(
  clients: Clients,
  input: ReadClusterContentInput,
  api: KubeApi,
): Promise<ReadClusterContentResult> {
  const { records } = clients;
  const of = { surveyId: input.surveyId, clusterId: input.clusterId };
  const objects = await loadObjects(records, of, objectParts.slice(0, -1));
  const configMaps = await readConfigMaps(api, objects);
  await storePart(records, { ...of, name: 'configmaps' }, configMaps);
  const pods = objects.filter(({ kind }) => kind === 'Pod');
  const { logs, unread } = await readNmiLogs(api, pods);
  await storePart(records, { ...of, name: 'logs' }, logs);
  await storePart(records, { ...of, name: 'counts' }, await readNmiCounts(api, pods));
  const summary = { serverVersion: await serverVersion(api), parts: objectParts };
  await storePart(records, { ...of, name: 'summary' }, summary satisfies ClusterSummary);
  return {
    done: true,
    state: 'read',
    objects: objects.length + configMaps.length,
    access: api.access,
    logsUnread: unread,
  };
}

/** A stopped cluster is in scope, and says nothing. */
async function stopped(
  { records }: Clients,
  { surveyId, clusterId }: ReadClusterContentInput,
  version: string,
): Promise<ReadClusterContentResult> {
  const summary: ClusterSummary = { serverVersion: version, parts: [] };
  await storePart(records, { surveyId, clusterId, name: 'summary' }, summary);
  return { done: true, state: 'stopped', objects: 0, logsUnread: [] };
}
