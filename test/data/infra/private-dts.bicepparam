using '../../../infra/main.bicep'

// Everything on: no way in from the internet, no key anywhere, zones, the Durable Task Scheduler.
param environmentName = 'prod'
param location = 'westeurope'
param subscriptions = ['00000000-0000-0000-0000-00000000000a', '00000000-0000-0000-0000-00000000000b']
param policy = '{"clustersAtOnce":2}'
param durableBackend = 'dts'
param schedulerUnits = 3
param eventDelivery = 'queue'
param auth = 'entra'
param authClientId = '00000000-0000-0000-0000-0000000000c1'
param allowedApplications = ['00000000-0000-0000-0000-0000000000c2']
param telemetryReceiver = 'https://otlp.example.org'
param network = 'closed'
param privateClusters = 'runCommand'
param zoneRedundant = true
param nodeVersion = '24'
param alwaysReady = [{ name: 'durable', instanceCount: 2 }]
param alertEmail = 'platform@example.org'
