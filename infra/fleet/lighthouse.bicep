targetScope = 'subscription'

metadata description = 'Deployed in the tenant of a customer, by its owner: lets Steward look after the clusters of this subscription from another tenant.'

@description('The tenant that Steward runs in.')
param managedByTenantId string

@description('What Steward acts as, in its own tenant.')
param fleetPrincipalId string

@description('report: see everything. change: bring clusters and identities in order too.')
@allowed(['report', 'change'])
param extent string = 'report'

// Azure Lighthouse takes built-in roles only; assigning roles stays with the customer.
var roles = loadJsonContent('../roles.json')
var roleNames = extent == 'report'
  ? ['Reader']
  : ['Reader', 'Azure Kubernetes Service Contributor Role', 'Managed Identity Contributor']
var authorizations = [
  for name in roleNames: {
    principalId: fleetPrincipalId
    principalIdDisplayName: 'Steward'
    roleDefinitionId: roles[name]
  }
]

resource definition 'Microsoft.ManagedServices/registrationDefinitions@2022-10-01' = {
  name: guid(subscription().id, managedByTenantId, 'steward')
  properties: {
    registrationDefinitionName: 'Steward for AKS (${extent})'
    description: 'Keeps the identities of AKS clusters in order.'
    managedByTenantId: managedByTenantId
    authorizations: authorizations
  }
}

resource assignment 'Microsoft.ManagedServices/registrationAssignments@2022-10-01' = {
  name: guid(subscription().id, managedByTenantId, 'steward')
  properties: { registrationDefinitionId: definition.id }
}
