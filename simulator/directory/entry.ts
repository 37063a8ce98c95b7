import type { JsonObject } from '../json';

/** What the directory holds of one identity or application, as Graph shows it; each part may be missing. */
export interface Entry {
  readonly principal?: JsonObject | undefined;
  readonly application?: JsonObject | undefined;
}

export interface PrincipalFacts {
  readonly id: string;
  readonly appId: string;
  readonly displayName: string;
  readonly servicePrincipalType: 'Application' | 'ManagedIdentity';
  /** The tenant of its application; a managed identity has none. */
  readonly appOwnerOrganizationId: string | null;
  readonly alternativeNames: readonly string[];
}

/** A service principal with the members that every one has. */
export function servicePrincipal({ appId, displayName, ...facts }: PrincipalFacts): JsonObject {
  const isIdentity = facts.servicePrincipalType === 'ManagedIdentity';
  return {
    accountEnabled: true,
    appDisplayName: isIdentity ? null : displayName,
    appRoleAssignmentRequired: false,
    appRoles: [],
    appId,
    displayName,
    keyCredentials: [],
    oauth2PermissionScopes: [],
    passwordCredentials: [],
    replyUrls: [],
    servicePrincipalNames: [appId],
    signInAudience: isIdentity ? null : 'AzureADMyOrg',
    tags: [],
    ...facts,
  };
}

export interface ApplicationFacts {
  readonly id: string;
  readonly appId: string;
  readonly displayName: string;
}

/** An application with the members that every one has. */
export function application(facts: ApplicationFacts): JsonObject {
  return {
    appRoles: [],
    identifierUris: [],
    keyCredentials: [],
    passwordCredentials: [],
    requiredResourceAccess: [],
    signInAudience: 'AzureADMyOrg',
    tags: [],
    ...facts,
  };
}
