metadata description = 'What the identity of the policy needs where the events go: writing an event subscription checks its destination.'

param principalId string

@description('The policy assignment whose identity that is.')
param assignmentId string
param functionAppName string
param eventsIdentityName string

var roles = loadJsonContent('../roles.json')

resource site 'Microsoft.Web/sites@2025-03-01' existing = {
  name: functionAppName
}

resource events 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' existing = {
  name: eventsIdentityName
}

resource onFunction 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(site.id, assignmentId, roles['Website Contributor'])
  scope: site
  properties: {
    principalId: principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roles['Website Contributor'])
  }
}

@description('To give the identity to the topics that the policy makes.')
resource onIdentity 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(events.id, assignmentId, roles['Managed Identity Operator'])
  scope: events
  properties: {
    principalId: principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId(
      'Microsoft.Authorization/roleDefinitions',
      roles['Managed Identity Operator']
    )
  }
}
