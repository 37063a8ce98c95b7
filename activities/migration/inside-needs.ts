/** ARM actions with which Steward gets into a cluster; what it may do there, the cluster decides. */
export const insideNeeds: readonly string[] = [
  'Microsoft.ContainerService/managedClusters/listClusterUserCredential/action',
];

/** With which it gets into private clusters that it does not reach, besides: by commands that AKS runs there. */
export const runCommandNeeds: readonly string[] = [
  'Microsoft.ContainerService/managedClusters/commandResults/read',
  'Microsoft.ContainerService/managedClusters/runcommand/action',
];
