import { withFormerClient } from '../../directory/cluster-principal';
import { at, objectAt, textAt, withAt } from '../../json';
import { operationHeaders, startOperation } from '../../operations';
import type { ArmRequest, ArmResponse } from '../../provider';
import type { Operation } from '../../operation-store';
import { visible } from '../../resource-store';
import type { OperationKind, World } from '../../world';
import {
  clusterFor,
  clusterId,
  locationOf,
  nameOf,
  poolsOf,
  provisioningError,
  userAssignedId,
  usesServicePrincipal,
  withNewETags,
  withProperties,
} from './cluster';
import type { Cluster } from './cluster';
import { desiredCluster, invalidBody } from './desired-cluster';
import { withKubeletIdentity } from './kubelet-identity';
import { missingAccess, unsupportedIdentity } from './linked-access';
import { withFirstValues } from './new-cluster';
import {
  deadPodIdentity,
  missingPodIdentityFeature,
  unsupportedPodIdentity,
  withAssignedPodIdentities,
} from './pod-identity';
import { failedCondition, refusedState } from './preconditions';
import { withIssuer, withdrawnIssuer } from './oidc-issuer';
import { grantNodeGroup } from './node-group-role';
import { withReimagedPool } from './reimage';

/** Creates or changes a cluster. The answer shows the wanted state; its effects come when the operation ends. */
export function putCluster(request: ArmRequest, world: World): ArmResponse {
  const before = clusterFor(request, world);
  const early =
    failedCondition(request, textAt(before, 'eTag')) ??
    invalidBody(request, before, world) ??
    (before && refusedState(before, world));
  if (early) return early;

  const wanted = withFormerClient(
    before,
    withIdentity(
      before,
      desiredCluster({ ...request, id: clusterId(request) }, before, world),
      world,
    ),
  );
  return refusal({ before, wanted }, world) ?? accept(request, { before, wanted }, world);
}

/** What AKS does not let a write change. */
function refusal({ before, wanted }: Change, world: World): ArmResponse | undefined {
  const judged = withoutNewPrincipal(before, wanted);
  return (
    withdrawnIssuer(before, wanted) ??
    missingPodIdentityFeature(before, wanted, world) ??
    unsupportedPodIdentity(before, wanted) ??
    deadPodIdentity(judged, world) ??
    unsupportedIdentity(wanted, world) ??
    missingAccess(judged, world)
  );
}

/** A system-assigned identity that this very write creates cannot hold rights yet: nobody asks for them. */
function withoutNewPrincipal(before: Cluster | undefined, wanted: Cluster): Cluster {
  const isNew = (cluster: Cluster | undefined): boolean =>
    at(cluster, 'identity', 'type') !== 'SystemAssigned';
  return isNew(before) && !isNew(wanted)
    ? withAt(wanted, ['identity', 'principalId'], undefined)
    : wanted;
}

interface Change {
  readonly before: Cluster | undefined;
  readonly wanted: Cluster;
}

function accept(request: ArmRequest, { before, wanted }: Change, world: World): ArmResponse {
  const state = before ? 'Updating' : 'Creating';
  const named = before ? wanted : withFirstValues(wanted, world);
  const busy = withProperties(named, { provisioningState: state, status: undefined });
  const cluster = world.resources.put(withNewETags(busy, world));
  const { least, most } = world.behaviour.clusterWriteMinutes;
  const operation = startOperation(world, request, {
    kind: state,
    target: cluster.id,
    minutes:
      least + world.seed.fraction(cluster.id, textAt(cluster, 'eTag') ?? '') * (most - least),
    details: {
      principal: request.principal,
      fromServicePrincipal: before !== undefined && usesServicePrincipal(before),
      kubeletBefore: kubeletOf(before) ?? null,
    },
  });
  const headers = operationHeaders(request, operation, locationOf(cluster));
  return {
    status: before ? 200 : 201,
    body: visible(cluster),
    headers: { 'azure-asyncoperation': headers['azure-asyncoperation'] },
  };
}

/** How a cluster write ends; `Creating` and `Updating` are the two names under which it runs. */
export const clusterWrite: OperationKind = {
  succeed: (operation, world) => {
    const cluster = world.resources.get(operation.target);
    if (cluster === undefined) return;
    const finished = withProperties(finish(cluster, operation, world), {
      provisioningState: 'Succeeded',
      powerState: objectAt(cluster, 'properties', 'powerState'),
    });
    world.resources.put(withNewETags(finished, world));
  },
  fail: (operation, error, world) => {
    const cluster = world.resources.get(operation.target);
    if (cluster === undefined) return;
    const failed = withProperties(cluster, {
      provisioningState: 'Failed',
      status: provisioningError(error),
    });
    world.resources.put(withNewETags(failed, world));
  },
  cancel: (operation, world) => {
    const cluster = world.resources.get(operation.target);
    if (cluster === undefined) return;
    world.resources.put(
      withNewETags(withProperties(cluster, { provisioningState: 'Canceled' }), world),
    );
  },
};

function finish(cluster: Cluster, operation: Operation, world: World): Cluster {
  const settled = withIssuer(withAssignedPodIdentities(cluster), world);
  if (at(settled, 'identity', 'type') === undefined) return settled;
  const managed = withKubeletIdentity(
    withProperties(settled, { servicePrincipalProfile: { clientId: 'msi' } }),
    world,
  );
  grantNodeGroup(managed, world);
  return mustReimage(managed, operation, world)
    ? poolsOf(managed).reduce<Cluster>(
        (rolled, pool) => withReimagedPool(rolled, { name: nameOf(pool) }, world),
        managed,
      )
    : managed;
}

/**
 * Nodes are made with the identity of a new cluster. Changing an own kubelet identity re-images; the switch from a
 * service principal only when told to.
 */
function mustReimage(cluster: Cluster, { kind, details }: Operation, world: World): boolean {
  if (kind === 'Creating') return true;
  if (details['fromServicePrincipal'] === true) {
    const system = at(cluster, 'identity', 'type') === 'SystemAssigned';
    return system && world.behaviour.systemAssignedReimages;
  }
  const before = details['kubeletBefore'];
  return typeof before === 'string' && before !== kubeletOf(cluster);
}

function kubeletOf(cluster: Cluster | undefined): string | undefined {
  return textAt(
    cluster,
    'properties',
    'identityProfile',
    'kubeletidentity',
    'resourceId',
  )?.toLowerCase();
}

/** Fills in the principal of the identity, which callers need as soon as the write is accepted. */
function withIdentity(before: Cluster | undefined, cluster: Cluster, world: World): Cluster {
  const type = textAt(cluster, 'identity', 'type');
  const known = ['type', 'principalId', 'tenantId', 'userAssignedIdentities'];
  const unknown = Object.fromEntries(
    Object.entries(objectAt(cluster, 'identity')).filter(([name]) => !known.includes(name)),
  );
  if (type === 'SystemAssigned') {
    // Whoever the cluster has been since it was made; a new one only where it had none.
    const principalId =
      textAt(before, 'identity', 'principalId') ??
      world.seed.guid('system-assigned', cluster.id.toLowerCase());
    return { ...cluster, identity: { ...unknown, type, principalId, tenantId: world.tenantId } };
  }
  const id = userAssignedId(cluster);
  if (type !== 'UserAssigned' || id === undefined) return withAt(cluster, ['identity'], undefined);
  const { clientId, principalId } = objectAt(world.resources.get(id), 'properties');
  return {
    ...cluster,
    identity: { ...unknown, type, userAssignedIdentities: { [id]: { clientId, principalId } } },
  };
}
