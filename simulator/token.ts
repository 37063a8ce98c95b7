import { machineNow } from './clock';
import { isObject } from './json';
import { armError } from './provider';
import type { ArmResponse } from './provider';
import type { RawRequest } from './wire';
import type { World } from './world';

const guid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const lifetimeSeconds = 24 * 3600;

/**
 * The managed-identity endpoint of App Service, version 2019-08-01. The value of `X-IDENTITY-HEADER` chooses the
 * principal: a GUID is its object id, any other text gives an object id of its own.
 *
 * Tokens live by the machine's time, since the libraries that cache them do not know the simulated one.
 */
export function identityToken(request: RawRequest, world: World): ArmResponse {
  const query = new URLSearchParams(request.url.split('?')[1] ?? '');
  const resource = query.get('resource');
  const caller = request.headers['x-identity-header'];
  if (resource === null || query.get('api-version') !== '2019-08-01') {
    return refused('Ask for ?resource=…&api-version=2019-08-01.');
  }
  if (caller === undefined) return refused('The header X-IDENTITY-HEADER is missing.');

  const oid = guid.test(caller) ? caller.toLowerCase() : world.seed.guid('principal', caller);
  const issued = Math.floor(machineNow() / 1000);
  const expires = issued + lifetimeSeconds;
  const claims = {
    aud: resource,
    iss: `https://sts.windows.net/${world.tenantId}/`,
    iat: issued,
    nbf: issued,
    exp: expires,
    oid,
    sub: oid,
    tid: world.tenantId,
    appid: world.seed.guid('application', oid),
  };
  const body = {
    access_token: [{ alg: 'none', typ: 'JWT' }, claims].map(encode).join('.') + '.',
    expires_on: String(expires),
    resource,
    token_type: 'Bearer',
    client_id: claims.appid,
  };
  return { status: 200, body };
}

/** The object id in a bearer token; a token that is no JWT stands for the principal `anonymous`. */
export function principalFrom(authorization: string | undefined): string | ArmResponse {
  const [scheme = '', token = ''] = (authorization ?? '').split(' ');
  if (scheme.toLowerCase() !== 'bearer' || token === '') {
    return {
      ...armError(
        401,
        'AuthenticationFailed',
        "Authentication failed. The 'Authorization' header is missing.",
      ),
      headers: { 'www-authenticate': 'Bearer authorization_uri="https://login.windows.net/"' },
    };
  }
  const claims = claimsOf(token);
  const expires = claims['exp'];
  if (typeof expires === 'number' && expires * 1000 < machineNow()) {
    return armError(
      401,
      'ExpiredAuthenticationToken',
      'The access token expiry is in the past. Get a new token.',
    );
  }
  return typeof claims['oid'] === 'string' ? claims['oid'] : 'anonymous';
}

function refused(message: string): ArmResponse {
  return { status: 400, body: { statusCode: 400, message } };
}

function encode(part: object): string {
  return Buffer.from(JSON.stringify(part)).toString('base64url');
}

/** What a token says; nothing for one that is no JWT. */
export function claimsOf(token: string): Readonly<Record<string, unknown>> {
  return decode(token.split('.')[1] ?? '');
}

function decode(part: string): Readonly<Record<string, unknown>> {
  try {
    const claims: unknown = JSON.parse(Buffer.from(part, 'base64url').toString());
    return isObject(claims) ? claims : {};
  } catch {
    return {}; // not a JWT: an opaque token has no claims
  }
}
