targetScope = 'subscription'

import { Tags } from '../types.bicep'

metadata description = 'Once, by a person, before the pipeline runs: two identities that GitHub can act as, one that shows what would change and one that changes it, and the little that they may do.'

@description('That of main.bicep.')
param environmentName string
param location string = deployment().location
param tags Tags = {}

@description('OWNER/NAME, as GitHub spells it.')
param repository string

@description('GitHub environments; the one that deploys should ask a person.')
param planEnvironment string = 'steward-plan'
param deployEnvironment string = 'steward'

param resourceGroupName string = '${loadJsonContent('../abbreviations.json').resourceGroup}${environmentName}'
param eventsGroupName string = 'rg-steward-events'

var abbreviations = loadJsonContent('../abbreviations.json')
var pipelineGroupName = '${resourceGroupName}-pipeline' // apart: who may change the app cannot change who may
var planIdentityName = '${abbreviations.userAssignedIdentity}${environmentName}-plan'
var deployIdentityName = '${abbreviations.userAssignedIdentity}${environmentName}-deploy'
var groupsToDeployTo = [resourceGroupName, eventsGroupName]

var parts = [
  {
    name: 'Steward Pipeline Plan'
    description: 'Show what a deployment would change.'
    actions: [
      'Microsoft.Resources/deployments/read'
      'Microsoft.Resources/deployments/operations/read'
      'Microsoft.Resources/deployments/operationstatuses/read'
      'Microsoft.Resources/deployments/validate/action'
      'Microsoft.Resources/deployments/whatIf/action'
      'Microsoft.Resources/subscriptions/resourceGroups/read'
    ]
  }
  {
    name: 'Steward Pipeline Deploy'
    description: 'Deploy to resource groups in which more is granted, and subscribe to the events of the subscription.'
    actions: [
      'Microsoft.Resources/deployments/*'
      'Microsoft.Resources/subscriptions/resourceGroups/read'
      'Microsoft.Resources/subscriptions/resourceGroups/write'
      'Microsoft.EventGrid/eventSubscriptions/read'
      'Microsoft.EventGrid/eventSubscriptions/write'
    ]
  }
]

resource pipelineGroup 'Microsoft.Resources/resourceGroups@2025-04-01' = {
  name: pipelineGroupName
  location: location
  tags: tags
}

resource groups 'Microsoft.Resources/resourceGroups@2025-04-01' = [
  for name in groupsToDeployTo: {
    name: name
    location: location
    tags: tags
  }
]

module identities 'deployer-identities.bicep' = {
  scope: pipelineGroup
  params: {
    location: location
    tags: tags
    repository: repository
    identities: [
      { name: planIdentityName, environment: planEnvironment }
      { name: deployIdentityName, environment: deployEnvironment }
    ]
  }
}

resource planner 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' existing = {
  scope: pipelineGroup
  name: planIdentityName
}

resource deployer 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' existing = {
  scope: pipelineGroup
  name: deployIdentityName
}

resource roles 'Microsoft.Authorization/roleDefinitions@2022-04-01' = [
  for part in parts: {
    name: guid(subscription().id, part.name)
    properties: {
      roleName: '${part.name} (${subscription().subscriptionId})' // unique in a tenant
      description: part.description
      type: 'CustomRole'
      permissions: [{ actions: part.actions }]
      assignableScopes: [subscription().id]
    }
  }
]

resource planAssignment 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(subscription().id, planner.id)
  properties: {
    principalId: planner.properties.principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: roles[0].id
  }
  dependsOn: [identities]
}

resource deployAssignment 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(subscription().id, deployer.id)
  properties: {
    principalId: deployer.properties.principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: roles[1].id
  }
  dependsOn: [identities]
}

module rights '../app/deployer.bicep' = [
  for (name, i) in groupsToDeployTo: {
    scope: resourceGroup(name)
    params: {
      pipelineGroupName: pipelineGroupName
      planIdentityName: planIdentityName
      deployIdentityName: deployIdentityName
      assignsRoles: name == resourceGroupName
    }
    dependsOn: [groups[i], identities]
  }
]

@description('AZURE_CLIENT_ID of the GitHub environment that plans.')
output planClientId string = identities.outputs.clientIds[0]

@description('AZURE_CLIENT_ID of the one that deploys.')
output deployClientId string = identities.outputs.clientIds[1]
