import { makeWay } from './make-way';
import { isObject, objectAt, textAt } from '../../json';
import { operationHeaders, startOperation, cancelOperation } from '../../operations';
import type { Operation } from '../../operation-store';
import { listAnswer } from '../../paging';
import { aksError, param } from '../../provider';
import type { ArmRequest, ArmResponse } from '../../provider';
import { visible } from '../../resource-store';
import type { OperationKind, World } from '../../world';
import {
  clusterFor,
  isStopped,
  locationOf,
  nameOf,
  nodeGroupId,
  onCluster,
  poolId,
  withNewETags,
  withProperties,
} from './cluster';
import type { Cluster } from './cluster';
import {
  anyPoolBusy,
  clusterBusy,
  failedCondition,
  notAllowed,
  refusedState,
} from './preconditions';
import { startSmall } from './small-operations';

const type = 'Microsoft.ContainerService/managedClusters';
const powerMinutes = 4;

export function listClusters(request: ArmRequest, world: World): ArmResponse {
  const clusters = world.resources.ofType(type, param(request, 'subscription'));
  return listAnswer(request, clusters, world);
}

export function listClustersOfGroup(request: ArmRequest, world: World): ArmResponse {
  return listAnswer(request, world.resources.in(request.id), world);
}

export const getCluster = onCluster((cluster) => ({ status: 200, body: visible(cluster) }));

/** Tags are the only thing that PATCH changes. They are replaced as a whole, and seen at once. */
export const patchCluster = onCluster((cluster, request, world) => {
  const refused = failedCondition(request, textAt(cluster, 'eTag')) ?? refusedState(cluster, world);
  if (refused) return refused;
  if (!isObject(request.body) || Object.keys(request.body).some((name) => name !== 'tags')) {
    return aksError(400, 'InvalidParameter', 'PATCH of a managed cluster takes tags only.');
  }
  const changed = { ...cluster, tags: objectAt(request.body, 'tags'), eTag: world.guid() };
  const saved = world.resources.put(changed);
  // Tags are a resource of their own: changing them keeps nobody from changing the cluster.
  const target = `${cluster.id}/providers/Microsoft.Resources/tags/default`;
  const headers = startSmall(request, world, { cluster: saved, kind: 'Settling', target });
  return {
    status: 200,
    body: visible(saved),
    headers: { 'azure-asyncoperation': headers['azure-asyncoperation'] },
  };
});

export function deleteCluster(request: ArmRequest, world: World): ArmResponse {
  const cluster = clusterFor(request, world);
  if (cluster === undefined) return { status: 204 };
  const refused = failedCondition(request, textAt(cluster, 'eTag')) ?? makeWay(cluster, world);
  return (
    refused ?? start(clusterFor(request, world) ?? cluster, request, { kind: 'Deleting', world })
  );
}

export const startCluster = onCluster((cluster, request, world) => {
  if (!isStopped(cluster)) return notAllowed(`the cluster ${nameOf(cluster)} is running already.`);
  return clusterBusy(cluster, world) ?? start(cluster, request, { kind: 'Starting', world });
});

export const stopCluster = onCluster(
  (cluster, request, world) =>
    refusedState(cluster, world) ?? start(cluster, request, { kind: 'Stopping', world }),
);

/** Replaces the secret of the service principal, or the service principal. */
export const resetServicePrincipal = onCluster((cluster, request, world) => {
  const clientId = textAt(request.body, 'clientId');
  if (clientId === undefined) {
    return aksError(400, 'InvalidParameter', 'The request body needs a clientId.');
  }
  const refused = refusedState(cluster, world);
  if (refused) return refused;
  const changed = withProperties(cluster, { servicePrincipalProfile: { clientId } });
  return start(changed, request, { kind: 'Updating', world });
});

/** Ends the operation that runs on the cluster, or on the named pool, before its time. */
export const abortOperation = onCluster((cluster, request, world) => {
  const pool = request.params['pool'];
  const target = pool === undefined ? cluster.id : poolId(cluster, pool);
  const running = world.operations.runningOn(target);
  if (running === undefined) return { status: 204 };
  cancelOperation(world, running);
  const headers = startSmall(request, world, { cluster, kind: 'Settling' });
  return { status: 202, headers };
});

function start(
  cluster: Cluster,
  request: ArmRequest,
  { kind, world }: { kind: string; world: World },
): ArmResponse {
  const busy = anyPoolBusy(cluster, world);
  if (busy && kind !== 'Deleting') return busy;
  world.resources.put(
    withNewETags(withProperties(cluster, { provisioningState: kind, status: undefined }), world),
  );
  const operation = startOperation(world, request, {
    kind,
    target: cluster.id,
    minutes: powerMinutes,
    details: { principal: request.principal },
  });
  return { status: 202, headers: operationHeaders(request, operation, locationOf(cluster)) };
}

export const starting: OperationKind = {
  succeed: endPower('Running'),
  fail: failPower,
  cancel: cancelPower,
};
export const stopping: OperationKind = {
  succeed: endPower('Stopped'),
  fail: failPower,
  cancel: cancelPower,
};

/** Takes the cluster away, and its node resource group with everything in it. */
export const deleting: OperationKind = {
  succeed: ({ target }, { resources }) => {
    const cluster = resources.get(target);
    if (cluster === undefined) return;
    const group = nodeGroupId(cluster);
    for (const id of [target, group]) {
      for (const below of resources.below(id)) resources.delete(below.id);
      resources.delete(id);
    }
  },
  fail: failPower,
  cancel: cancelPower,
};

function endPower(code: string) {
  return ({ target }: Operation, world: World): void => {
    const cluster = world.resources.get(target);
    if (cluster === undefined) return;
    const changed = withProperties(cluster, {
      powerState: { code },
      provisioningState: 'Succeeded',
    });
    world.resources.put(withNewETags(changed, world));
  };
}

function failPower({ target }: Operation, _error: unknown, world: World): void {
  leave(target, 'Failed', world);
}

function cancelPower({ target }: Operation, world: World): void {
  leave(target, 'Canceled', world);
}

function leave(target: string, provisioningState: string, world: World): void {
  const cluster = world.resources.get(target);
  if (cluster === undefined) return;
  world.resources.put(withNewETags(withProperties(cluster, { provisioningState }), world));
}
