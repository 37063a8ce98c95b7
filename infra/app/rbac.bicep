import { DurableBackend, Names, deadLetters, eventsQueue } from '../types.bicep'

param names Names
param durableBackend DurableBackend

var roles = loadJsonContent('../roles.json')
var hostStorageRoles = [
  roles['Storage Blob Data Owner'] // the host's locks need an owner
  roles['Storage Queue Data Contributor']
  roles['Storage Table Data Contributor']
]

resource host 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' existing = {
  name: names.hostIdentity
}

resource events 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' existing = {
  name: names.eventsIdentity
}

resource component 'Microsoft.Insights/components@2020-02-02' existing = {
  name: names.component
}

resource scheduler 'Microsoft.DurableTask/schedulers@2026-02-01' existing = if (durableBackend == 'dts') {
  name: names.scheduler
}

resource account 'Microsoft.Storage/storageAccounts@2025-06-01' existing = {
  name: names.storage

  resource blobs 'blobServices' existing = {
    name: 'default'

    resource lost 'containers' existing = {
      name: deadLetters
    }
  }

  resource queues 'queueServices' existing = {
    name: 'default'

    resource events 'queues' existing = {
      name: eventsQueue
    }
  }
}

resource hostOnStorage 'Microsoft.Authorization/roleAssignments@2022-04-01' = [
  for role in hostStorageRoles: {
    name: guid(account.id, host.id, role)
    scope: account
    properties: {
      principalId: host.properties.principalId
      principalType: 'ServicePrincipal'
      roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', role)
    }
  }
]

resource hostOnTelemetry 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(component.id, host.id, roles['Monitoring Metrics Publisher'])
  scope: component
  properties: {
    principalId: host.properties.principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId(
      'Microsoft.Authorization/roleDefinitions',
      roles['Monitoring Metrics Publisher']
    )
  }
}

resource hostOnScheduler 'Microsoft.Authorization/roleAssignments@2022-04-01' = if (durableBackend == 'dts') {
  name: guid(scheduler.id, host.id, roles['Durable Task Data Contributor'])
  scope: scheduler
  properties: {
    principalId: host.properties.principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId(
      'Microsoft.Authorization/roleDefinitions',
      roles['Durable Task Data Contributor']
    )
  }
}

resource eventsOnDeadLetters 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(account::blobs::lost.id, events.id, roles['Storage Blob Data Contributor'])
  scope: account::blobs::lost
  properties: {
    principalId: events.properties.principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId(
      'Microsoft.Authorization/roleDefinitions',
      roles['Storage Blob Data Contributor']
    )
  }
}

resource eventsOnQueue 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(account::queues::events.id, events.id, roles['Storage Queue Data Message Sender'])
  scope: account::queues::events
  properties: {
    principalId: events.properties.principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId(
      'Microsoft.Authorization/roleDefinitions',
      roles['Storage Queue Data Message Sender']
    )
  }
}
