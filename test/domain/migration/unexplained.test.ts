import type { MigrationPlan } from '../../../domain/migration/document';
import { unexplainedTokens } from '../../../domain/migration/unexplained';
import type { MigrationSnapshot } from '../../../domain/migration/snapshot';

const id =
  '/subscriptions/S/resourceGroups/g/providers/Microsoft.ContainerService/managedClusters/aks';
const plan = {
  clusters: [{ id, workloads: [{ namespace: 'shop' }] }],
} as unknown as MigrationPlan;

function counted(nmiCounts?: object): MigrationSnapshot {
  const content = { serverVersion: 'v1.33.0', objects: [], ...(nmiCounts && { nmiCounts }) };
  return {
    fleet: { clusters: [] },
    kubernetes: { [id.toLowerCase()]: content },
  } as unknown as MigrationSnapshot;
}

it('tokens are unexplained in a namespace without a workload in the plan', () => {
  const snapshot = counted({
    'kube-system/nmi-a': { requests: { shop: 7, spark: 2, ci: 0 } },
    'kube-system/nmi-b': { requests: { spark: 3, '': 1 } },
  });

  expect(unexplainedTokens(plan, snapshot)).toEqual([
    { cluster: id, namespace: '', tokens: 1 },
    { cluster: id, namespace: 'spark', tokens: 5 },
  ]);
});

it('nothing is unexplained where no metric was read', () => {
  expect(unexplainedTokens(plan, counted())).toEqual([]);
});
