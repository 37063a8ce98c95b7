import { textAt } from '../json';
import type { ArmResponse } from '../provider';
import type { RawRequest } from '../wire';
import { accessToken } from './access-token';
import type { EntraParts } from './parts';

const guid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/**
 * The managed-identity endpoint of App Service, version 2019-08-01. The value of `X-IDENTITY-HEADER` chooses the
 * principal: a GUID is its object id, any other text gives an object id of its own.
 */
export function identityToken(request: RawRequest, parts: EntraParts): ArmResponse {
  const { world } = parts;
  const query = new URLSearchParams(request.url.split('?')[1] ?? '');
  const resource = query.get('resource');
  const caller = request.headers['x-identity-header'];
  if (resource === null || query.get('api-version') !== '2019-08-01') {
    return refused('Ask for ?resource=…&api-version=2019-08-01.');
  }
  if (caller === undefined) return refused('The header X-IDENTITY-HEADER is missing.');

  const oid = guid.test(caller) ? caller.toLowerCase() : world.seed.guid('principal', caller);
  const appid = clientIdOf(oid, parts) ?? world.seed.guid('application', oid);
  const { token, expires } = accessToken({ oid, appid }, resource, parts);
  return {
    status: 200,
    body: {
      access_token: token,
      expires_on: String(expires),
      resource,
      token_type: 'Bearer',
      client_id: appid,
    },
  };
}

/** The client id of the identity with this principal, where the world has one. */
function clientIdOf(oid: string, { world }: EntraParts): string | undefined {
  return world.resources
    .ofPrincipal(oid)
    .flatMap((resource) => textAt(resource, 'properties', 'clientId') ?? [])[0];
}

function refused(message: string): ArmResponse {
  return { status: 400, body: { statusCode: 400, message } };
}
