import { Names, Network, Tags } from '../types.bicep'

param location string
param tags Tags
param names Names
param network Network

@description('Three units are zone redundant. None: pay for each action.')
@allowed([0, 1, 2, 3])
param dedicatedUnits int

resource scheduler 'Microsoft.DurableTask/schedulers@2026-02-01' = {
  name: names.scheduler
  location: location
  tags: tags
  properties: {
    sku: dedicatedUnits == 0 ? { name: 'Consumption' } : { name: 'Dedicated', capacity: dedicatedUnits }
    ipAllowlist: ['0.0.0.0/0'] // an empty list lets nobody in, whatever their role
    publicNetworkAccess: network == 'public' ? 'Enabled' : 'Disabled'
  }

  resource hub 'taskHubs' = {
    name: names.taskHub
  }

  resource retention 'retentionPolicies' = {
    name: 'default'
    properties: {
      retentionPolicies: [{ retentionPeriodInDays: 30 }]
    }
  }
}
