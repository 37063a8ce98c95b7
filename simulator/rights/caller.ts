import { machineNow } from '../clock';
import { issuerOf } from '../entra/access-token';
import type { EntraParts } from '../entra/parts';
import { readJwt } from '../entra/jwt';
import { textAt } from '../json';
import type { JsonObject } from '../json';
import { armError } from '../provider';
import type { ArmResponse } from '../provider';

const audiences = [
  'https://management.azure.com',
  'https://management.core.windows.net',
  'https://graph.microsoft.com',
];

/**
 * The object id of the caller. Where rights are open, any bearer token will do, and one that is no JWT stands for
 * `anonymous`; where they are enforced, it is one that this Azure has signed for Resource Manager.
 */
export function callerFrom(
  authorization: string | undefined,
  parts: EntraParts,
): string | ArmResponse {
  const [, token] = /^bearer\s+(\S+)$/i.exec(authorization ?? '') ?? [];
  if (token === undefined) {
    return challenge(
      'AuthenticationFailed',
      "Authentication failed. The 'Authorization' header is missing.",
      parts,
    );
  }
  const claims = readJwt(token)?.claims ?? {};
  const refused =
    expired(claims, parts) ??
    (parts.world.behaviour.rights === 'enforced' ? unproven(token, claims, parts) : undefined);
  return refused ?? textAt(claims, 'oid') ?? 'anonymous';
}

function expired(claims: JsonObject, parts: EntraParts): ArmResponse | undefined {
  const expires = claims['exp'];
  if (typeof expires !== 'number' || expires * 1000 >= machineNow()) return undefined;
  const message = 'The access token expiry is in the past. Get a new token.';
  return challenge('ExpiredAuthenticationToken', message, parts);
}

function unproven(token: string, claims: JsonObject, parts: EntraParts): ArmResponse | undefined {
  const { world, key } = parts;
  if (!key.hasSigned(token) || textAt(claims, 'oid') === undefined) {
    return challenge('InvalidAuthenticationToken', 'The access token is invalid.', parts);
  }
  const audience = (textAt(claims, 'aud') ?? '').replace(/\/$/, '');
  if (!audiences.includes(audience)) {
    return challenge(
      'InvalidAuthenticationTokenAudience',
      `The access token has been obtained for wrong audience or resource '${audience}'. It should exactly match with one of the allowed audiences 'https://management.core.windows.net/','https://management.core.windows.net','https://management.azure.com/','https://management.azure.com'.`,
      parts,
    );
  }
  return textAt(claims, 'iss') === issuerOf(world.tenantId)
    ? undefined
    : wrongTenant(textAt(claims, 'iss') ?? '', world.tenantId, parts);
}

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
