using '../../../infra/fleet/policy.bicep'

param location = 'westeurope'
param target = {
  delivery: 'queue'
  functionAppId: '/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/rg-prod/providers/Microsoft.Web/sites/func-steward'
  storageAccountId: '/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/rg-prod/providers/Microsoft.Storage/storageAccounts/ststeward'
  eventsIdentityId: '/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/rg-prod/providers/Microsoft.ManagedIdentity/userAssignedIdentities/id-events'
}
param effect = 'DeployIfNotExists'
