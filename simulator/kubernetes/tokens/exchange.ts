import { at, objectAt, objectsAt, textAt } from '../../json';
import { errorText } from '../../entra/entra-error';
import { untrusted } from '../../entra/federated';
import { issuerOfCluster } from '../../entra/issuers';
import type { Cluster } from '../../providers/container-service/cluster';
import type { Resource } from '../../resource-store';
import type { World } from '../../world';
import { namespaceOf } from '../controllers/objects';
import type { KubeObject } from '../resource-table';
import { audience } from '../webhooks/injection';

/**
 * Exchanges the projected token of a pod for one of an identity, as Entra would.
 *
 * @returns undefined when it is given, else what Entra says.
 */
export function exchangeError(
  pod: KubeObject,
  clientId: string,
  { cluster, world }: { readonly cluster: Cluster; readonly world: World },
): string | undefined {
  const projected = projectedAudience(pod);
  if (projected === undefined) return 'open azure-identity-token: no such file or directory';
  const identity = identityWith(clientId, world);
  if (identity === undefined) {
    const about = `Application with identifier '${clientId}', directory '${world.tenantId}'.`;
    return errorText(700016, about);
  }
  const account = textAt(pod, 'spec', 'serviceAccountName') ?? 'default';
  const enabled = at(cluster, 'properties', 'oidcIssuerProfile', 'enabled') === true;
  const presented = {
    issuer: (enabled ? issuerOfCluster(cluster) : undefined) ?? 'https://kubernetes.default.svc',
    subject: `system:serviceaccount:${namespaceOf(pod)}:${account}`,
    audience: projected,
  };
  const rejected = untrusted(identity, presented, world);
  return rejected && errorText(rejected.code, rejected.about);
}

function projectedAudience(pod: KubeObject): string | undefined {
  const tokens = objectsAt(pod, 'spec', 'volumes')
    .flatMap((volume) => objectsAt(volume, 'projected', 'sources'))
    .filter((source) => source['serviceAccountToken'] !== undefined)
    .map((source) => textAt(objectAt(source, 'serviceAccountToken'), 'audience') ?? '');
  return tokens.includes(audience) ? audience : tokens.find((one) => one !== '');
}

/** The managed identity with a client id. */
export function identityWith(clientId: string, { resources }: World): Resource | undefined {
  const wanted = clientId.toLowerCase();
  return resources
    .ofType('Microsoft.ManagedIdentity/userAssignedIdentities')
    .find((one) => textAt(one, 'properties', 'clientId')?.toLowerCase() === wanted);
}
