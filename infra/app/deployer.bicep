metadata description = 'What the pipeline may do in one resource group.'

@description('Where the identities of the pipeline are.')
param pipelineGroupName string
param planIdentityName string
param deployIdentityName string

@description('Whether it may also assign the roles of rbac.bicep, and no others.')
param assignsRoles bool

var roles = loadJsonContent('../roles.json')
var assignable = join(
  [
    roles['Storage Blob Data Owner']
    roles['Storage Blob Data Contributor']
    roles['Storage Queue Data Contributor']
    roles['Storage Queue Data Message Sender']
    roles['Storage Table Data Contributor']
    roles['Monitoring Metrics Publisher']
    roles['Durable Task Data Contributor']
  ],
  ', '
)
var ofThose = '[Microsoft.Authorization/roleAssignments:RoleDefinitionId] ForAnyOfAnyValues:GuidEquals {${assignable}}'
var toServices = '[Microsoft.Authorization/roleAssignments:PrincipalType] ForAnyOfAnyValues:StringEqualsIgnoreCase {\'ServicePrincipal\'}'
var onWrite = '((!(ActionMatches{\'Microsoft.Authorization/roleAssignments/write\'})) OR (@Request${ofThose} AND @Request${toServices}))'
var onDelete = '((!(ActionMatches{\'Microsoft.Authorization/roleAssignments/delete\'})) OR (@Resource${ofThose} AND @Resource${toServices}))'

resource planner 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' existing = {
  scope: resourceGroup(pipelineGroupName)
  name: planIdentityName
}

resource deployer 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' existing = {
  scope: resourceGroup(pipelineGroupName)
  name: deployIdentityName
}

resource plans 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(resourceGroup().id, planner.id, roles.Reader)
  properties: {
    principalId: planner.properties.principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roles.Reader)
  }
}

resource deploys 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(resourceGroup().id, deployer.id, roles.Contributor)
  properties: {
    principalId: deployer.properties.principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roles.Contributor)
  }
}

resource assigns 'Microsoft.Authorization/roleAssignments@2022-04-01' = if (assignsRoles) {
  name: guid(resourceGroup().id, deployer.id, roles['Role Based Access Control Administrator'])
  properties: {
    principalId: deployer.properties.principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId(
      'Microsoft.Authorization/roleDefinitions',
      roles['Role Based Access Control Administrator']
    )
    condition: '${onWrite} AND ${onDelete}'
    conditionVersion: '2.0'
  }
}
