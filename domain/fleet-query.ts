import { toClusterFacts } from './arm-cluster';
import type { ClusterFacts } from './cluster';

/**
 * Every cluster of the fleet with what the rules look at, in one paged Resource Graph query. It sorts
 * by id and projects it, since pages are stable only then.
 */
export const fleetQuery = `
resources
| where type =~ 'microsoft.containerservice/managedclusters'
| extend p = properties
| project id, name, location, identity,
    provisioningState = tostring(p.provisioningState), powerState = tostring(p.powerState.code),
    kubernetesVersion = tostring(p.currentKubernetesVersion), nodeResourceGroup = tostring(p.nodeResourceGroup),
    resourceUID = tostring(p.resourceUID), servicePrincipalClientId = tostring(p.servicePrincipalProfile.clientId),
    identityProfile = p.identityProfile, podIdentityProfile = p.podIdentityProfile,
    agentPoolProfiles = p.agentPoolProfiles, networkPlugin = tostring(p.networkProfile.networkPlugin)
| order by id asc
`.trim();

/** Ids of the clusters among the given ones that exist. At most 300 ids a query (Resource Graph guidance). */
export function existingClustersQuery(ids: readonly string[]): string {
  const list = ids.map((id) => `'${id.replaceAll("'", '')}'`).join(', ');
  return `resources | where type =~ 'microsoft.containerservice/managedclusters' | where id in~ (${list}) | project id | order by id asc`;
}

/** A row of {@link fleetQuery} as facts about a cluster. @throws Error for a row of another shape. */
export function rowToFacts(row: unknown): ClusterFacts {
  const columns = row as Readonly<Record<string, unknown>>;
  const { id, name, location, identity, powerState, servicePrincipalClientId, networkPlugin } =
    columns;
  return toClusterFacts({
    id,
    name,
    location,
    identity,
    properties: {
      ...columns,
      powerState: { code: powerState },
      servicePrincipalProfile: { clientId: servicePrincipalClientId },
      networkProfile: { networkPlugin },
    },
  });
}
