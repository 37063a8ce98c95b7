import { pageAnswer } from '../../paging';
import { locationOf, onCluster } from './cluster';

/**
 * What a cluster's nodes must reach.
 * @see https://learn.microsoft.com/azure/aks/outbound-rules-control-egress
 */
export const outboundEndpoints = onCluster((cluster, request, world) => {
  const location = locationOf(cluster);
  const domains: readonly (readonly [string, readonly string[]])[] = [
    ['azure-resource-management', ['management.azure.com', 'login.microsoftonline.com']],
    ['images', ['mcr.microsoft.com', '*.data.mcr.microsoft.com']],
    ['artifacts', ['packages.microsoft.com', 'acs-mirror.azureedge.net']],
    ['api-server', [`*.hcp.${location}.azmk8s.io`]],
  ];
  const value = domains.map(([category, names]) => ({
    category,
    endpoints: names.map((domainName) => ({
      domainName,
      endpointDetails: [{ port: 443, protocol: 'HTTPS' }],
    })),
  }));
  return pageAnswer(request, value, world);
});

export const privateLinkResources = onCluster(({ id }) => {
  const type = 'Microsoft.ContainerService/managedClusters/privateLinkResources';
  const name = 'management';
  const resource = { id: `${id}/privateLinkResources/${name}`, name, type, groupId: name };
  return { status: 200, body: { value: [{ ...resource, requiredMembers: [name] }] } };
});
