import { Names, Tags } from '../types.bicep'

param location string
param tags Tags
param names Names

@description('What the platform does with: storage, task hub, telemetry.')
resource host 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' = {
  name: names.hostIdentity
  location: location
  tags: tags
}

@description('What Steward does with: Azure Resource Manager and the clusters. It has no rights but those of fleet/role.bicep.')
resource fleet 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' = {
  name: names.fleetIdentity
  location: location
  tags: tags
}

@description('What the topics of Event Grid do with: dead letters, and delivery to the queue.')
resource events 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' = {
  name: names.eventsIdentity
  location: location
  tags: tags
}

output fleetPrincipalId string = fleet.properties.principalId
output fleetClientId string = fleet.properties.clientId
output eventsIdentityId string = events.id
