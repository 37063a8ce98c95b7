import { objectIn, textIn } from '../json';
import type { MigrationOptions } from '../options';
import type { ClusterContent } from '../snapshot';
import type { Fleet, FleetCluster } from './fleet';
import { installation } from './install-mode';
import type { Installation } from './install-mode';
import { allOf, oneOf, readKubernetes } from './kubernetes-objects';
import type { KubernetesObject, KubernetesState } from './kubernetes-objects';
import { readEvidence } from './nmi-evidence';
import type { Evidence } from './nmi-evidence';
import { bindings, podExceptions, podIdentities } from './pod-identity-objects';
import type { PodException } from './pod-identity-objects';
import type { PodIdentityObjects } from './matching';
import { serverVersion } from './server-version';
import { isCandidate, readWorkloads } from './workloads';
import type { Workload } from './workloads';

/** Everything that was read of a cluster in scope, ready to be judged. */
export interface ClusterContext {
  readonly cluster: FleetCluster;
  readonly fleet: Fleet;
  readonly options: MigrationOptions;
  /** Canonical ids of the clusters that are migrated together. */
  readonly inRun: ReadonlySet<string>;
  readonly state: KubernetesState;
  /** As `serverVersion` gives it. */
  readonly version: number;
  readonly installed: Installation;
  readonly podIdentity: PodIdentityObjects;
  readonly exceptions: readonly PodException[];
  readonly workloads: readonly Workload[];
  readonly candidates: readonly Workload[];
  readonly evidence: Evidence;
}

export function clusterContext(
  cluster: FleetCluster,
  content: ClusterContent,
  { fleet, options, inRun }: Pick<ClusterContext, 'fleet' | 'options' | 'inRun'>,
): ClusterContext {
  const { objects, podLogs, serverVersion: gitVersion } = content;
  const state = readKubernetes(Array.isArray(objects) ? objects.map(objectIn) : []);
  const { currentKubernetesVersion, kubernetesVersion } = cluster.properties;
  const known = [gitVersion, currentKubernetesVersion, kubernetesVersion].map(textIn);
  const workloads = readWorkloads(state);
  return {
    cluster,
    fleet,
    options,
    inRun,
    state,
    version: known.map(serverVersion).find((version) => version > 0) ?? 0,
    installed: installation(cluster, state),
    podIdentity: {
      identities: new Map(podIdentities(state).map((identity) => [identity.key, identity])),
      bindings: bindings(state),
    },
    exceptions: podExceptions(state),
    workloads,
    candidates: workloads.filter(isCandidate),
    evidence: readEvidence(objectIn(podLogs), allOf(state, '/Pod')),
  };
}

export function namespaceOf(state: KubernetesState, name: string): KubernetesObject | undefined {
  return oneOf(state, '/Namespace', { name });
}

export function accountOf(
  state: KubernetesState,
  namespace: string,
  name: string,
): KubernetesObject | undefined {
  return oneOf(state, '/ServiceAccount', { namespace, name });
}
