import { DurableBackend, Names, Network, Tags } from '../types.bicep'

param location string
param tags Tags
param names Names
param network Network
param durableBackend DurableBackend

@description('At least /26: half of it is for the app, half for private endpoints.')
param addressPrefix string

var abbreviations = loadJsonContent('../abbreviations.json')
var storageParts = ['blob', 'queue', 'table']
var storageZones = map(storageParts, part => 'privatelink.${part}.${environment().suffixes.storage}')
var schedulerZones = durableBackend == 'dts' ? ['privatelink.durabletask.io'] : []
var siteZones = network == 'closed' ? ['privatelink.azurewebsites.net'] : []
var zoneNames = concat(storageZones, schedulerZones, siteZones)

resource account 'Microsoft.Storage/storageAccounts@2025-06-01' existing = {
  name: names.storage
}

resource scheduler 'Microsoft.DurableTask/schedulers@2026-02-01' existing = if (durableBackend == 'dts') {
  name: names.scheduler
}

@description('From the app only HTTPS goes out: to Azure, and to the API servers of clusters.')
resource securityGroup 'Microsoft.Network/networkSecurityGroups@2025-05-01' = {
  name: names.securityGroup
  location: location
  tags: tags
  properties: {
    securityRules: [
      {
        name: 'https-out'
        properties: {
          priority: 100
          direction: 'Outbound'
          access: 'Allow'
          protocol: 'Tcp'
          sourceAddressPrefix: '*'
          sourcePortRange: '*'
          destinationAddressPrefix: '*'
          destinationPortRange: '443'
        }
      }
      {
        name: 'nothing-else-to-the-internet'
        properties: {
          priority: 200
          direction: 'Outbound'
          access: 'Deny'
          protocol: '*'
          sourceAddressPrefix: '*'
          sourcePortRange: '*'
          destinationAddressPrefix: 'Internet'
          destinationPortRange: '*'
        }
      }
    ]
  }
}

resource vnet 'Microsoft.Network/virtualNetworks@2025-05-01' = {
  name: names.network
  location: location
  tags: tags
  properties: {
    addressSpace: { addressPrefixes: [addressPrefix] }
    subnets: [
      {
        name: 'app'
        properties: {
          addressPrefix: cidrSubnet(addressPrefix, 27, 0)
          networkSecurityGroup: { id: securityGroup.id }
          delegations: [{ name: 'flex', properties: { serviceName: 'Microsoft.App/environments' } }]
        }
      }
      {
        name: 'endpoints'
        properties: {
          addressPrefix: cidrSubnet(addressPrefix, 27, 1)
          networkSecurityGroup: { id: securityGroup.id }
          privateEndpointNetworkPolicies: 'Enabled'
        }
      }
    ]
  }

  resource endpoints 'subnets' existing = {
    name: 'endpoints'
  }
}

resource zones 'Microsoft.Network/privateDnsZones@2024-06-01' = [
  for zone in zoneNames: {
    name: zone
    location: 'global'
    tags: tags
  }
]

resource links 'Microsoft.Network/privateDnsZones/virtualNetworkLinks@2024-06-01' = [
  for (zone, i) in zoneNames: {
    parent: zones[i]
    name: names.network
    location: 'global'
    tags: tags
    properties: { registrationEnabled: false, virtualNetwork: { id: vnet.id } }
  }
]

module storageEndpoints 'private-endpoint.bicep' = [
  for (part, i) in storageParts: {
    params: {
      location: location
      tags: tags
      name: '${abbreviations.privateEndpoint}${names.storage}-${part}'
      targetId: account.id
      groupId: part
      subnetId: vnet::endpoints.id
      zoneId: zones[i].id
    }
  }
]

module schedulerEndpoint 'private-endpoint.bicep' = if (durableBackend == 'dts') {
  params: {
    location: location
    tags: tags
    name: '${abbreviations.privateEndpoint}${names.scheduler}'
    targetId: scheduler.id
    groupId: 'scheduler'
    subnetId: vnet::endpoints.id
    zoneId: zones[length(storageParts)].id
  }
}

output endpointsSubnetId string = vnet::endpoints.id

@description('Empty unless the app itself is reached from the network only.')
output siteZoneId string = network == 'closed' ? zones[length(zoneNames) - 1].id : ''
