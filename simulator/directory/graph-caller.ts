import type { EntraParts } from '../entra/parts';
import type { ArmResponse } from '../provider';
import { bearerOf } from '../rights/bearer';
import type { TokenFault } from '../rights/bearer';
import { graphError } from './graph-error';

/** Microsoft Graph by its address and by its application id. */
const audiences = ['https://graph.microsoft.com', '00000003-0000-0000-c000-000000000000'];

/** The object id of the caller of Graph, or the answer to a token that is not taken: one code, several messages. */
export function graphCaller(
  authorization: string | undefined,
  parts: EntraParts,
): string | ArmResponse {
  const bearer = bearerOf(authorization, audiences, parts);
  if ('oid' in bearer) return bearer.oid;
  return {
    ...graphError(401, 'InvalidAuthenticationToken', messages[bearer.fault]),
    headers: { 'www-authenticate': challenge },
  };
}

const messages: Readonly<Record<TokenFault, string>> = {
  missing: 'Access token is empty.',
  expired: 'Lifetime validation failed, the token is expired.',
  unproven: 'Access token validation failure.',
  audience: 'Access token validation failure. Invalid audience.',
  issuer: 'Access token validation failure. Invalid issuer.',
};

const challenge =
  'Bearer realm="", authorization_uri="https://login.microsoftonline.com/common/oauth2/authorize", client_id="00000003-0000-0000-c000-000000000000"';
