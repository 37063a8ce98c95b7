targetScope = 'managementGroup'

import { Target, clusterEventTypes, deliver } from 'delivery.bicep'

metadata description = 'Every cluster below the management group has its topic (cluster-events.bicep): reported at first, made when effect says so.'

param location string = deployment().location
param target Target

@description('AuditIfNotExists reports the clusters that have none; DeployIfNotExists makes what is missing.')
@allowed(['AuditIfNotExists', 'DeployIfNotExists', 'Disabled'])
param effect string = 'AuditIfNotExists'

var abbreviations = loadJsonContent('../abbreviations.json')
var roles = loadJsonContent('../roles.json')
var eventGridContributor = tenantResourceId('Microsoft.Authorization/roleDefinitions', roles['EventGrid Contributor'])
var app = split(target.functionAppId, '/')
var subscriptionProperties = deliver({ includedEventTypes: clusterEventTypes }, target)

resource definition 'Microsoft.Authorization/policyDefinitions@2025-03-01' = {
  name: 'steward-cluster-events'
  properties: {
    displayName: 'Steward: AKS clusters send their events to Steward'
    description: 'Makes an Event Grid topic of each cluster, and subscribes Steward to it.'
    policyType: 'Custom'
    mode: 'Indexed'
    metadata: { category: 'Kubernetes', version: '1.0.0' }
    parameters: {
      effect: {
        type: 'String'
        allowedValues: ['AuditIfNotExists', 'DeployIfNotExists', 'Disabled']
        defaultValue: 'AuditIfNotExists'
      }
      eventsIdentityId: { type: 'String' }
      subscriptionName: { type: 'String' }
      subscription: { type: 'Object' }
    }
    policyRule: {
      if: { field: 'type', equals: 'Microsoft.ContainerService/managedClusters' }
      then: {
        effect: '[parameters(\'effect\')]'
        details: {
          type: 'Microsoft.EventGrid/systemTopics'
          name: '[concat(\'evgt-steward-\', uniqueString(toLower(field(\'id\'))))]'
          evaluationDelay: 'AfterProvisioning'
          roleDefinitionIds: [eventGridContributor]
          deployment: {
            properties: {
              mode: 'incremental'
              parameters: {
                clusterId: { value: '[field(\'id\')]' }
                location: { value: '[field(\'location\')]' }
                topicName: {
                  value: '[concat(\'evgt-steward-\', uniqueString(toLower(field(\'id\'))))]'
                }
                subscriptionName: { value: '[parameters(\'subscriptionName\')]' }
                eventsIdentityId: { value: '[parameters(\'eventsIdentityId\')]' }
                subscription: { value: '[parameters(\'subscription\')]' }
              }
              template: loadJsonContent('policy-deployment.json')
            }
          }
        }
      }
    }
  }
}

resource assignment 'Microsoft.Authorization/policyAssignments@2025-03-01' = {
  name: 'steward-cluster-events' // at most 24 characters
  location: location
  identity: { type: 'SystemAssigned' }
  properties: {
    displayName: 'Steward: AKS clusters send their events to Steward'
    policyDefinitionId: definition.id
    parameters: {
      effect: { value: effect }
      eventsIdentityId: { value: target.eventsIdentityId }
      subscriptionName: { value: '${abbreviations.eventGridSubscription}steward' }
      subscription: { value: subscriptionProperties }
    }
  }
}

resource onClusters 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(managementGroup().id, assignment.id, roles['EventGrid Contributor'])
  properties: {
    principalId: assignment.identity.principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: eventGridContributor
  }
}

module destination 'policy-destination.bicep' = {
  scope: resourceGroup(app[2], app[4])
  params: {
    principalId: assignment.identity.principalId
    assignmentId: assignment.id
    functionAppName: app[8]
    eventsIdentityName: last(split(target.eventsIdentityId, '/'))
  }
}
