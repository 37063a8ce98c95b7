using '../../../infra/fleet/deployer.bicep'

param environmentName = 'prod'
param location = 'westeurope'
param repository = 'example/aks-identity-steward'
