import { getCluster, putCluster, requireWritable } from '../clients/clusters';
import { operationOn } from '../clients/operations';
import type { ClusterFacts } from '../domain/cluster';
import { isBusy } from '../domain/cluster';
import { clusterIdParts } from '../domain/ids';
import type { ClusterId } from '../domain/ids';
import type { Operation } from '../domain/operation';
import { FailureError } from '../domain/outcome';
import { sameLists, withEdits } from '../domain/pod-identity/edits';
import type { PodIdentityEdit } from '../domain/pod-identity/edits';
import { profileIn, writable } from '../domain/pod-identity/profile';
import type { WireProfile } from '../domain/pod-identity/profile';
import { defineActivity } from './activity';
import { clusterWriteNeeds } from './cluster-write-needs';
import { rememberBefore } from './undo-log';

export interface WritePodIdentityInput {
  readonly clusterId: ClusterId;
  readonly edits: readonly PodIdentityEdit[];
  /** Switches the add-on on, too. */
  readonly enable?: { readonly kubenet: boolean };
}

/**
 * Makes edits of the pod identities of a cluster, all in one write. Idempotent: what the cluster has is not
 * written again. Made on what was read just now and conditional on it, so that no edit of anybody else is lost:
 * whoever repeats the call reads again.
 *
 * @throws FailureError `NotFound` when the add-on is off, `Conflict` or another reason why an edit cannot be made any more.
 */
export const writePodIdentity = defineActivity(
  clusterWriteNeeds,
  async ({ clusterId, edits, enable }: WritePodIdentityInput, context): Promise<Operation> => {
    const { clients, log } = context;
    const cluster = await getCluster(clients, clusterId);
    const { facts } = cluster;
    const before = profileIn(cluster.body);
    const { profile, refused } = withEdits(enable ? enabled(before, enable) : before, edits);
    const [reason] = refused;
    if (reason) throw new FailureError({ ...reason, target: facts.armId });
    const changes = differs(before, profile);
    if (changes && !profile.enabled) throw off(facts);
    if (!changes && isBusy(facts.provisioningState)) return underWay(facts);
    if (!changes && !isBroken(facts.provisioningState, profile)) return { status: 'succeeded' };
    requireWritable(facts);

    const { podIdentityProfile } = cluster.body['properties'] as { podIdentityProfile?: object };
    await rememberBefore(context, {
      action: 'writePodIdentity',
      target: facts.armId,
      before: { podIdentityProfile: podIdentityProfile ?? null },
    });
    log.info('cluster.podIdentity.changing', { clusterId, edits: edits.length });
    return putCluster(clients, cluster, {
      title: 'change of the pod identities',
      properties: { podIdentityProfile: writable(profile) },
    });
  },
);

function enabled(profile: WireProfile, { kubenet }: { readonly kubenet: boolean }): WireProfile {
  return { ...profile, enabled: true, ...(kubenet && { allowNetworkPluginKubenet: true }) };
}

function differs(a: WireProfile, b: WireProfile): boolean {
  return (
    a.enabled !== b.enabled ||
    (a.allowNetworkPluginKubenet ?? false) !== (b.allowNetworkPluginKubenet ?? false) ||
    !sameLists(a, b)
  );
}

/** The very change is on its way already. */
function underWay({ id, armId, name }: ClusterFacts): Operation {
  const { subscriptionId } = clusterIdParts(id);
  const title = `change of the pod identities of ${name}`;
  return operationOn({ title, target: armId, subscriptionId });
}

/** Azure has taken the write and did not get it done: the same write again is the repair. */
function isBroken(provisioningState: string, profile: WireProfile): boolean {
  return (
    provisioningState.toLowerCase() === 'failed' ||
    profile.userAssignedIdentities.some(({ provisioningState: state }) => state === 'Failed')
  );
}

function off({ name, armId }: { readonly name: string; readonly armId: string }): FailureError {
  return new FailureError({
    code: 'NotFound',
    message: `The pod-identity add-on of ${name} was turned off meanwhile.`,
    next: 'Enable it again, which takes acceptUnsupported and an expiry date.',
    target: armId,
  });
}
