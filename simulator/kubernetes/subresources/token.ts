import { at, objectAt, textAt } from '../../json';
import type { JsonObject } from '../../json';
import type { Cluster } from '../../providers/container-service/cluster';
import { issuerOfCluster } from '../../entra/issuers';
import { hostOf } from '../kubeconfig';
import type { KubeAnswer } from '../kube-request';
import { nameOf, said } from '../object-parts';
import type { KubeObject } from '../resource-table';
import { objectFailure } from '../status';
import { notAllowed } from '../stored-api';
import { objectIn } from '../writes/requested';
import { timeText } from '../writes/times';
import type { SubresourceRequest } from './subresource-request';

const hour = 3600;
const shortest = 600;
const longest = 2 ** 32;

/**
 * Issues a token for a service account: as a pod of that account has it, with the audiences and for as long as is asked.
 * A cluster whose issuer is off signs for an issuer that nobody outside can look up.
 */
export function issueToken(asked: SubresourceRequest): KubeAnswer {
  const { request, world, cluster, object } = asked;
  if (request.method !== 'POST') return notAllowed();
  const read = objectIn(request);
  if ('refused' in read) return read.refused;
  const spec = objectAt(read.object, 'spec');
  const seconds = Number(spec['expirationSeconds'] ?? hour);
  const refused = refusal(asked, seconds);
  if (refused) return refused;
  const expirationSeconds = Math.min(seconds, 86_400); // the server's own limit
  const audiences = audiencesOf(cluster, spec);
  const claims = claimsFor(asked, { audiences, expirationSeconds, spec });
  const status = {
    token: world.key.sign(claims),
    expirationTimestamp: timeText(Number(claims['exp']) * 1000),
  };
  const { namespace } = object.metadata;
  return {
    status: 201,
    body: {
      kind: 'TokenRequest',
      apiVersion: 'authentication.k8s.io/v1',
      metadata: { name: nameOf(object), namespace, creationTimestamp: timeText(world.clock.now()) },
      spec: { ...spec, audiences, expirationSeconds },
      status,
    },
  };
}

/** Who issues the tokens of a cluster: its OIDC issuer once it has one. */
export function tokenIssuer(cluster: Cluster): string {
  const isOn = at(cluster, 'properties', 'oidcIssuerProfile', 'enabled') === true;
  return (isOn ? issuerOfCluster(cluster) : undefined) ?? `https://${hostOf(cluster)}`;
}

function audiencesOf(cluster: Cluster, { audiences }: JsonObject): readonly string[] {
  const asked = Array.isArray(audiences) ? (audiences as readonly string[]) : [];
  return asked.length > 0 ? asked : [tokenIssuer(cluster)];
}

function claimsFor(
  { world, cluster, object }: SubresourceRequest,
  {
    audiences,
    expirationSeconds,
    spec,
  }: { audiences: readonly string[]; expirationSeconds: number; spec: JsonObject },
): JsonObject {
  const now = Math.floor(world.clock.now() / 1000);
  const namespace = textAt(object, 'metadata', 'namespace') ?? '';
  const bound = objectAt(spec, 'boundObjectRef');
  const kind = textAt(bound, 'kind')?.toLowerCase();
  return {
    aud: audiences,
    exp: now + expirationSeconds,
    iat: now,
    iss: tokenIssuer(cluster),
    jti: world.guid(),
    'kubernetes.io': {
      namespace,
      ...(kind !== undefined && { [kind]: { name: bound['name'], uid: bound['uid'] } }),
      serviceaccount: { name: nameOf(object), uid: uidOf(object) },
    },
    nbf: now,
    sub: `system:serviceaccount:${namespace}:${nameOf(object)}`,
  };
}

function uidOf(object: KubeObject): string {
  return said(object.metadata['uid']);
}

function refusal({ name }: SubresourceRequest, seconds: number): KubeAnswer | undefined {
  const why =
    seconds < shortest
      ? 'may not specify a duration less than 10 minutes'
      : seconds > longest
        ? 'may not specify a duration larger than 2^32 seconds'
        : undefined;
  if (why === undefined) return undefined;
  const field = 'spec.expirationSeconds';
  const message = `Invalid value: ${seconds}: ${why}`;
  const causes = [{ reason: 'FieldValueInvalid', message, field }];
  return objectFailure(
    422,
    `TokenRequest.authentication.k8s.io "${name}" is invalid: ${field}: ${message}`,
    { details: { name, group: 'authentication.k8s.io', kind: 'TokenRequest', causes } },
  );
}
