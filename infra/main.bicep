targetScope = 'subscription'

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
} from 'types.bicep'

metadata name = 'Steward'
metadata description = 'Phase 1 of 3: everything that Steward runs on. What it may do to clusters is in fleet/role.bicep.'

@description('Tells installations apart; part of every name.')
@minLength(1)
@maxLength(40)
param environmentName string

@description('Where it runs; the clusters may be anywhere.')
@minLength(1)
param location string = deployment().location

param resourceGroupName string = '${loadJsonContent('abbreviations.json').resourceGroup}${environmentName}'
param tags Tags = {}

@description('The subscriptions it looks after; empty: the one it is deployed to.')
param subscriptions string[] = []

@description('What is wanted of clusters, as JSON (domain/policy.ts); empty: the careful defaults.')
param policy string = ''

@description('When the whole fleet is looked at: NCRONTAB, six fields.')
param sweepSchedule string = '0 0 */6 * * *'

@description('false: it is there, and does nothing.')
param enabled bool = true

param durableBackend DurableBackend = 'storage'

@description('Of the Durable Task Scheduler, when that is the backend: 0 is pay-per-action, 3 is zone redundant.')
@allowed([0, 1, 2, 3])
param schedulerUnits int = 0

param eventDelivery EventDelivery = 'function'
param auth AuthMode = 'keys'

@description('With auth entra: client id of the application that stands for the API.')
param authClientId string = ''

@description('With auth entra: client ids of those that may call; empty: whoever has an app role.')
param allowedApplications string[] = []

@description('Address of an OTLP receiver over HTTP for spans, log lines and measurements; empty: none are sent.')
param telemetryReceiver string = ''

@description('How the API servers of private clusters are reached: over the network, or by the run-command API.')
param privateClusters PrivateClusters = 'direct'

param network Network = 'public'

@description('Of the virtual network, when there is one.')
param addressPrefix string = '10.90.0.0/26'

param zoneRedundant bool = false
param nodeVersion NodeVersion = '22'
@allowed([512, 2048, 4096])
param instanceMemoryMB int = 2048

@description('Azure throttles long before more instances would help.')
@minValue(40)
@maxValue(1000)
param maximumInstanceCount int = 40

param alwaysReady AlwaysReady[] = []

@description('Who is told of alerts; empty: nobody.')
param alertEmail string = ''

@description('Logs beyond this many GB a day are dropped.')
@minValue(1)
param dailyQuotaGb int = 1

var abbreviations = loadJsonContent('abbreviations.json')
var token = toLower(uniqueString(subscription().id, environmentName, location))
var functionApp = '${abbreviations.functionApp}${token}'
var names Names = {
  functionApp: functionApp
  plan: '${abbreviations.plan}${token}'
  package: 'app-package-${take(functionApp, 32)}-${take(token, 7)}'
  storage: '${abbreviations.storageAccount}${token}'
  hostIdentity: '${abbreviations.userAssignedIdentity}host-${token}'
  fleetIdentity: '${abbreviations.userAssignedIdentity}fleet-${token}'
  eventsIdentity: '${abbreviations.userAssignedIdentity}events-${token}'
  workspace: '${abbreviations.logAnalytics}${token}'
  component: '${abbreviations.applicationInsights}${token}'
  actionGroup: '${abbreviations.actionGroup}${token}'
  alertPrefix: '${abbreviations.alert}${token}-'
  scheduler: '${abbreviations.durableTaskScheduler}${token}'
  taskHub: 'Steward'
  network: '${abbreviations.virtualNetwork}${token}'
  securityGroup: '${abbreviations.networkSecurityGroup}${token}'
}
var allTags = union(tags, { 'azd-env-name': environmentName })
var watched = empty(subscriptions) ? [subscription().subscriptionId] : subscriptions

// Event Grid comes from outside the network, and a closed app is not reached from there.
var delivery = network == 'closed' && eventDelivery == 'function'
  ? fail('An app in a closed network cannot be called by Event Grid. Set eventDelivery (STEWARD_EVENT_DELIVERY) to queue')
  : eventDelivery
var entraClientId = auth == 'entra' && empty(authClientId)
  ? fail('Entra authentication needs an application. Set authClientId (STEWARD_AUTH_CLIENT_ID) to its client id')
  : authClientId

resource group 'Microsoft.Resources/resourceGroups@2025-04-01' = {
  name: resourceGroupName
  location: location
  tags: allTags
}

module identity 'app/identity.bicep' = {
  scope: group
  params: { location: location, tags: allTags, names: names }
}

module storage 'app/storage.bicep' = {
  scope: group
  params: { location: location, tags: allTags, names: names, network: network, zoneRedundant: zoneRedundant }
}

module monitoring 'app/monitoring.bicep' = {
  scope: group
  params: {
    location: location
    tags: allTags
    names: names
    alertEmail: alertEmail
    dailyQuotaGb: dailyQuotaGb
  }
}

module scheduler 'app/dts.bicep' = if (durableBackend == 'dts') {
  scope: group
  params: {
    location: location
    tags: allTags
    names: names
    network: network
    dedicatedUnits: schedulerUnits
  }
}

module rbac 'app/rbac.bicep' = {
  scope: group
  params: { names: names, durableBackend: durableBackend }
  dependsOn: [identity, storage, monitoring, scheduler]
}

module vnet 'app/network.bicep' = if (network != 'public') {
  scope: group
  params: {
    location: location
    tags: allTags
    names: names
    network: network
    durableBackend: durableBackend
    addressPrefix: addressPrefix
  }
  dependsOn: [storage, scheduler]
}

module app 'app/function.bicep' = {
  scope: group
  params: {
    location: location
    tags: allTags
    names: names
    network: network
    zoneRedundant: zoneRedundant
    nodeVersion: nodeVersion
    instanceMemoryMB: instanceMemoryMB
    maximumInstanceCount: maximumInstanceCount
    alwaysReady: alwaysReady
    durableBackend: durableBackend
    eventDelivery: delivery
    auth: auth
    enabled: enabled
    telemetryReceiver: telemetryReceiver
    privateClusters: privateClusters
    subscriptions: watched
    policy: policy
    sweepSchedule: sweepSchedule
  }
  dependsOn: [rbac, vnet]
}

module siteEndpoint 'app/private-endpoint.bicep' = if (network == 'closed') {
  scope: group
  params: {
    location: location
    tags: allTags
    name: '${abbreviations.privateEndpoint}${names.functionApp}'
    targetId: app.outputs.functionAppId
    groupId: 'sites'
    subnetId: vnet!.outputs.endpointsSubnetId
    zoneId: vnet!.outputs.siteZoneId
  }
}

module authentication 'app/auth.bicep' = if (auth == 'entra') {
  scope: group
  params: {
    names: names
    eventDelivery: delivery
    clientId: entraClientId
    allowedApplications: allowedApplications
  }
  dependsOn: [app]
}

output AZURE_LOCATION string = location
output AZURE_TENANT_ID string = tenant().tenantId
output AZURE_RESOURCE_GROUP string = group.name
output AZURE_FUNCTION_NAME string = names.functionApp
output STEWARD_BASE_URL string = 'https://${app.outputs.hostName}'
output STEWARD_FLEET_PRINCIPAL_ID string = identity.outputs.fleetPrincipalId
output STEWARD_FLEET_CLIENT_ID string = identity.outputs.fleetClientId
output STEWARD_DEADLETTER_CONTAINER_URL string = storage.outputs.deadLettersUrl

// What the event subscriptions of phase 3 need to know.
output STEWARD_FUNCTION_APP_ID string = app.outputs.functionAppId
output STEWARD_STORAGE_ACCOUNT_ID string = storage.outputs.accountId
output STEWARD_EVENTS_IDENTITY_ID string = identity.outputs.eventsIdentityId
output STEWARD_ACTION_GROUP_ID string = monitoring.outputs.actionGroupId
output STEWARD_EVENT_DELIVERY string = delivery
output STEWARD_WATCHED string = join(watched, ',')
