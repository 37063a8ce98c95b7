using 'main.bicep'

// Every value can be set in the environment, by `azd env set NAME VALUE` or in the pipeline; none has to be.
param environmentName = readEnvironmentVariable('AZURE_ENV_NAME', 'steward')
param location = readEnvironmentVariable('AZURE_LOCATION', 'westeurope')

param subscriptions = filter(split(readEnvironmentVariable('STEWARD_SUBSCRIPTIONS', ''), ','), id => !empty(id))
param policy = readEnvironmentVariable('STEWARD_POLICY', '')
param sweepSchedule = readEnvironmentVariable('STEWARD_SWEEP_SCHEDULE', '0 0 */6 * * *')
param enabled = bool(readEnvironmentVariable('STEWARD_ENABLED', 'true'))

param durableBackend = readEnvironmentVariable('STEWARD_DURABLE_BACKEND', 'storage')
param schedulerUnits = int(readEnvironmentVariable('STEWARD_SCHEDULER_UNITS', '0'))
param eventDelivery = readEnvironmentVariable('STEWARD_EVENT_DELIVERY', 'function')

param auth = readEnvironmentVariable('STEWARD_AUTH', 'keys')
param authClientId = readEnvironmentVariable('STEWARD_AUTH_CLIENT_ID', '')
param allowedApplications = filter(
  split(readEnvironmentVariable('STEWARD_AUTH_ALLOWED_APPLICATIONS', ''), ','),
  id => !empty(id)
)

param network = readEnvironmentVariable('STEWARD_NETWORK', 'public')
param addressPrefix = readEnvironmentVariable('STEWARD_ADDRESS_PREFIX', '10.90.0.0/26')
param privateClusters = readEnvironmentVariable('STEWARD_PRIVATE_CLUSTERS', 'direct')

param telemetryReceiver = readEnvironmentVariable('OTEL_EXPORTER_OTLP_ENDPOINT', '')
param alertEmail = readEnvironmentVariable('STEWARD_ALERT_EMAIL', '')
param nodeVersion = readEnvironmentVariable('STEWARD_NODE_VERSION', '22')
param zoneRedundant = bool(readEnvironmentVariable('STEWARD_ZONE_REDUNDANT', 'false'))
