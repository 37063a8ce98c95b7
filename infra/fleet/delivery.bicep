import { EventDelivery, deadLetters, eventsQueue } from '../types.bicep'

@export()
@description('Where events go, in the subscription that Steward runs in: the outputs of main.bicep.')
type Target = {
  delivery: EventDelivery

  @description('…/providers/Microsoft.Web/sites/<name>')
  functionAppId: string

  @description('…/providers/Microsoft.Storage/storageAccounts/<name>')
  storageAccountId: string

  @description('…/providers/Microsoft.ManagedIdentity/userAssignedIdentities/<name>: may write into the queue and the dead letters.')
  eventsIdentityId: string
}

type EventSubscription = resourceInput<'Microsoft.EventGrid/systemTopics/eventSubscriptions@2025-02-15'>.properties
type Filter = resourceInput<'Microsoft.EventGrid/systemTopics/eventSubscriptions@2025-02-15'>.properties.filter

type Identity = {
  type: 'UserAssigned'
  userAssignedIdentity: string
}

@export()
@description('Of a cluster: what may change what it needs. The names are those that domain/cluster-event.ts understands.')
var clusterEventTypes = [
  'Microsoft.ContainerService.NewKubernetesVersionAvailable'
  'Microsoft.ContainerService.ClusterSupportEnding'
  'Microsoft.ContainerService.ClusterSupportEnded'
  'Microsoft.ContainerService.NodePoolRollingStarted'
  'Microsoft.ContainerService.NodePoolRollingSucceeded'
  'Microsoft.ContainerService.NodePoolRollingFailed'
]

@export()
@description('Of a subscription: changes, of which the operations below are about clusters.')
var resourceEventTypes = [
  'Microsoft.Resources.ResourceWriteSuccess'
  'Microsoft.Resources.ResourceDeleteSuccess'
  'Microsoft.Resources.ResourceActionSuccess'
]

@export()
@description('Without this filter every change of everything in the subscription would be delivered. Azure allows 25 values.')
var clusterOperations = [
  'Microsoft.ContainerService/managedClusters/write'
  'Microsoft.ContainerService/managedClusters/delete'
  'Microsoft.ContainerService/managedClusters/start/action'
  'Microsoft.ContainerService/managedClusters/stop/action'
  'Microsoft.ContainerService/managedClusters/abort/action'
  'Microsoft.ContainerService/managedClusters/resetServicePrincipalProfile/action'
  'Microsoft.ContainerService/managedClusters/agentPools/write'
  'Microsoft.ContainerService/managedClusters/agentPools/delete'
  'Microsoft.ContainerService/managedClusters/agentPools/upgradeNodeImageVersion/action'
  'Microsoft.ContainerService/managedClusters/agentPools/abort/action'
  'Microsoft.ContainerService/managedClusters/maintenanceConfigurations/write'
  'Microsoft.ContainerService/managedClusters/maintenanceConfigurations/delete'
]

func identityOf(target Target) Identity => {
  type: 'UserAssigned'
  userAssignedIdentity: target.eventsIdentityId
}

@export()
@description('An event subscription. Event Grid knows the function by a key of the function app; into the queue it writes as the identity, and there is no key.')
func deliver(filter Filter, target Target) EventSubscription => {
  filter: filter
  destination: target.delivery == 'function'
    ? {
        endpointType: 'AzureFunction'
        properties: {
          resourceId: '${target.functionAppId}/functions/clusterEvents'
          maxEventsPerBatch: 1
          preferredBatchSizeInKilobytes: 64
        }
      }
    : null
  deliveryWithResourceIdentity: target.delivery == 'queue'
    ? {
        identity: identityOf(target)
        destination: {
          endpointType: 'StorageQueue'
          properties: {
            resourceId: target.storageAccountId
            queueName: eventsQueue
            queueMessageTimeToLiveInSeconds: 604800
          }
        }
      }
    : null
  deadLetterWithResourceIdentity: {
    identity: identityOf(target)
    deadLetterDestination: {
      endpointType: 'StorageBlob'
      properties: { resourceId: target.storageAccountId, blobContainerName: deadLetters }
    }
  }
  eventDeliverySchema: 'CloudEventSchemaV1_0' // can never be changed
  retryPolicy: { maxDeliveryAttempts: 30, eventTimeToLiveInMinutes: 1440 }
  labels: ['aks-identity-steward']
}
