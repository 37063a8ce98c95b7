using '../../../infra/fleet/role.bicep'

param fleetPrincipalId = '00000000-0000-0000-0000-0000000000f1'
param capabilities = objectKeys(loadJsonContent('../../../infra/fleet/permissions.json').capabilities)
