import { toClusterFacts } from '../domain/arm/cluster-facts';
import type { ClusterFacts } from '../domain/cluster';
import { clusterIdParts } from '../domain/ids';
import type { ClusterId } from '../domain/ids';
import { FailureError, TransientError } from '../domain/outcome';
import { isClusterBusy } from '../domain/cluster';
import type { Clients } from '.';
import { aksApiVersion } from './aks-api-version';
import { callArm } from './arm-errors';
import type { Subject } from './operations';
import { operationOf } from './operations';
import type { Operation } from '../domain/operation';

export { aksApiVersion };

type Json = Readonly<Record<string, unknown>>;

/** A managed cluster as it is on the wire, and what Steward reads in it. */
export interface WireCluster {
  readonly body: Json;
  readonly facts: ClusterFacts;
  readonly etag: string | undefined;
}

/** @throws FailureError `NotFound`. */
export async function getCluster(clients: Clients, clusterId: ClusterId): Promise<WireCluster> {
  const arm = await clients.arm(clusterIdParts(clusterId).subscriptionId);
  const { body } = await callArm(clusterId, () =>
    arm({ method: 'GET', path: clusterId, apiVersion: aksApiVersion }),
  );
  const json = body as Json;
  const etag = json['eTag'];
  return {
    body: json,
    facts: toClusterFacts(json),
    etag: typeof etag === 'string' ? etag : undefined,
  };
}

/**
 * A cluster that takes changes now.
 *
 * @throws TransientError while somebody works on it; the retry policy comes back.
 * @throws FailureError `ClusterStopped`.
 */
export async function getWritableCluster(
  clients: Clients,
  clusterId: ClusterId,
): Promise<WireCluster> {
  const cluster = await getCluster(clients, clusterId);
  requireWritable(cluster.facts);
  return cluster;
}

export function requireWritable(facts: ClusterFacts): void {
  if (facts.stopped) {
    throw new FailureError({
      code: 'ClusterStopped',
      message: `${facts.name} was stopped meanwhile, and a stopped cluster takes no changes.`,
      next: 'Start the cluster, then onboard it again.',
      target: facts.armId,
    });
  }
  if (isClusterBusy(facts)) throw new TransientError(`${facts.name} is busy`);
}

/**
 * Writes a cluster back with some members changed, on the condition that nobody wrote it since it
 * was read. Every other member goes back as it came, also those that this program does not know.
 *
 * @param change new values of top-level members, and of members of `properties`.
 * @returns the operation that carries the change out.
 */
export async function putCluster(
  clients: Clients,
  { body, facts, etag }: WireCluster,
  change: { readonly top?: Json; readonly properties?: Json; readonly title: string },
): Promise<Operation> {
  const { subscriptionId } = clusterIdParts(facts.id);
  const subject: Subject = {
    title: `${change.title} of ${facts.name}`,
    target: facts.id,
    subscriptionId,
  };
  const arm = await clients.arm(subscriptionId);
  const properties = { ...writable(body['properties'] as Json), ...change.properties };
  const response = await callArm(facts.armId, () =>
    arm({
      method: 'PUT',
      path: facts.armId,
      apiVersion: aksApiVersion,
      ifMatch: etag,
      body: { ...without(body, readOnlyTop), ...change.top, properties },
    }),
  );
  return operationOf(response, subject);
}

const readOnlyTop = ['eTag', 'systemData', 'etag'];
const readOnlyProperties = [
  'provisioningState',
  'powerState',
  'fqdn',
  'fqdnSubdomain',
  'privateFQDN',
  'azurePortalFQDN',
  'maxAgentPools',
  'currentKubernetesVersion',
  'resourceUID',
  'status',
];
// `nodeImageVersion` in a PUT means "roll back to it": sent along, it would undo an upgrade that
// ended between reading and writing.
const readOnlyPool = [
  'nodeImageVersion',
  'provisioningState',
  'powerState',
  'currentOrchestratorVersion',
  'eTag',
  'status',
];

function writable(properties: Json): Json {
  const pools = properties['agentPoolProfiles'];
  return {
    ...without(properties, readOnlyProperties),
    ...(Array.isArray(pools) && {
      agentPoolProfiles: pools.map((pool) => without(pool as Json, readOnlyPool)),
    }),
  };
}

function without(object: Json, names: readonly string[]): Json {
  return Object.fromEntries(Object.entries(object).filter(([name]) => !names.includes(name)));
}
