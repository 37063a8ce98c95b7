import { Tags } from '../types.bicep'
import { Target, clusterOperations, deliver, resourceEventTypes } from 'delivery.bicep'

param tags Tags
param target Target
param actionGroupId string
param existingTopicName string

var abbreviations = loadJsonContent('../abbreviations.json')
var topicName = empty(existingTopicName) ? '${abbreviations.eventGridTopic}steward-subscription' : existingTopicName

resource ownTopic 'Microsoft.EventGrid/systemTopics@2025-02-15' = if (empty(existingTopicName)) {
  name: topicName
  location: 'global'
  tags: tags
  identity: {
    type: 'UserAssigned'
    userAssignedIdentities: { '${target.eventsIdentityId}': {} }
  }
  properties: {
    source: subscription().id
    topicType: 'Microsoft.Resources.Subscriptions'
  }
}

resource topic 'Microsoft.EventGrid/systemTopics@2025-02-15' existing = {
  name: topicName
}

resource events 'Microsoft.EventGrid/systemTopics/eventSubscriptions@2025-02-15' = {
  parent: topic
  name: '${abbreviations.eventGridSubscription}steward'
  properties: deliver(
    {
      includedEventTypes: resourceEventTypes
      isSubjectCaseSensitive: false
      advancedFilters: [{ operatorType: 'StringIn', key: 'data.operationName', values: clusterOperations }]
    },
    target
  )
  dependsOn: [ownTopic]
}

var losses = [
  { metric: 'DeadLetteredCount', what: 'could not be delivered and were put aside' }
  { metric: 'DroppedEventCount', what: 'could not be delivered and are gone' }
]

resource lost 'Microsoft.Insights/metricAlerts@2026-01-01' = [
  for loss in losses: {
    name: '${abbreviations.alert}steward-${loss.metric}'
    location: 'global'
    tags: tags
    properties: {
      description: 'Events about clusters ${loss.what}. The next sweep sees what they were about. Next: read the container deadletter.'
      severity: 2
      enabled: true
      autoMitigate: true
      scopes: [topic.id]
      evaluationFrequency: 'PT15M'
      windowSize: 'PT1H'
      criteria: {
        'odata.type': 'Microsoft.Azure.Monitor.SingleResourceMultipleMetricCriteria'
        allOf: [
          {
            criterionType: 'StaticThresholdCriterion'
            name: 'lost'
            metricNamespace: 'Microsoft.EventGrid/systemTopics'
            metricName: loss.metric
            timeAggregation: 'Total'
            operator: 'GreaterThan'
            threshold: 0
          }
        ]
      }
      actions: empty(actionGroupId) ? [] : [{ actionGroupId: actionGroupId }]
    }
    dependsOn: [ownTopic]
  }
]
