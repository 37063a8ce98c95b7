import { at, objectAt, textAt } from '../json';
import type { Cluster } from '../providers/container-service/cluster';
import { readJwt } from '../entra/jwt';
import type { Authority } from './tls/authority';

/** Application id of the AKS server in Entra: the audience of tokens for clusters. */
export const serverApplication = '6dae42f8-4368-4678-94ff-3960e28e3630';

export interface Credentials {
  /** Subject of a client certificate of this cluster's authority. */
  readonly certificateName: string | undefined;
  readonly authorization: string | undefined;
}

/**
 * Who a caller is; undefined for nobody the cluster knows: API servers of AKS take no anonymous requests. Local
 * accounts work until they are disabled, Entra tokens where Entra is integrated.
 */
export function callerOf(
  { certificateName, authorization = '' }: Credentials,
  cluster: Cluster,
  authority: Authority,
): string | undefined {
  const local = at(cluster, 'properties', 'disableLocalAccounts') !== true;
  if (certificateName !== undefined) return local ? certificateName : undefined;
  const [, token = ''] = /^Bearer (\S+)$/i.exec(authorization) ?? [];
  if (token === '') return undefined;
  const account = ['clusterUser', 'clusterAdmin'].find((one) => authority.token(one) === token);
  if (account !== undefined) return local ? 'masterclient' : undefined;
  return usesEntra(cluster) ? principalOf(token) : undefined;
}

export function usesEntra(cluster: Cluster): boolean {
  return Object.keys(objectAt(cluster, 'properties', 'aadProfile')).length > 0;
}

function principalOf(token: string): string | undefined {
  const claims = readJwt(token)?.claims;
  const audience = (textAt(claims, 'aud') ?? '').replace(/^api:\/\//, '').replace(/\/$/, '');
  return audience === serverApplication ? textAt(claims, 'oid') : undefined;
}
