targetScope = 'subscription'

import { Tags } from '../types.bicep'
import { Target } from 'delivery.bicep'

metadata description = 'Phase 3, once for each subscription that is looked after: tells Steward what happens to its clusters.'

param location string = deployment().location
param tags Tags = {}
param target Target

@description('Who is told when events are lost; empty: nobody.')
param actionGroupId string = ''

param resourceGroupName string = 'rg-steward-events'

@description('A subscription can have one topic of this kind. If it has one already: its name, and in resourceGroupName its resource group. Its owner gives it the events identity.')
param existingTopicName string = ''

var resourceGroupTags = union(tags, { 'steward-part': 'subscription-events' })

resource group 'Microsoft.Resources/resourceGroups@2025-04-01' = if (empty(existingTopicName)) {
  name: resourceGroupName
  location: location
  tags: resourceGroupTags
}

module topic 'subscription-topic.bicep' = {
  scope: resourceGroup(resourceGroupName)
  params: {
    tags: tags
    target: target
    actionGroupId: actionGroupId
    existingTopicName: existingTopicName
  }
  dependsOn: [group]
}
