using 'subscription-events.bicep'

// The outputs of main.bicep.
param location = readEnvironmentVariable('AZURE_LOCATION', 'westeurope')
param actionGroupId = readEnvironmentVariable('STEWARD_ACTION_GROUP_ID', '')
param target = {
  delivery: readEnvironmentVariable('STEWARD_EVENT_DELIVERY', 'function')
  functionAppId: readEnvironmentVariable('STEWARD_FUNCTION_APP_ID', '')
  storageAccountId: readEnvironmentVariable('STEWARD_STORAGE_ACCOUNT_ID', '')
  eventsIdentityId: readEnvironmentVariable('STEWARD_EVENTS_IDENTITY_ID', '')
}
