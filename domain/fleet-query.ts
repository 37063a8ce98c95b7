import { toClusterFacts } from './arm/cluster-facts';
import type { ClusterFacts } from './cluster';

const columns = `
| extend p = properties
| project id, name, location, tags, identity,
    provisioningState = tostring(p.provisioningState), powerState = tostring(p.powerState.code),
    kubernetesVersion = tostring(p.currentKubernetesVersion), nodeResourceGroup = tostring(p.nodeResourceGroup),
    nodeResourceGroupRestriction = tostring(p.nodeResourceGroupProfile.restrictionLevel),
    resourceUID = tostring(p.resourceUID), servicePrincipalClientId = tostring(p.servicePrincipalProfile.clientId),
    identityProfile = p.identityProfile, podIdentityProfile = p.podIdentityProfile,
    oidcIssuerProfile = p.oidcIssuerProfile, kms = p.securityProfile.azureKeyVaultKms,
    addonProfiles = p.addonProfiles, webAppRouting = p.ingressProfile.webAppRouting, aadProfile = p.aadProfile,
    disableLocalAccounts = tobool(p.disableLocalAccounts), enableRBAC = tobool(p.enableRBAC),
    diskEncryptionSetID = tostring(p.diskEncryptionSetID), apiServerAccessProfile = p.apiServerAccessProfile,
    hostedSystemProfile = p.hostedSystemProfile, networkPlugin = tostring(p.networkProfile.networkPlugin),
    outboundType = tostring(p.networkProfile.outboundType),
    outboundIPs = p.networkProfile.loadBalancerProfile.outboundIPs,
    outboundIPPrefixes = p.networkProfile.loadBalancerProfile.outboundIPPrefixes,
    bootstrapRegistry = tostring(p.bootstrapProfile.containerRegistryId), agentPoolProfiles = p.agentPoolProfiles
| order by id asc`;

const clusters = `
resources
| where type =~ 'microsoft.containerservice/managedclusters'`;

/**
 * Every cluster of the fleet with what the rules look at, in one paged Resource Graph query. It sorts
 * by id and projects it, since pages are stable only then.
 */
export const fleetQuery = `${clusters}${columns}`.trim();

/** Who every cluster is, what it issues, and whether it has the pod-identity add-on: rows in the shape of ARM. */
export const inventoryQuery = `${clusters}
| project id, name, location, identity, properties = bag_pack(
    'oidcIssuerProfile', properties.oidcIssuerProfile, 'podIdentityProfile', properties.podIdentityProfile,
    'identityProfile', properties.identityProfile, 'servicePrincipalProfile', properties.servicePrincipalProfile,
    'nodeResourceGroup', properties.nodeResourceGroup)
| order by id asc`.trim();

/** Clusters that act as one of these, other than the given one: applications by their ids, identities by theirs. */
export function sharersQuery(
  id: string,
  of: { readonly applications: readonly string[]; readonly identities: readonly string[] },
): string {
  const conditions = [
    ...of.applications.map(
      (app) => `tostring(properties.servicePrincipalProfile.clientId) =~ ${quoted(app)}`,
    ),
    ...of.identities.map((identity) => `tostring(identity) contains ${quoted(identity)}`),
  ];
  return `${clusters}\n| where id !~ ${quoted(id)}\n| where ${conditions.join(' or ')}${columns}`.trim();
}

/** Ids of the clusters among the given ones that exist. At most 300 ids a query (Resource Graph guidance). */
export function existingClustersQuery(ids: readonly string[]): string {
  return `resources | where type =~ 'microsoft.containerservice/managedclusters' | where id in~ (${ids.map(quoted).join(', ')}) | project id | order by id asc`;
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", '').replaceAll('\\', '')}'`;
}

/** A row of {@link fleetQuery} as facts about a cluster. @throws Error for a row of another shape. */
export function rowToFacts(row: unknown): ClusterFacts {
  const columnsOf = row as Readonly<Record<string, unknown>>;
  const { id, name, location, tags, identity } = columnsOf;
  return toClusterFacts({
    id,
    name,
    location,
    tags,
    identity,
    properties: propertiesOf(columnsOf),
  });
}

/** Columns back in their places. */
function propertiesOf(columnsOf: Readonly<Record<string, unknown>>): object {
  return {
    ...columnsOf,
    powerState: { code: columnsOf['powerState'] },
    servicePrincipalProfile: { clientId: columnsOf['servicePrincipalClientId'] },
    nodeResourceGroupProfile: { restrictionLevel: columnsOf['nodeResourceGroupRestriction'] },
    securityProfile: { azureKeyVaultKms: columnsOf['kms'] },
    ingressProfile: { webAppRouting: columnsOf['webAppRouting'] },
    bootstrapProfile: { containerRegistryId: columnsOf['bootstrapRegistry'] },
    networkProfile: {
      networkPlugin: columnsOf['networkPlugin'],
      outboundType: columnsOf['outboundType'],
      loadBalancerProfile: {
        outboundIPs: columnsOf['outboundIPs'],
        outboundIPPrefixes: columnsOf['outboundIPPrefixes'],
      },
    },
  };
}
