import { machineNow } from '../clock';
import { issuerOf } from '../entra/access-token';
import type { EntraParts } from '../entra/parts';
import { readJwt } from '../entra/jwt';
import { textAt } from '../json';
import type { JsonObject } from '../json';

/** Why a token is not taken. */
export type TokenFault = 'missing' | 'expired' | 'unproven' | 'audience' | 'issuer';

export type Bearer =
  { readonly oid: string } | { readonly fault: TokenFault; readonly claims: JsonObject };

/**
 * Whose bearer token came with a request. Where rights are open, any token that is not over will do, and one that is no
 * JWT stands for `anonymous`; where they are enforced, it is one that this Azure has signed for one of the audiences.
 */
export function bearerOf(
  authorization: string | undefined,
  audiences: readonly string[],
  parts: EntraParts,
): Bearer {
  const [, token] = /^bearer\s+(\S+)$/i.exec(authorization ?? '') ?? [];
  if (token === undefined) return { fault: 'missing', claims: {} };
  const claims = readJwt(token)?.claims ?? {};
  const enforced = parts.world.behaviour.rights === 'enforced';
  const fault = isOver(claims)
    ? 'expired'
    : enforced
      ? doubtOf({ token, claims, audiences }, parts)
      : undefined;
  return fault ? { fault, claims } : { oid: textAt(claims, 'oid') ?? 'anonymous' };
}

/** The audience of a token, which comes with and without a slash at its end. */
export function audienceIn(claims: JsonObject): string {
  return (textAt(claims, 'aud') ?? '').replace(/\/$/, '');
}

function isOver({ exp }: JsonObject): boolean {
  return typeof exp === 'number' && exp * 1000 < machineNow();
}

interface Presented {
  readonly token: string;
  readonly claims: JsonObject;
  readonly audiences: readonly string[];
}

function doubtOf(
  { token, claims, audiences }: Presented,
  { world, key }: EntraParts,
): TokenFault | undefined {
  if (!key.hasSigned(token) || textAt(claims, 'oid') === undefined) return 'unproven';
  if (!audiences.includes(audienceIn(claims))) return 'audience';
  return textAt(claims, 'iss') === issuerOf(world.tenantId) ? undefined : 'issuer';
}
