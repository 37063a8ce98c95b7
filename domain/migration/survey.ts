import { sameArmId } from '../ids';
import type { ClusterContent, FleetReading, Json, MigrationSnapshot } from './snapshot';

/** Everything that is read from an API server, in this order. The names are those of the parts in the store. */
export interface KubernetesList {
  readonly name: string;
  readonly path: string;
  /** Only there where somebody installed it. */
  readonly optional?: true;
}

const podIdentity = '/apis/aadpodidentity.k8s.io/v1';

export const kubernetesLists: readonly KubernetesList[] = [
  ...[
    'azureidentities',
    'azureidentitybindings',
    'azurepodidentityexceptions',
    'azureassignedidentities',
  ].map((name): KubernetesList => ({ name, path: `${podIdentity}/${name}`, optional: true })),
  ...['deployments', 'statefulsets', 'daemonsets', 'replicasets'].map((name) => ({
    name,
    path: `/apis/apps/v1/${name}`,
  })),
  ...['cronjobs', 'jobs'].map((name) => ({ name, path: `/apis/batch/v1/${name}` })),
  ...[
    'pods',
    'namespaces',
    'serviceaccounts',
    'resourcequotas',
    'limitranges',
    'replicationcontrollers',
  ].map((name) => ({ name, path: `/api/v1/${name}` })),
  { name: 'horizontalpodautoscalers', path: '/apis/autoscaling/v2/horizontalpodautoscalers' },
  ...['rolebindings', 'clusterrolebindings'].map((name) => ({
    name,
    path: `/apis/rbac.authorization.k8s.io/v1/${name}`,
  })),
  {
    name: 'mutatingwebhookconfigurations',
    path: '/apis/admissionregistration.k8s.io/v1/mutatingwebhookconfigurations',
  },
  {
    name: 'secretproviderclasses',
    path: '/apis/secrets-store.csi.x-k8s.io/v1/secretproviderclasses',
    optional: true,
  },
  ...['triggerauthentications', 'clustertriggerauthentications'].map((name): KubernetesList => ({
    name,
    path: `/apis/keda.sh/v1alpha1/${name}`,
    optional: true,
  })),
];

/** Puts the parts of a survey together. A cluster that was not read to its end is not in scope. */
export function joinSnapshot(
  fleet: FleetReading,
  contents: readonly (readonly [clusterId: string, content: ClusterContent])[],
): MigrationSnapshot {
  const keyed = contents.map(([clusterId, content]) => [
    armIdOf(fleet.clusters, clusterId),
    content,
  ]);
  return { fleet, kubernetes: Object.fromEntries(keyed) as MigrationSnapshot['kubernetes'] };
}

/** As Azure spells it. */
function armIdOf(clusters: readonly Json[], clusterId: string): string {
  const found = clusters.find(({ id }) => typeof id === 'string' && sameArmId(id, clusterId));
  return typeof found?.['id'] === 'string' ? found['id'] : clusterId;
}

const evidence = /has been matched with azure identity|\bstatus \(\d+\) took .*\/token/;

/** The lines of an NMI log that tell who asked for a token; the newest of them, at most so many characters. */
export function keptLog(log: string, most: number): string {
  const lines = log.split('\n').filter((line) => evidence.test(line));
  let size = 0;
  const first = lines.findLastIndex((line) => (size += line.length + 1) > most);
  const kept = lines.slice(first + 1);
  return kept.length === 0 ? '' : `${kept.join('\n')}\n`;
}
