import type { ClusterLinks, KeyManagement } from '../cluster';
import type { ArmCluster } from './cluster-body';

type Properties = ArmCluster['properties'];

/** What a cluster refers to outside its node resource group. */
export function clusterLinks(properties: Properties): ClusterLinks {
  const { apiServerAccessProfile: api, networkProfile, hostedSystemProfile: hosted } = properties;
  const { outboundIPs, outboundIPPrefixes } = networkProfile.loadBalancerProfile;
  const keys = keyManagement(properties);
  const registry = properties.bootstrapProfile.containerRegistryId;
  return {
    kubenet: networkProfile.networkPlugin.toLowerCase() === 'kubenet',
    userDefinedRouting: networkProfile.outboundType.toLowerCase() === 'userdefinedrouting',
    ...(api.enableVnetIntegration && api.subnetId !== '' && { apiServerSubnet: api.subnetId }),
    hostedSubnets: hosted.enabled ? distinct([hosted.systemNodeSubnetID, hosted.nodeSubnetID]) : [],
    hostedSystem: hosted.enabled,
    privateCluster: api.enablePrivateCluster,
    publicDnsOnly: api.enablePrivateCluster && api.privateDNSZone.toLowerCase() === 'none',
    // A zone that AKS manages is named by a word, one of your own by its id.
    ...(api.enablePrivateCluster &&
      api.privateDNSZone.startsWith('/') && { privateDnsZone: api.privateDNSZone }),
    ...(properties.diskEncryptionSetID !== '' && {
      diskEncryptionSet: properties.diskEncryptionSetID,
    }),
    outboundAddresses: distinct(outboundIPs.publicIPs.map(({ id }) => id)),
    outboundPrefixes: distinct(outboundIPPrefixes.publicIPPrefixes.map(({ id }) => id)),
    ...(keys && { keyManagement: keys }),
    ...(registry !== '' && { bootstrapRegistry: registry }),
  };
}

function keyManagement({ securityProfile }: Properties): KeyManagement | undefined {
  const { enabled, keyId, keyVaultNetworkAccess, keyVaultResourceId } =
    securityProfile.azureKeyVaultKms;
  if (!enabled) return undefined;
  const privateVault = keyVaultNetworkAccess.toLowerCase() === 'private';
  return { keyId, privateVault, vaultId: keyVaultResourceId };
}

/** The ids of a list without blanks and doubles, compared as ARM compares them, sorted. */
function distinct(ids: readonly string[]): string[] {
  const byKey = new Map(ids.filter((id) => id !== '').map((id) => [id.toLowerCase(), id]));
  return [...byKey.values()].sort();
}
