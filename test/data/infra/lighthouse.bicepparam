using '../../../infra/fleet/lighthouse.bicep'

param managedByTenantId = '00000000-0000-0000-0000-0000000000d1'
param fleetPrincipalId = '00000000-0000-0000-0000-0000000000f1'
param extent = 'change'
