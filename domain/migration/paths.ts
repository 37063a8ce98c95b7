import type { WorkloadRef } from './ledger';

const collections: Readonly<Record<string, string>> = {
  Deployment: '/apis/apps/v1/{}/deployments',
  StatefulSet: '/apis/apps/v1/{}/statefulsets',
  DaemonSet: '/apis/apps/v1/{}/daemonsets',
  ReplicaSet: '/apis/apps/v1/{}/replicasets',
  ReplicationController: '/api/v1/{}/replicationcontrollers',
  CronJob: '/apis/batch/v1/{}/cronjobs',
  Job: '/apis/batch/v1/{}/jobs',
};

/** Where an API server has a workload. @throws Error for a kind that is never patched. */
export function workloadPath({ kind, namespace, name }: WorkloadRef): string {
  const collection = collections[kind];
  if (collection === undefined) throw new Error(`no path for objects of kind ${kind}`);
  return `${collection.replace('{}', `namespaces/${namespace}`)}/${name}`;
}

export function podsPath(namespace: string): string {
  return `/api/v1/namespaces/${namespace}/pods`;
}

export function accountPath(namespace: string, name: string): string {
  return `/api/v1/namespaces/${namespace}/serviceaccounts/${name}`;
}
