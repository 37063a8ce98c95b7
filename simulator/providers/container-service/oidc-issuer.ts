import { at, objectAt, textAt, withAt } from '../../json';
import { aksError } from '../../provider';
import type { ArmResponse } from '../../provider';
import type { World } from '../../world';
import { locationOf } from './cluster';
import type { Cluster } from './cluster';

const path = ['properties', 'oidcIssuerProfile'];

/** The cluster with the URL of its issuer, once that is switched on. */
export function withIssuer(cluster: Cluster, world: World): Cluster {
  if (at(cluster, ...path, 'enabled') !== true) return cluster;
  if (textAt(cluster, ...path, 'issuerURL') !== undefined) return cluster;
  const guid = world.seed.guid('issuer', cluster.id.toLowerCase());
  const issuerURL = `https://${locationOf(cluster)}.oic.prod-aks.azure.com/${world.tenantId}/${guid}/`;
  return withAt(cluster, path, { ...objectAt(cluster, ...path), issuerURL });
}

/** Refuses to switch an issuer off. Source: AKS article "Create an OpenID Connect provider"; the code is reported. */
export function withdrawnIssuer(
  before: Cluster | undefined,
  wanted: Cluster,
): ArmResponse | undefined {
  if (before === undefined || at(before, ...path, 'enabled') !== true) return undefined;
  if (at(wanted, ...path, 'enabled') === true) return undefined;
  return aksError(
    400,
    'OIDCIssuerFeatureCannotBeDisabled',
    'OIDC issuer feature cannot be disabled.',
  );
}
