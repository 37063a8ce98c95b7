import { operationIn } from '../../clients/operation-names';

const subscription = '/subscriptions/00000000-0000-4000-8000-000000000001';
const cluster = `${subscription}/resourceGroups/rg/providers/Microsoft.ContainerService/managedClusters/aks`;

describe('an operation', () => {
  it.each([
    [cluster, 'Microsoft.ContainerService', 'Microsoft.ContainerService/managedClusters'],
    [
      `${cluster}/agentPools/apps/upgradeProfiles/default`,
      'Microsoft.ContainerService',
      'Microsoft.ContainerService/managedClusters/agentPools/upgradeProfiles',
    ],
    [
      `${cluster}/providers/Microsoft.Authorization/roleAssignments/0a`,
      'Microsoft.Authorization',
      'Microsoft.Authorization/roleAssignments',
    ],
    [
      `${cluster}/listClusterUserCredential?format=exec`,
      'Microsoft.ContainerService',
      'Microsoft.ContainerService/managedClusters/listClusterUserCredential',
    ],
    [
      `${subscription}/providers/Microsoft.ContainerService/locations/x/operations/0a?t=canary`,
      'Microsoft.ContainerService',
      'Microsoft.ContainerService/locations/operations',
    ],
    [
      '/providers/Microsoft.ResourceGraph/resources',
      'Microsoft.ResourceGraph',
      'Microsoft.ResourceGraph/resources',
    ],
    [
      `${subscription}/resourceGroups/rg`,
      'Microsoft.Resources',
      'Microsoft.Resources/resourceGroups',
    ],
    [subscription, 'Microsoft.Resources', 'Microsoft.Resources/subscriptions'],
    ['/v1.0/$batch', 'graph', 'graph/$batch'],
    ['/api/v1/namespaces/shop/pods/orders-1/log', 'kubernetes', 'kubernetes/pods'],
    ['/apis/apps/v1/deployments?limit=500', 'kubernetes', 'kubernetes/deployments'],
    ['/version', 'kubernetes', 'kubernetes'],
  ])('%s is called without the names of things', (path, service, operation) => {
    expect(operationIn(`https://host.example${path}`)).toEqual({ service, operation });
  });
});
