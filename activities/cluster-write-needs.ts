/** What it takes to give a resource an identity. */
export const assignIdentityNeed = 'Microsoft.ManagedIdentity/userAssignedIdentities/assign/action';

/**
 * ARM actions behind every write of a cluster. Azure checks the caller's rights on what the body is
 * linked to each time, whether the write changes the link or not.
 */
export const clusterWriteNeeds: readonly string[] = [
  'Microsoft.ContainerService/managedClusters/read',
  'Microsoft.ContainerService/managedClusters/write',
  assignIdentityNeed,
  'Microsoft.Network/virtualNetworks/subnets/join/action',
  'Microsoft.Network/publicIPAddresses/join/action',
  'Microsoft.Network/publicIPPrefixes/join/action',
  'Microsoft.Compute/diskEncryptionSets/read',
];
