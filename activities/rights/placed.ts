import { clusterIdParts } from '../../domain/ids';
import type { ClusterFacts } from '../../domain/cluster';
import type { RightsAt } from '../../domain/rights';
import { clusterWriteNeeds } from '../cluster-write-needs';
import { linkedRights } from './linked-rights';

/** What an activity declares. */
interface Needy {
  readonly needs: readonly string[];
}

const ofSubscription =
  /^Microsoft\.(Features\/|Resources\/|ContainerService\/(register\/|locations\/))/;

/** The needs of activities on a cluster, each at the scope that it is about; without what Azure checks on linked resources. */
export function placed(
  facts: Pick<ClusterFacts, 'id' | 'armId' | 'nodeResourceGroup'>,
  ...activities: readonly Needy[]
): readonly RightsAt[] {
  const subscription = `/subscriptions/${clusterIdParts(facts.id).subscriptionId}`;
  const scopeOf = (action: string): string => {
    if (ofSubscription.test(action)) return subscription;
    const ofNodes = action.startsWith('Microsoft.Compute/virtualMachineScaleSets/');
    return ofNodes ? `${subscription}/resourceGroups/${facts.nodeResourceGroup}` : facts.armId;
  };
  return activities.flatMap(({ needs }) =>
    needs
      .filter((action) => !isLinked(action))
      .map((action) => ({ scope: scopeOf(action), actions: [action] })),
  );
}

/** The same for activities that write the cluster, with what Azure checks on what it is linked to. */
export function written(facts: ClusterFacts, ...activities: readonly Needy[]): readonly RightsAt[] {
  return [...placed(facts, ...activities), ...linkedRights(facts)];
}

/** Identities that a plan names were read when it was made. */
function isLinked(action: string): boolean {
  const checked = clusterWriteNeeds.filter((one) => !one.includes('/managedClusters/'));
  return checked.includes(action) || action.endsWith('/userAssignedIdentities/read');
}
