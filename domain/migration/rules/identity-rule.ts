import { canonicalArmId } from '../../ids';
import { issuesIf } from '../codes';
import type { Issue } from '../codes';
import type { ClusterContext } from '../reading/cluster-context';
import type { FleetIdentity } from '../reading/fleet';
import type { PodIdentity } from '../reading/pod-identity-objects';
import { sameText } from '../reading/values';

/** An identity of a workload as Azure has it. */
export interface UsedIdentity {
  /** `namespace/name` of the AzureIdentity. */
  readonly key: string;
  readonly name: string;
  /** What credentials are counted on: a canonical ARM id, or the application. */
  readonly federates: string;
  readonly clientId: string;
  /** As the AzureIdentity has it, and NMI logs it. */
  readonly declaredClientId: string;
  readonly tenantId: string;
  readonly issues: readonly Issue[];
}

/** R5: whether an identity can be federated, and who it really is. */
export function usedIdentity(
  identity: PodIdentity,
  { fleet, options }: Pick<ClusterContext, 'fleet' | 'options'>,
): UsedIdentity {
  const { key, name, clientId: declaredClientId, tenantId } = identity;
  if (identity.type !== 0) {
    const issues = issuesIf({
      SP_IDENTITY: !options.allowApplicationFederation,
      SP_MULTI_TENANT_TOKENS: identity.auxiliaryTenants,
    });
    const federates = `applications/${declaredClientId.toLowerCase()}`;
    return { key, name, federates, clientId: declaredClientId, declaredClientId, tenantId, issues };
  }
  const federates = canonicalArmId(identity.resourceId);
  const found = fleet.identities.get(federates);
  const known = found?.clientId ?? '';
  const clientId = known === '' ? declaredClientId : known;
  const issues = managedIdentityIssues(found, { declaredClientId, options });
  return {
    key,
    name,
    federates,
    clientId,
    declaredClientId,
    tenantId: found?.tenantId ?? '',
    issues,
  };
}

function managedIdentityIssues(
  found: FleetIdentity | undefined,
  {
    declaredClientId,
    options,
  }: { readonly declaredClientId: string; readonly options: ClusterContext['options'] },
): readonly Issue[] {
  if (!found) return issuesIf({ IDENTITY_NOT_FOUND: true });
  return issuesIf({
    IDENTITY_FORBIDDEN: found.credentials === undefined,
    FIC_REGION_UNSUPPORTED: options.regionsWithoutFederation.includes(found.location),
    CLIENT_ID_STALE: found.clientId !== '' && !sameText(found.clientId, declaredClientId),
  });
}
