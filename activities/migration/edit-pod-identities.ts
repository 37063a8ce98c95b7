import { getCluster, putCluster, requireWritable } from '../../clients/clusters';
import { operationOn } from '../../clients/operations';
import { isBusy } from '../../domain/cluster';
import type { ClusterFacts } from '../../domain/cluster';
import { clusterIdParts } from '../../domain/ids';
import { objectIn, objectsIn, sameJson, textIn } from '../../domain/migration/json';
import type { Json } from '../../domain/migration/snapshot';
import type { Operation } from '../../domain/operation';
import { defineActivity } from '../activity';
import { clusterWriteNeeds } from '../cluster-write-needs';
import { missingIdentities } from '../readings/identities';
import { requireGoing } from './going';
import { remember } from './ledger';
import type { MigrationPlace } from './ledger';

export interface EditPodIdentitiesInput extends MigrationPlace {
  /** `namespace/name` of the pod identities that go. */
  readonly remove: readonly string[];
  /** Whether all exceptions go as well, but for the one that AKS itself makes. */
  readonly exceptions: boolean;
}

/**
 * Takes pod identities out of a cluster, all in one write: a write that left a dead one in would be refused. Idempotent.
 */
export const editPodIdentities = defineActivity(
  clusterWriteNeeds,
  async (
    { migrationId, clusterId, remove, exceptions }: EditPodIdentitiesInput,
    { clients, log },
  ): Promise<Operation> => {
    await requireGoing(clients.records, migrationId);
    const cluster = await getCluster(clients, clusterId);
    const { facts } = cluster;
    const profile = profileIn(cluster.body);
    const goes = (entry: Json) => remove.includes(entryName(entry));
    const entries = objectsIn(profile['userAssignedIdentities']);
    const excepted = objectsIn(profile['userAssignedIdentityExceptions']);
    const kept = exceptions ? excepted.filter(isOfAks) : excepted;
    if (!entries.some(goes) && kept.length === excepted.length) return underWay(facts);
    requireWritable(facts);
    const place = { migrationId, clusterId };
    await remember(clients.records, place, { kind: 'podIdentityProfile', profile });
    log.info('cluster.podIdentities.removing', { clusterId, entries: remove.length, exceptions });
    return putCluster(clients, cluster, {
      title: 'removal of pod identities',
      properties: {
        podIdentityProfile: {
          ...profile,
          userAssignedIdentities: entries.filter((entry) => !goes(entry)),
          userAssignedIdentityExceptions: kept,
        },
      },
    });
  },
);

/**
 * Puts the pod identities of a cluster back as they were, but for those whose managed identity is gone: with them Azure
 * would refuse the write. Switches the add-on on again where it was. Idempotent.
 */
export const restorePodIdentities = defineActivity(
  [...clusterWriteNeeds, 'Microsoft.ManagedIdentity/userAssignedIdentities/read'],
  async (
    { clusterId, profile }: Pick<MigrationPlace, 'clusterId'> & { readonly profile: Json },
    { clients, log },
  ): Promise<Operation> => {
    const cluster = await getCluster(clients, clusterId);
    const { facts, body } = cluster;
    const live = profileIn(body);
    const entries = objectsIn(profile['userAssignedIdentities']);
    const ids = entries.map((entry) => textIn(objectIn(entry['identity'])['resourceId']));
    const podIdentity = { enabled: true, entries: ids.map((identityId) => ({ identityId })) };
    const dead = await missingIdentities(clients, { podIdentity } as unknown as ClusterFacts);
    const alive = entries
      .filter((_, index) => !dead.includes(ids[index] ?? ''))
      .map(({ name, namespace, bindingSelector, identity }) => ({
        name,
        namespace,
        ...(bindingSelector !== undefined && { bindingSelector }),
        identity,
      }));
    const wanted = objectsIn(profile['userAssignedIdentityExceptions']);
    const has = (list: readonly Json[]) => list.map(entryName).sort();
    const same =
      live['enabled'] === profile['enabled'] &&
      sameJson(has(objectsIn(live['userAssignedIdentities'])), has(alive)) &&
      sameJson(has(objectsIn(live['userAssignedIdentityExceptions'])), has(wanted));
    if (same) return underWay(facts);
    requireWritable(facts);
    log.info('cluster.podIdentities.restoring', { clusterId, entries: alive.length });
    return putCluster(clients, cluster, {
      title: 'return of pod identities',
      properties: {
        podIdentityProfile: {
          ...profile,
          userAssignedIdentities: alive,
          userAssignedIdentityExceptions: wanted,
        },
      },
    });
  },
);

function underWay({ name, armId, id, provisioningState }: ClusterFacts): Operation {
  if (!isBusy(provisioningState)) return { status: 'succeeded' };
  const { subscriptionId } = clusterIdParts(id);
  return operationOn({
    title: `change of pod identities of ${name}`,
    target: armId,
    subscriptionId,
  });
}

function profileIn(body: Json): Json {
  return objectIn(objectIn(body['properties'])['podIdentityProfile']);
}

function entryName(entry: Json): string {
  return `${textIn(entry['namespace'])}/${textIn(entry['name'])}`;
}

/** AKS puts this one in itself, and takes it away with the add-on. */
function isOfAks(entry: Json): boolean {
  return entryName(entry) === 'kube-system/aks-addon-exception';
}
