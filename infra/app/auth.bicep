import { EventDelivery, Names } from '../types.bicep'

param names Names
param eventDelivery EventDelivery

@description('Client id of the Entra application that stands for the API of Steward.')
param clientId string

@description('Client ids of the applications that may call it; empty: every one of the tenant that has an app role.')
param allowedApplications string[]

resource site 'Microsoft.Web/sites@2025-03-01' existing = {
  name: names.functionApp
}

@description('Only bearer tokens are checked: there is no client secret.')
resource auth 'Microsoft.Web/sites/config@2025-03-01' = {
  parent: site
  name: 'authsettingsV2'
  properties: {
    platform: { enabled: true, runtimeVersion: '~1' }
    globalValidation: {
      requireAuthentication: true
      unauthenticatedClientAction: 'Return401'
      // Health says nothing but that the app is there. Event Grid brings no token but a key of the host's own; through the
      // queue it needs no way in at all.
      excludedPaths: union(['/api/health'], eventDelivery == 'function' ? ['/runtime/webhooks/eventgrid'] : [])
    }
    httpSettings: { requireHttps: true }
    login: { tokenStore: { enabled: false } }
    identityProviders: {
      azureActiveDirectory: {
        enabled: true
        registration: {
          clientId: clientId
          openIdIssuer: '${environment().authentication.loginEndpoint}${tenant().tenantId}/v2.0'
        }
        validation: {
          allowedAudiences: [clientId, 'api://${clientId}']
          defaultAuthorizationPolicy: empty(allowedApplications) ? {} : { allowedApplications: allowedApplications }
        }
      }
    }
  }
}
