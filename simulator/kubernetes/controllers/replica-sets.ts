import { objectAt, objectsAt } from '../../json';
import type { JsonObject } from '../../json';
import type { KubeObject } from '../resource-table';
import { createPod } from './create-pod';
import type { Inside } from './inside';
import { byAge } from './inside';
import { conditionOf, isDeleting, nameOf, numberAt, withCondition, withStatus } from './objects';
import { availableAt, isActive, isReady, phaseOf } from './pod-facts';
import { tellEvent } from './tell-event';

/** Replica sets and replication controllers: as many pods as they want, from their template. */
export function runReplicaSets(inside: Inside): void {
  for (const kind of ['ReplicaSet', 'ReplicationController'] as const) {
    for (const set of inside.list(kind)) if (!isDeleting(set)) scale(inside, kind, set);
  }
}

type Kind = 'ReplicaSet' | 'ReplicationController';

const controllers = {
  ReplicaSet: 'replicaset-controller',
  ReplicationController: 'replication-controller',
};

function scale(inside: Inside, kind: Kind, set: KubeObject): void {
  const wanted = numberAt(set, ['spec', 'replicas'], 1);
  const active = inside.owned('Pod', set).filter(isActive);
  const by = controllers[kind];
  let refused = false;
  for (let count = active.length; count < wanted && !refused; count += 1) {
    const template = objectAt(set, 'spec', 'template');
    refused = createPod(inside, { owner: set, template, by }) === undefined;
  }
  for (const pod of firstToGo(active).slice(0, Math.max(0, active.length - wanted))) {
    inside.delete('Pod', pod);
    tellEvent(inside, set, {
      reason: 'SuccessfulDelete',
      message: `Deleted pod: ${nameOf(pod)}`,
      by,
    });
  }
  inside.put(kind, withStatus(set, statusOf(inside, set, refused)));
}

/** Pods in the order in which they are given up: those that do not work yet, then the youngest. */
function firstToGo(pods: readonly KubeObject[]): readonly KubeObject[] {
  const rank = (pod: KubeObject): number =>
    (phaseOf(pod) === 'Running' ? 1 : 0) + (isReady(pod) ? 1 : 0);
  return [...pods].sort((one, other) => rank(one) - rank(other) || byAge(other, one));
}

function statusOf(inside: Inside, set: KubeObject, refused: boolean): JsonObject {
  const active = inside.owned('Pod', set).filter(isActive);
  const minReadySeconds = numberAt(set, ['spec', 'minReadySeconds'], 0);
  const wanted = numberAt(set, ['spec', 'replicas'], 1);
  const available = countAvailable(inside, active, minReadySeconds);
  const settled = active.length >= wanted && !refused;
  return {
    replicas: active.length,
    fullyLabeledReplicas: active.length,
    readyReplicas: active.filter(isReady).length,
    availableReplicas: available,
    observedGeneration: numberAt(set.metadata, ['generation'], 1),
    conditions: failureConditions(set, { refused, settled }, inside.now),
  };
}

function failureConditions(
  set: KubeObject,
  { refused, settled }: { refused: boolean; settled: boolean },
  now: number,
): readonly JsonObject[] {
  const conditions = objectsAt(set, 'status', 'conditions');
  const type = 'ReplicaFailure';
  if (refused)
    return withCondition(conditions, { type, status: 'True', reason: 'FailedCreate' }, now);
  return settled && conditionOf(set, type) !== undefined
    ? conditions.filter((one) => one['type'] !== type)
    : conditions;
}

/** How many pods are available; wakes the cluster when the next one becomes so. */
export function countAvailable(
  inside: Inside,
  pods: readonly KubeObject[],
  minReadySeconds: number,
): number {
  return pods.filter((pod) => {
    const at = availableAt(pod, minReadySeconds);
    if (at !== undefined && at > inside.now) inside.wakeAt(at);
    return at !== undefined && at <= inside.now;
  }).length;
}
