/** The queries that a sweep of the fleet asks: one walk over the pages of each. */

/** Clusters, identities and the topics that tell about clusters. */
export const inventory = `
resources
| where type in~ ('microsoft.containerservice/managedclusters', 'microsoft.managedidentity/userassignedidentities', 'microsoft.eventgrid/systemtopics')
| extend p = properties
| where type !~ 'microsoft.eventgrid/systemtopics'
     or tostring(p.topicType) in~ ('Microsoft.ContainerService.ManagedClusters', 'Microsoft.ResourceNotifications.ContainerServiceEventResources')
| project id, name, type, location, resourceGroup, subscriptionId, tenantId, tags, sku, identity,
    provisioningState = tostring(p.provisioningState), powerState = tostring(p.powerState.code),
    kubernetesVersion = tostring(p.kubernetesVersion), currentKubernetesVersion = tostring(p.currentKubernetesVersion), supportPlan = tostring(p.supportPlan),
    nodeResourceGroup = tostring(p.nodeResourceGroup), nodeResourceGroupRestriction = tostring(p.nodeResourceGroupProfile.restrictionLevel),
    servicePrincipalClientId = tostring(p.servicePrincipalProfile.clientId), identityProfile = p.identityProfile,
    podIdentityProfile = p.podIdentityProfile, oidcIssuerProfile = p.oidcIssuerProfile,
    workloadIdentity = p.securityProfile.workloadIdentity, kms = p.securityProfile.azureKeyVaultKms,
    addonProfiles = p.addonProfiles, webAppRouting = p.ingressProfile.webAppRouting, aadProfile = p.aadProfile,
    disableLocalAccounts = tobool(p.disableLocalAccounts), enableRBAC = tobool(p.enableRBAC), autoUpgradeProfile = p.autoUpgradeProfile,
    diskEncryptionSetID = tostring(p.diskEncryptionSetID), apiServerAccessProfile = p.apiServerAccessProfile, hostedSystemProfile = p.hostedSystemProfile,
    networkPlugin = tostring(p.networkProfile.networkPlugin), outboundType = tostring(p.networkProfile.outboundType), loadBalancerSku = tostring(p.networkProfile.loadBalancerSku),
    outboundIPs = p.networkProfile.loadBalancerProfile.outboundIPs, outboundIPPrefixes = p.networkProfile.loadBalancerProfile.outboundIPPrefixes,
    bootstrapRegistry = tostring(p.bootstrapProfile.containerRegistryId), nodeProvisioning = tostring(p.nodeProvisioningProfile.mode),
    agentPoolProfiles = p.agentPoolProfiles, resourceUID = tostring(p.resourceUID),
    principalId = tostring(p.principalId), clientId = tostring(p.clientId),
    topicType = tostring(p.topicType), topicSource = tostring(p.source)
| order by id asc`;

/** Role assignments of principals that are not people. */
export const roleAssignments = `
authorizationresources
| where type =~ 'microsoft.authorization/roleassignments'
| where tostring(properties.principalType) in~ ('ServicePrincipal', 'Group')
| project id, name, principalId = tolower(tostring(properties.principalId)), principalType = tostring(properties.principalType),
    roleGuid = extract('([0-9a-f-]{36})$', 1, tolower(tostring(properties.roleDefinitionId))), scope = tolower(tostring(properties.scope)),
    condition = tostring(properties.condition), description = tostring(properties.description), createdOn = todatetime(properties.createdOn)
| order by id asc`;

/** Notices of maintenance and of the end of support. */
export const notices = `
containerserviceeventresources
| where type == 'microsoft.containerservice/managedclusters/scheduledevents'
| project id, eventSource = tostring(properties.eventSource), eolDate = todatetime(properties.eventDetails.eolDate),
    daysUntilEOL = toint(properties.eventDetails.daysUntilEOL)
| order by id asc`;

/** Resources that clusters refer to. At most 300 ids. */
export function linked(ids: readonly string[]): string {
  return `
resources
| where id in~ (${ids.map((id) => `'${id}'`).join(', ')})
| project id, type, subnets = properties.subnets, dhcpOptions = properties.dhcpOptions,
    roleAssignmentMode = tostring(properties.roleAssignmentMode),
    enableRbacAuthorization = tobool(properties.enableRbacAuthorization)
| order by id asc`;
}
