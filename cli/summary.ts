import type { ClusterView, RunView } from './api';
import type { CallCount } from './azure';
import { stewardPrincipal } from './local-runtime';

/** How a start ended; the last line of `--json`. */
export interface Summary {
  readonly clusters: number;
  /** Clusters whose run succeeded and whose last evaluation found nothing. */
  readonly inOrder: number;
  /** Clusters on which at least one step was carried out. */
  readonly changed: number;
  readonly failed: readonly {
    readonly cluster: string;
    readonly code: string;
    readonly reason: string;
  }[];
  /** Requests of Steward to Azure Resource Manager, since the fleet was made. */
  readonly armCalls: number;
  readonly armWrites: number;
  readonly wallSeconds: number;
  readonly simulatedSeconds: number;
}

export interface Evidence {
  readonly runs: readonly RunView[];
  readonly clusters: readonly ClusterView[];
  readonly calls: readonly CallCount[];
  readonly wallMs: number;
  readonly simulatedMs: number;
}

export function summarize({ runs, clusters, calls, wallMs, simulatedMs }: Evidence): Summary {
  const latest = new Map(runs.map((run) => [run.cluster.id, run]));
  const all = [...latest.values()];
  const ok = new Set(clusters.filter(({ status }) => status === 'ok').map(({ id }) => id));
  const own = calls.filter(
    ({ principal, provider }) =>
      principal === stewardPrincipal && provider.toLowerCase() !== 'microsoft.graph',
  );
  return {
    clusters: all.length,
    inOrder: all.filter(({ state, cluster }) => state === 'succeeded' && ok.has(cluster.id)).length,
    changed: all.filter(({ applied }) => applied > 0).length,
    failed: all.flatMap(({ cluster, failure }) =>
      failure ? [{ cluster: cluster.armId, code: failure.code, reason: failure.message }] : [],
    ),
    armCalls: sum(own),
    armWrites: sum(own.filter(isWrite)),
    wallSeconds: Math.round(wallMs / 100) / 10,
    simulatedSeconds: Math.round(simulatedMs / 1000),
  };
}

/** A query of Resource Graph is a POST, but changes nothing. */
function isWrite({ method, provider }: CallCount): boolean {
  return method !== 'GET' && provider.toLowerCase() !== 'microsoft.resourcegraph';
}

function sum(calls: readonly CallCount[]): number {
  return calls.reduce((total, { count }) => total + count, 0);
}

export function summaryLines(summary: Summary): readonly string[] {
  const { clusters, inOrder, changed, failed, armCalls, armWrites } = summary;
  return [
    '',
    `${inOrder} of ${clusters} clusters in order, ${changed} changed, ${failed.length} failed`,
    ...failed.map(
      ({ cluster, code, reason }) => `  ✗ ${cluster.split('/').at(-1) ?? ''} (${code}): ${reason}`,
    ),
    `${armCalls} calls to Azure, ${armWrites} of them writes; ${summary.wallSeconds} s here, ${duration(summary.simulatedSeconds)} in simulated Azure`,
  ];
}

function duration(seconds: number): string {
  const minutes = Math.round(seconds / 60);
  return minutes < 60 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}
