import { machineNow } from '../clock';
import type { JsonObject } from '../json';
import type { World } from '../world';
import type { SigningKey } from './signing-key';

export const lifetimeSeconds = 24 * 3600;

export interface Caller {
  /** Object id of the principal. */
  readonly oid: string;
  /** Client id of the identity or application. */
  readonly appid: string;
}

/**
 * A token for a resource. It lives by the machine's time, since the libraries that cache it do not know the simulated
 * one.
 *
 * @param audience the resource, such as `https://management.azure.com`.
 */
export function accessToken(
  { oid, appid }: Caller,
  audience: string,
  { world, key }: { readonly world: World; readonly key: SigningKey },
): { readonly token: string; readonly expires: number } {
  const issued = Math.floor(machineNow() / 1000);
  const expires = issued + lifetimeSeconds;
  const claims: JsonObject = {
    aud: audience,
    iss: issuerOf(world.tenantId),
    iat: issued,
    nbf: issued,
    exp: expires,
    appid,
    idtyp: 'app',
    oid,
    sub: oid,
    tid: world.tenantId,
    ver: '1.0',
  };
  return { token: key.sign(claims), expires };
}

export function issuerOf(tenantId: string): string {
  return `https://sts.windows.net/${tenantId}/`;
}
