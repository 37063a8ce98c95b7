import etags from '../../data/etags.json';
import type { ArmRequest, ArmResponse } from '../../provider';
import { aksError } from '../../provider';
import type { World } from '../../world';
import { isStopped, nameOf, poolId, poolsOf } from './cluster';
import type { Cluster } from './cluster';

/** Refuses a conditional request whose condition does not hold. `current` is undefined when nothing exists yet. */
export function failedCondition(
  { method, headers }: ArmRequest,
  current: string | undefined,
): ArmResponse | undefined {
  const ifMatch = unquoted(headers['if-match']);
  const ifNoneMatch = unquoted(headers['if-none-match']);
  if (ifNoneMatch !== '' && (ifNoneMatch !== '*' || ifMatch !== '')) {
    return aksError(400, 'BadRequest', etags.badRequest);
  }
  const wanted = ifMatch === '' || ifMatch === '*' ? ifMatch : conditionOn(ifMatch, current);
  const rule = etags.rules.find(
    (row) =>
      row.method === method &&
      row.exists === (current !== undefined) &&
      (row.ifMatch ?? '') === wanted &&
      (row.ifNoneMatch ?? '') === ifNoneMatch,
  );
  return rule?.status === 412
    ? aksError(412, 'PreconditionFailed', etags.preconditionFailed)
    : undefined;
}

function conditionOn(ifMatch: string, current: string | undefined): 'current' | 'stale' {
  return ifMatch === current ? 'current' : 'stale';
}

function unquoted(value = ''): string {
  return value.trim().replace(/^(W\/)?"(.*)"$/, '$2');
}

/** Refuses a write on a cluster that is stopped or that something else works on. */
export function refusedState(cluster: Cluster, world: World): ArmResponse | undefined {
  return stopped(cluster) ?? clusterBusy(cluster, world) ?? anyPoolBusy(cluster, world);
}

/** Refuses a write on one pool; operations on other pools do not matter. */
export function refusedPoolState(
  cluster: Cluster,
  pool: string,
  world: World,
): ArmResponse | undefined {
  return stopped(cluster) ?? clusterBusy(cluster, world) ?? poolBusy(cluster, pool, world);
}

function stopped(cluster: Cluster): ArmResponse | undefined {
  return isStopped(cluster)
    ? notAllowed(
        `managed cluster is not currently running: the cluster ${nameOf(cluster)} is stopped. Start the cluster first.`,
      )
    : undefined;
}

export function clusterBusy(cluster: Cluster, world: World): ArmResponse | undefined {
  const running = world.operations.runningOn(cluster.id);
  return (
    running &&
    notAllowed(
      `Another operation (${running.kind}) is in progress, please wait for it to finish before starting a new operation.`,
    )
  );
}

export function anyPoolBusy(cluster: Cluster, world: World): ArmResponse | undefined {
  for (const pool of poolsOf(cluster)) {
    const busy = poolBusy(cluster, nameOf(pool), world);
    if (busy) return busy;
  }
  return undefined;
}

function poolBusy(cluster: Cluster, pool: string, world: World): ArmResponse | undefined {
  const running = world.operations.runningOn(poolId(cluster, pool));
  return (
    running &&
    notAllowed(
      `Another operation (${running.kind}) is in progress on agent pool (${pool}), please wait for it to finish before starting a new operation.`,
    )
  );
}

export function notAllowed(reason: string): ArmResponse {
  return aksError(
    409,
    'OperationNotAllowed',
    `Operation is not allowed: ${reason} See https://aka.ms/aks-pending-operation for more details`,
  );
}
