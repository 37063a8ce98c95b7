import type { MigrationPlan, WorkloadMigration, WorkloadStatus } from './document';
import { statuses } from './document';
import { namespaceOf } from './reading/cluster-context';
import { kubernetesOf } from './reading/kubernetes-of';
import type { KubernetesState } from './reading/kubernetes-objects';
import { grouped, sortedBy } from './reading/values';
import type { MigrationSnapshot } from './snapshot';

/** How many workloads there are of each status, and how many have each code. */
export interface MigrationCounts {
  readonly total: number;
  /** Every status, also those that no workload has. */
  readonly byStatus: Readonly<Record<WorkloadStatus, number>>;
  /** Codes that some workload has, sorted. */
  readonly byCode: Readonly<Record<string, number>>;
  /** Workloads that are still to be migrated: all that are neither migrated nor unused. */
  readonly left: number;
}

/** Figures of a burn-down: the same workloads, counted by where they are and whose they are. */
export interface MigrationSummary {
  readonly all: MigrationCounts;
  /** By cluster id. */
  readonly clusters: Readonly<Record<string, MigrationCounts>>;
  readonly namespaces: readonly NamespaceCounts[];
  readonly teams: Readonly<Record<string, MigrationCounts>>;
}

export interface NamespaceCounts extends MigrationCounts {
  /** Id of the cluster. */
  readonly cluster: string;
  readonly namespace: string;
  readonly team: string;
}

/** Label of a namespace that names the team that it belongs to; without it, the namespace is its own team. */
export const teamLabel = 'steward.dev/team';

interface Counted {
  readonly cluster: string;
  readonly team: string;
  readonly workload: WorkloadMigration;
}

/** @param snapshot what the plan was made from: its namespaces say whose they are. */
export function summarizeMigration(
  { clusters }: MigrationPlan,
  snapshot: MigrationSnapshot,
): MigrationSummary {
  const all = clusters.flatMap(({ id, workloads }): readonly Counted[] => {
    const state = kubernetesOf(snapshot, id);
    return workloads.map((workload) => ({
      cluster: id,
      team: teamOf(state, workload.namespace),
      workload,
    }));
  });
  const places = grouped(all, ({ cluster, workload }) => `${cluster}\0${workload.namespace}`);
  return {
    all: counts(all),
    clusters: Object.fromEntries(
      clusters.map(({ id }) => [id, counts(all.filter(({ cluster }) => cluster === id))]),
    ),
    namespaces: sortedBy(places, ([place]) => place).flatMap(([, inside]) => {
      const [first] = inside;
      if (!first) return [];
      const { cluster, team, workload } = first;
      return [{ cluster, namespace: workload.namespace, team, ...counts(inside) }];
    }),
    teams: Object.fromEntries(
      sortedBy(
        grouped(all, ({ team }) => team),
        ([team]) => team,
      ).map(([team, inside]) => [team, counts(inside)]),
    ),
  };
}

function teamOf(state: KubernetesState, namespace: string): string {
  const team = namespaceOf(state, namespace)?.labels.get(teamLabel) ?? '';
  return team === '' ? namespace : team;
}

const everyStatus: readonly WorkloadStatus[] = ['migrated', ...statuses, 'unused'];

function counts(counted: readonly Counted[]): MigrationCounts {
  const workloads = counted.map(({ workload }) => workload);
  const codes = sortedBy(new Set(workloads.flatMap((one) => one.codes)), (code) => code);
  const byStatus = Object.fromEntries(
    everyStatus.map((status) => [status, workloads.filter((one) => one.status === status).length]),
  ) as Record<WorkloadStatus, number>;
  return {
    total: workloads.length,
    byStatus,
    byCode: Object.fromEntries(
      codes.map((code) => [code, workloads.filter((one) => one.codes.includes(code)).length]),
    ),
    left: workloads.length - byStatus.migrated - byStatus.unused,
  };
}
