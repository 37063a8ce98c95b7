import { objectAt, textAt } from '../../json';
import type { Cluster } from '../../providers/container-service/cluster';
import type { World } from '../../world';
import { labelsOf, nameOf, namespaceOf, pathOf, resourceOf } from '../controllers/objects';
import { boundIdentities } from '../pod-identity/matching';
import type { BoundIdentity } from '../pod-identity/matching';
import { modeOf } from '../pod-identity/mode';
import type { KubeObject } from '../resource-table';
import type { Asked, Request } from './asked';
import { metadataToken } from './instance-metadata';

interface Place {
  readonly cluster: Cluster;
  readonly world: World;
}

/** What NMI answers to a pod: a token of an identity that is bound to it, 404 when there is none. */
export function askNmi(
  pod: KubeObject,
  { request, nmi }: { readonly request: Request; readonly nmi: KubeObject },
  place: Place,
): Asked {
  const node = textAt(pod, 'spec', 'nodeName') ?? '';
  if (isExcepted(pod, place)) {
    return { path: 'imds', ...metadataToken(node, request, place) };
  }
  const chosen = choose(pod, usable(pod, nmi, place), request);
  if (chosen === undefined) {
    const error = `404 no azure identity found for request clientID ${redacted(request)}`;
    return { path: 'nmi', error, nmi: { nmi: pathOf(nmi), status: 404 } };
  }
  const match = matchLine(pod, chosen, request);
  const record = (status: number) => ({
    nmi: { nmi: pathOf(nmi), status, ...(match !== undefined && { match }) },
  });
  const type = objectAt(chosen.identity, 'spec')['type'] ?? 0;
  if (type !== 0) return { path: 'nmi', clientId: chosen.clientId, ...record(200) };
  const asked: Request = { ...request, by: 'clientId', clientId: chosen.clientId };
  const token = metadataToken(node, asked, place);
  const status = 'error' in token ? 403 : 200;
  return { path: 'nmi', ...token, ...record(status) };
}

/** In standard mode only what MIC has assigned counts. */
function usable(pod: KubeObject, nmi: KubeObject, place: Place): readonly BoundIdentity[] {
  const mode = modeOf(nmi, place);
  const bound = boundIdentities(pod, mode, place);
  if (mode.managed) return bound;
  const { cluster, world } = place;
  const resource = resourceOf.AzureAssignedIdentity;
  const assigned = world.objects
    .list({ cluster: cluster.id, resource })
    .filter(
      (one) =>
        textAt(one, 'spec', 'pod') === nameOf(pod) &&
        textAt(one, 'spec', 'podNamespace') === namespaceOf(pod) &&
        textAt(one, 'status', 'status') === 'Assigned',
    )
    .map((one) => textAt(one, 'spec', 'azureIdentityRef', 'metadata', 'name'));
  return bound.filter(({ identity }) => assigned.includes(nameOf(identity)));
}

function choose(
  pod: KubeObject,
  bound: readonly BoundIdentity[],
  { by, clientId, resourceId }: Request,
): BoundIdentity | undefined {
  if (by === 'clientId') return bound.find((one) => one.clientId === clientId);
  if (by === 'resourceId') return bound.find((one) => one.resourceId === resourceId);
  const here = bound.find(({ identity }) => namespaceOf(identity) === namespaceOf(pod));
  return here ?? bound[0];
}

/** An exception holds for pods of its namespace that carry one of its labels; values are compared without case. */
function isExcepted(pod: KubeObject, { cluster, world }: Place): boolean {
  const resource = resourceOf.AzurePodIdentityException;
  const namespace = namespaceOf(pod);
  const labels = labelsOf(pod);
  return world.objects
    .list({ cluster: cluster.id, resource, namespace })
    .flatMap((one) => Object.entries(objectAt(one, 'spec', 'podLabels')))
    .some(([key, value]) => textAt(labels, key)?.toLowerCase() === lower(value));
}

const lower = (value: unknown): string | undefined =>
  typeof value === 'string' ? value.toLowerCase() : undefined;

function matchLine(
  pod: KubeObject,
  { identity }: BoundIdentity,
  request: Request,
): string | undefined {
  if (request.by === 'resourceId') return undefined;
  const asked =
    request.by === 'clientId'
      ? `clientID in request: ${redacted(request)},`
      : 'no clientID or resourceID in request.';
  return `${asked} ${pathOf(pod)} has been matched with azure identity ${pathOf(identity)}`;
}

function redacted({ clientId }: Request): string {
  return `${clientId.slice(0, 4)}##### REDACTED #####${clientId.slice(-4)}`;
}
