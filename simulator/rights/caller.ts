import { issuerOf } from '../entra/access-token';
import type { EntraParts } from '../entra/parts';
import { textAt } from '../json';
import type { JsonObject } from '../json';
import { armError } from '../provider';
import type { ArmResponse } from '../provider';
import { audienceIn, bearerOf } from './bearer';
import type { TokenFault } from './bearer';

const audiences = ['https://management.azure.com', 'https://management.core.windows.net'];

/** The object id of the caller of Resource Manager, or the answer to a token that is not taken. */
export function callerFrom(
  authorization: string | undefined,
  parts: EntraParts,
): string | ArmResponse {
  const bearer = bearerOf(authorization, audiences, parts);
  return 'oid' in bearer ? bearer.oid : refusals[bearer.fault](bearer.claims, parts);
}

const refusals: Readonly<
  Record<TokenFault, (claims: JsonObject, parts: EntraParts) => ArmResponse>
> = {
  missing: (_claims, parts) =>
    challenge(
      'AuthenticationFailed',
      "Authentication failed. The 'Authorization' header is missing.",
      parts,
    ),
  expired: (_claims, parts) =>
    challenge(
      'ExpiredAuthenticationToken',
      'The access token expiry is in the past. Get a new token.',
      parts,
    ),
  unproven: (_claims, parts) =>
    challenge('InvalidAuthenticationToken', 'The access token is invalid.', parts),
  audience: (claims, parts) =>
    challenge(
      'InvalidAuthenticationTokenAudience',
      `The access token has been obtained for wrong audience or resource '${audienceIn(claims)}'. It should exactly match with one of the allowed audiences 'https://management.core.windows.net/','https://management.core.windows.net','https://management.azure.com/','https://management.azure.com'.`,
      parts,
    ),
  issuer: (claims, parts) => wrongTenant(textAt(claims, 'iss') ?? '', parts.world.tenantId, parts),
};

/** A subscription may belong to another tenant than the caller's token. */
export function foreignSubscription(id: string, parts: EntraParts): ArmResponse | undefined {
  const { world } = parts;
  if (world.behaviour.rights === 'open') return undefined;
  const [, subscriptionId] = /^\/subscriptions\/([^/]+)/i.exec(id) ?? [];
  const subscription = world.resources.get(`/subscriptions/${subscriptionId ?? ''}`);
  const tenant = textAt(subscription, 'tenantId') ?? world.tenantId;
  if (tenant.toLowerCase() === world.tenantId.toLowerCase()) return undefined;
  return wrongTenant(issuerOf(world.tenantId), tenant, parts);
}

function wrongTenant(issuer: string, tenant: string, parts: EntraParts): ArmResponse {
  return challenge(
    'InvalidAuthenticationTokenTenant',
    `The access token is from the wrong issuer '${issuer}'. It must match the tenant '${issuerOf(tenant)}' associated with this subscription. Please use the authority (URL) 'https://login.windows.net/${tenant}' to get the token.`,
    parts,
  );
}

function challenge(code: string, message: string, { world }: EntraParts): ArmResponse {
  const answer = armError(401, code, message);
  const authority = `https://login.windows.net/${world.tenantId}`;
  const header = `Bearer authorization_uri="${authority}", error="invalid_token", error_description="${message.replaceAll('"', "'")}"`;
  return { ...answer, headers: { ...answer.headers, 'www-authenticate': header } };
}
