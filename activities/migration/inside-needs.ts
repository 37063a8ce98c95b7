/** ARM actions with which Steward gets into a cluster; what it may do there, the cluster decides. */
export const insideNeeds: readonly string[] = [
  'Microsoft.ContainerService/managedClusters/listClusterUserCredential/action',
];
