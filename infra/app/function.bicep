import {
  AlwaysReady
  AuthMode
  DurableBackend
  EventDelivery
  Names
  Network
  NodeVersion
  PrivateClusters
  Tags
} from '../types.bicep'

param location string
param tags Tags
param names Names
param network Network
param zoneRedundant bool
param nodeVersion NodeVersion
@allowed([512, 2048, 4096])
param instanceMemoryMB int
@minValue(40)
@maxValue(1000)
param maximumInstanceCount int
param alwaysReady AlwaysReady[]
param durableBackend DurableBackend
param eventDelivery EventDelivery
param auth AuthMode
param enabled bool
param telemetryReceiver string
param privateClusters PrivateClusters
param subscriptions string[]
param policy string
param sweepSchedule string

resource host 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' existing = {
  name: names.hostIdentity
}

resource fleet 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' existing = {
  name: names.fleetIdentity
}

resource account 'Microsoft.Storage/storageAccounts@2025-06-01' existing = {
  name: names.storage
}

resource component 'Microsoft.Insights/components@2020-02-02' existing = {
  name: names.component
}

resource scheduler 'Microsoft.DurableTask/schedulers@2026-02-01' existing = if (durableBackend == 'dts') {
  name: names.scheduler
}

resource vnet 'Microsoft.Network/virtualNetworks@2025-05-01' existing = if (network != 'public') {
  name: names.network

  resource app 'subnets' existing = {
    name: 'app'
  }
}

resource plan 'Microsoft.Web/serverfarms@2025-03-01' = {
  name: names.plan
  location: location
  tags: tags
  kind: 'functionapp'
  sku: { name: 'FC1', tier: 'FlexConsumption' }
  properties: { reserved: true, zoneRedundant: zoneRedundant }
}

resource site 'Microsoft.Web/sites@2025-03-01' = {
  name: names.functionApp
  location: location
  tags: union(tags, { 'azd-service-name': 'steward' })
  kind: 'functionapp,linux'
  identity: {
    type: 'UserAssigned'
    userAssignedIdentities: { '${host.id}': {}, '${fleet.id}': {} }
  }
  properties: {
    serverFarmId: plan.id
    httpsOnly: true
    publicNetworkAccess: network == 'closed' ? 'Disabled' : 'Enabled'
    virtualNetworkSubnetId: network == 'public' ? null : vnet::app.id
    outboundVnetRouting: network == 'public' ? null : { allTraffic: true }
    functionAppConfig: {
      deployment: {
        storage: {
          type: 'blobContainer'
          value: '${account.properties.primaryEndpoints.blob}${names.package}'
          authentication: {
            type: 'UserAssignedIdentity'
            userAssignedIdentityResourceId: host.id
          }
        }
      }
      runtime: { name: 'node', version: nodeVersion }
      scaleAndConcurrency: {
        instanceMemoryMB: instanceMemoryMB
        maximumInstanceCount: maximumInstanceCount
        alwaysReady: alwaysReady
      }
    }
    siteConfig: {
      minTlsVersion: '1.2'
      scmMinTlsVersion: '1.2'
      ftpsState: 'Disabled'
      http20Enabled: true
    }
  }

  resource ftp 'basicPublishingCredentialsPolicies' = {
    name: 'ftp'
    properties: { allow: false }
  }

  resource scm 'basicPublishingCredentialsPolicies' = {
    name: 'scm'
    properties: { allow: false }
  }
}

var always = {
  AzureWebJobsStorage__credential: 'managedidentity'
  AzureWebJobsStorage__clientId: host.properties.clientId
  AzureWebJobsStorage__blobServiceUri: account.properties.primaryEndpoints.blob
  AzureWebJobsStorage__queueServiceUri: account.properties.primaryEndpoints.queue
  AzureWebJobsStorage__tableServiceUri: account.properties.primaryEndpoints.table
  TASKHUB_NAME: names.taskHub
  APPLICATIONINSIGHTS_CONNECTION_STRING: component.properties.ConnectionString
  APPLICATIONINSIGHTS_AUTHENTICATION_STRING: 'ClientId=${host.properties.clientId};Authorization=AAD'
  STEWARD_CLOUD: environment().name == 'AzureCloud' ? 'AzurePublicCloud' : environment().name
  STEWARD_SUBSCRIPTIONS: join(subscriptions, ',')
  STEWARD_RECORDS: 'tables:${account.properties.primaryEndpoints.table}'
  STEWARD_HOST_CLIENT_ID: host.properties.clientId
  STEWARD_IDENTITY_CLIENT_ID: fleet.properties.clientId
  STEWARD_EVENT_DELIVERY: eventDelivery
  STEWARD_AUTH: auth
  STEWARD_ENABLED: enabled ? 'true' : 'false'
  STEWARD_TELEMETRY: empty(telemetryReceiver) ? 'none' : 'opentelemetry'
  STEWARD_PRIVATE_CLUSTERS: privateClusters
  STEWARD_SWEEP_SCHEDULE: sweepSchedule
}

var withReceiver = empty(telemetryReceiver) ? {} : { OTEL_EXPORTER_OTLP_ENDPOINT: telemetryReceiver }

var withPolicy = empty(policy) ? {} : { STEWARD_POLICY: policy }

var withQueue = eventDelivery == 'queue'
  ? {
      StewardEvents__credential: 'managedidentity'
      StewardEvents__clientId: host.properties.clientId
      StewardEvents__queueServiceUri: account.properties.primaryEndpoints.queue
    }
  : {}

var withScheduler = durableBackend == 'dts'
  ? {
      DURABLE_TASK_SCHEDULER_CONNECTION_STRING: 'Endpoint=${scheduler!.properties.endpoint};Authentication=ManagedIdentity;ClientID=${host.properties.clientId}'
    }
  : {}

@description('All of them: what is not here is removed from the app.')
resource settings 'Microsoft.Web/sites/config@2025-03-01' = {
  parent: site
  name: 'appsettings'
  properties: union(always, withPolicy, withReceiver, withQueue, withScheduler)
}

output functionAppId string = site.id
output hostName string = site.properties.defaultHostName
