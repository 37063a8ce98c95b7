import { canonicalArmId } from '../ids';
import { objectIn } from './json';
import type { MigrationPlan } from './document';
import type { MigrationOptions } from './options';
import { planCluster, reviewCluster } from './plan-cluster';
import { clusterContext } from './reading/cluster-context';
import { readFleet, unreadCluster } from './reading/fleet';
import { sortedBy } from './reading/values';
import { featureUnregister } from './rules/feature-flag';
import { planCredentials } from './rules/federated-credentials';
import type { MigrationSnapshot } from './snapshot';

/**
 * What is to be done so that the clusters in scope use Workload ID and not pod identity. Pure: the same
 * reading gives the same plan, in whatever order and spelling its parts came. It never throws: what has not
 * the form of a Kubernetes object or an Azure resource is left out.
 *
 * Source of the facts: aad-pod-identity and azure-workload-identity, and the documentation of AKS.
 */
export function planMigration(
  { fleet: reading, kubernetes }: MigrationSnapshot,
  options: MigrationOptions,
): MigrationPlan {
  const fleet = readFleet(reading);
  const scope = new Map(
    sortedBy(Object.entries(kubernetes), ([id]) => id).map(([id, content]) => [
      canonicalArmId(id),
      { id, content },
    ]),
  );
  const inRun = new Set(scope.keys());
  const contexts = sortedBy(scope, ([key]) => key).map(([key, { id, content }]) =>
    clusterContext(
      fleet.clusters.get(key) ?? unreadCluster(id),
      objectIn(content) as unknown as typeof content,
      { fleet, options, inRun },
    ),
  );
  const reviews = contexts.map(reviewCluster);
  const credentials = planCredentials(
    reviews.flatMap(({ wishes }) => wishes),
    fleet,
  );
  return {
    clusters: reviews.map((review) => planCluster(review, credentials)),
    identities: credentials.identities,
    featureUnregister: featureUnregister(reading.subscriptions, fleet, inRun),
  };
}
