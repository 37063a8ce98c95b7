import { canonicalArmId } from '../ids';
import type { ClusterMigration, MigrationPlan } from './document';
import { accountFile, subjectFiles } from './manifests/account-files';
import { consumerFiles } from './manifests/consumer-files';
import type { PlannedWorkload } from './manifests/consumer-files';
import { imdsPolicyFile } from './manifests/imds-policy-file';
import { kustomization } from './manifests/kustomization';
import { contentOf, fileName, folderOf } from './manifests/manifest-file';
import type { Manifest, ManifestFile } from './manifests/manifest-file';
import { proxyInitFile } from './manifests/proxy-init-file';
import { bindingRemoval, workloadFile } from './manifests/workload-files';
import { kubernetesOf } from './reading/kubernetes-of';
import type { KubernetesState } from './reading/kubernetes-objects';
import { grouped, sortedBy } from './reading/values';
import { readWorkloads, workloadKey } from './reading/workloads';
import type { MigrationSnapshot } from './snapshot';

export interface ManifestOptions {
  /**
   * Also what is for the time after pod identity, in folders `later`: patches that take out its label, and a
   * NetworkPolicy that closes the metadata endpoint.
   */
  readonly later?: boolean;
}

/**
 * A plan as files for pull requests and for hand work: `<cluster>/<namespace>/<kind>-<name>.yaml`, and a
 * `kustomization.yaml` in each folder. Pure; what the plan leaves as it is has no file.
 *
 * @param snapshot what the plan was made from.
 */
export function migrationManifests(
  { clusters }: MigrationPlan,
  snapshot: MigrationSnapshot,
  { later = false }: ManifestOptions = {},
): readonly ManifestFile[] {
  const names = grouped(clusters, ({ name }) => name);
  return clusters.flatMap((cluster) => {
    // Clusters of one name are in different groups.
    const alone = (names.get(cluster.name)?.length ?? 0) < 2;
    const folder = alone ? cluster.name : canonicalArmId(cluster.id).slice(1);
    const { state, planned } = readAgain(cluster, snapshot);
    const now = manifestsOf(cluster, planned, state);
    const afterwards = later ? manifestsAfter(planned) : [];
    return [...filesOf(now, folder), ...filesOf(afterwards, folder, '/later')];
  });
}

function readAgain(
  { id, workloads }: ClusterMigration,
  snapshot: MigrationSnapshot,
): { readonly state: KubernetesState; readonly planned: readonly PlannedWorkload[] } {
  const state = kubernetesOf(snapshot, id);
  const read = new Map(readWorkloads(state).map((workload) => [workloadKey(workload), workload]));
  const planned = workloads.flatMap((plan) => {
    const workload = read.get(workloadKey(plan));
    return workload ? [{ plan, workload }] : [];
  });
  return { state, planned };
}

function manifestsOf(
  cluster: ClusterMigration,
  planned: readonly PlannedWorkload[],
  state: KubernetesState,
): readonly Manifest[] {
  const replacements = planned.flatMap(({ plan, workload }) => {
    const to = plan.templatePatch?.serviceAccountName;
    const { namespace, template } = workload;
    return to === undefined ? [] : [{ namespace, from: template.accountName, to }];
  });
  return [
    ...cluster.serviceAccounts.flatMap((account) => accountFile(account, state)),
    ...subjectFiles(replacements, state),
    ...planned.flatMap(({ plan, workload }) => [
      ...workloadFile(plan, workload),
      ...proxyInitFile(plan, workload, state),
    ]),
    ...consumerFiles(cluster, planned, state),
  ];
}

function manifestsAfter(planned: readonly PlannedWorkload[]): readonly Manifest[] {
  const namespaces = new Set(planned.map(({ workload }) => workload.namespace));
  // What AKS runs itself may need the endpoint.
  namespaces.delete('kube-system');
  return [
    ...planned.flatMap(({ plan, workload }) => bindingRemoval(plan, workload)),
    ...[...namespaces].map(imdsPolicyFile),
  ];
}

function filesOf(
  manifests: readonly Manifest[],
  cluster: string,
  below = '',
): readonly ManifestFile[] {
  const folders = grouped(manifests, ({ namespace }) => folderOf(cluster, namespace) + below);
  return sortedBy(folders, ([folder]) => folder).flatMap(([folder, inside]) => {
    const sorted = sortedBy(inside, fileName);
    return [
      { path: `${folder}/kustomization.yaml`, content: kustomization(sorted) },
      ...sorted.map((one) => ({ path: `${folder}/${fileName(one)}`, content: contentOf(one) })),
    ];
  });
}
