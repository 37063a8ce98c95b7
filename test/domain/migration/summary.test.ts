import { MigrationOptions } from '../../../domain/migration/options';
import { planMigration } from '../../../domain/migration/plan';
import { summarizeMigration } from '../../../domain/migration/summary';
import { clusterId, maker, object, planOf, snapshotOf } from './support/a-world';
import type { World } from './support/a-world';
import { planFixtures } from './support/plan-fixtures';

function summaryOf(world: World) {
  return summarizeMigration(planOf(world), snapshotOf(world));
}

describe('the figures of a migration', () => {
  const world: World = {
    namespaceMetadata: { labels: { 'steward.dev/team': 'payments' } },
    objects: [
      maker('StatefulSet', 'queue', { spec: { replicas: 1 } }),
      maker('Deployment', 'lost', { labels: { aadpodidbinding: 'x' } }),
      maker('Deployment', 'lost', { namespace: 'ops', labels: { aadpodidbinding: 'x' } }),
      object('v1 Namespace', 'ops', { metadata: { namespace: '' } }),
    ],
  };

  it('count each workload once by its status, and by each of its codes', () => {
    expect(summaryOf(world).all).toEqual({
      total: 4,
      left: 2,
      byStatus: {
        migrated: 0,
        ready: 1,
        'needs-approval': 1,
        'pull-request': 0,
        'needs-input': 0,
        manual: 0,
        blocked: 0,
        unused: 2,
      },
      byCode: { ROLLOUT_DOWNTIME: 1, SELECTOR_UNMATCHED: 2 },
    });
  });

  it('are told by cluster, namespace and team', () => {
    const { clusters, namespaces, teams } = summaryOf(world);

    expect(Object.keys(clusters)).toEqual([clusterId]);
    expect(namespaces.map(({ namespace, team, total }) => [namespace, team, total])).toEqual([
      ['ops', 'ops', 1],
      ['shop', 'payments', 3],
    ]);
    expect(Object.entries(teams).map(([team, { total }]) => [team, total])).toEqual([
      ['ops', 1],
      ['payments', 3],
    ]);
  });

  it.each(planFixtures)('add up for %s', (_name, { given }) => {
    const plan = planMigration(given, MigrationOptions.parse(given.options));
    const { all, clusters, namespaces, teams } = summarizeMigration(plan, given);
    const workloads = plan.clusters.flatMap((cluster) => cluster.workloads);

    for (const parts of [Object.values(clusters), namespaces, Object.values(teams)]) {
      expect(parts.reduce((sum, { total }) => sum + total, 0)).toBe(workloads.length);
      expect(parts.reduce((sum, { left }) => sum + left, 0)).toBe(all.left);
    }
    expect(Object.values(all.byStatus).reduce((sum, count) => sum + count, 0)).toBe(all.total);
    expect(all.byStatus.migrated).toBe(
      workloads.filter(({ status }) => status === 'migrated').length,
    );
  });
});
