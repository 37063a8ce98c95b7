import { operationIn } from '../../clients/operation-names';

const subscription = '/subscriptions/00000000-0000-4000-8000-000000000001';
const cluster = `${subscription}/resourceGroups/rg/providers/Microsoft.ContainerService/managedClusters/aks`;

describe('an operation', () => {
  it.each([
    [cluster, 'microsoft.containerservice', 'microsoft.containerservice/managedclusters'],
    [
      `${cluster}/agentPools/apps/upgradeProfiles/default`,
      'microsoft.containerservice',
      'microsoft.containerservice/managedclusters/agentpools/upgradeprofiles',
    ],
    [
      `${cluster}/providers/Microsoft.Authorization/roleAssignments/0a`,
      'microsoft.authorization',
      'microsoft.authorization/roleassignments',
    ],
    [
      `${cluster}/listClusterUserCredential?format=exec`,
      'microsoft.containerservice',
      'microsoft.containerservice/managedclusters/listclusterusercredential',
    ],
    [
      `${subscription}/providers/Microsoft.ContainerService/locations/x/operations/0a?t=canary`,
      'microsoft.containerservice',
      'microsoft.containerservice/locations/operations',
    ],
    [
      '/providers/Microsoft.ResourceGraph/resources',
      'microsoft.resourcegraph',
      'microsoft.resourcegraph/resources',
    ],
    [
      `${subscription}/resourceGroups/rg`,
      'microsoft.resources',
      'microsoft.resources/resourcegroups',
    ],
    [subscription, 'microsoft.resources', 'microsoft.resources/subscriptions'],
    ['/v1.0/$batch', 'graph', 'graph/$batch'],
    ['/api/v1/namespaces/shop/pods/orders-1/log', 'kubernetes', 'kubernetes/pods'],
    ['/apis/apps/v1/deployments?limit=500', 'kubernetes', 'kubernetes/deployments'],
    ['/version', 'kubernetes', 'kubernetes'],
  ])('%s is called without the names of things', (path, service, operation) => {
    expect(operationIn(`https://host.example${path}`)).toEqual({ service, operation });
  });
});
