import { at, textAt } from '../json';
import type { JsonObject } from '../json';
import type { Resource } from '../resource-store';
import type { World } from '../world';

/** The cluster that issues tokens under this very URL; none while its issuer is off. */
export function clusterOfIssuer(issuer: string, world: World): Resource | undefined {
  return issuing(world).find((cluster) => issuerOfCluster(cluster) === issuer);
}

/** The issuer whose documents are below a path: `/{tenant}/{guid}`. */
export function issuerAtPath(path: string, world: World): string | undefined {
  return issuing(world)
    .map((cluster) => issuerOfCluster(cluster) ?? '')
    .find((issuer) => URL.parse(issuer)?.pathname.replace(/\/$/, '') === path);
}

export function issuerOfCluster(cluster: Resource): string | undefined {
  return textAt(cluster, 'properties', 'oidcIssuerProfile', 'issuerURL');
}

/** The discovery document of an issuer; `paths` are those of Entra or of a cluster. */
export function discoveryDocument(
  issuer: string,
  paths: Readonly<Record<string, string>>,
): JsonObject {
  return {
    issuer,
    ...paths,
    response_types_supported: ['id_token'],
    subject_types_supported: ['public'],
    id_token_signing_alg_values_supported: ['RS256'],
  };
}

function issuing({ resources }: World): readonly Resource[] {
  return resources
    .ofType('Microsoft.ContainerService/managedClusters')
    .filter((cluster) => at(cluster, 'properties', 'oidcIssuerProfile', 'enabled') === true);
}
