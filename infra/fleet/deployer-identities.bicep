import { Tags } from '../types.bicep'

param location string
param tags Tags
param repository string

@description('Each is what one GitHub environment acts as.')
param identities {
  name: string
  environment: string
}[]

resource principals 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' = [
  for identity in identities: {
    name: identity.name
    location: location
    tags: tags
  }
]

@description('GitHub proves which environment of which repository a job runs in: no secret is kept anywhere.')
resource credentials 'Microsoft.ManagedIdentity/userAssignedIdentities/federatedIdentityCredentials@2024-11-30' = [
  for (identity, i) in identities: {
    parent: principals[i]
    name: 'github-${identity.environment}'
    properties: {
      issuer: 'https://token.actions.githubusercontent.com'
      subject: 'repo:${repository}:environment:${identity.environment}'
      audiences: ['api://AzureADTokenExchange']
    }
  }
]

output clientIds string[] = [for (identity, i) in identities: principals[i].properties.clientId]
