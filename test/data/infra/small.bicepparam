using '../../../infra/main.bicep'

// A try-out: one subscription, the smallest instances, switched off until somebody has looked at it.
param environmentName = 'try'
param location = 'northeurope'
param tags = { owner: 'platform-team' }
param subscriptions = ['00000000-0000-0000-0000-00000000000a']
param enabled = false
param instanceMemoryMB = 512
param alertEmail = 'platform@example.org'
