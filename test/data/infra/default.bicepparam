using '../../../infra/main.bicep'

// What nobody has changed.
param environmentName = 'prod'
param location = 'westeurope'
