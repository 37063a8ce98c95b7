targetScope = 'managementGroup'

metadata description = 'Phase 1, by a person: what Steward may do to the clusters below the management group.'

@description('Principal id of the fleet identity: output STEWARD_FLEET_PRINCIPAL_ID of main.bicep.')
param fleetPrincipalId string

@description('The parts of permissions.json that this installation is to have; the first of them is enough to report.')
param capabilities string[]

var permissions = loadJsonContent('permissions.json')

resource roles 'Microsoft.Authorization/roleDefinitions@2022-04-01' = [
  for key in capabilities: {
    name: guid(managementGroup().id, key)
    properties: {
      // Unique in a tenant.
      roleName: '${permissions.capabilities[key].title} (${managementGroup().name})'
      description: permissions.capabilities[key].description
      type: 'CustomRole'
      permissions: [{ actions: permissions.capabilities[key].actions }]
      assignableScopes: [managementGroup().id]
    }
  }
]

resource assignments 'Microsoft.Authorization/roleAssignments@2022-04-01' = [
  for (key, i) in capabilities: {
    name: guid(managementGroup().id, fleetPrincipalId, key)
    properties: {
      principalId: fleetPrincipalId
      principalType: 'ServicePrincipal'
      roleDefinitionId: roles[i].id
      condition: permissions.capabilities[key].?condition
      conditionVersion: contains(permissions.capabilities[key], 'condition') ? '2.0' : null
    }
  }
]
