import { Tags } from '../types.bicep'
import { Target, clusterEventTypes, deliver } from 'delivery.bicep'

metadata description = 'Tells Steward about one cluster: new Kubernetes versions, end of support, node pools being rolled. Into the resource group of the cluster.'

param clusterName string

@description('The region of the cluster: its topic must be there.')
param location string
param tags Tags = {}
param target Target

var abbreviations = loadJsonContent('../abbreviations.json')

resource cluster 'Microsoft.ContainerService/managedClusters@2026-01-01' existing = {
  name: clusterName
}

resource topic 'Microsoft.EventGrid/systemTopics@2025-02-15' = {
  // The name that fleet/policy.bicep gives as well: a cluster can have one topic of this kind.
  name: '${abbreviations.eventGridTopic}steward-${uniqueString(toLower(cluster.id))}'
  location: location
  tags: tags
  identity: {
    type: 'UserAssigned'
    userAssignedIdentities: { '${target.eventsIdentityId}': {} }
  }
  properties: {
    source: cluster.id
    topicType: 'Microsoft.ContainerService.ManagedClusters'
  }

  resource events 'eventSubscriptions' = {
    name: '${abbreviations.eventGridSubscription}steward'
    properties: deliver({ includedEventTypes: clusterEventTypes }, target)
  }
}
