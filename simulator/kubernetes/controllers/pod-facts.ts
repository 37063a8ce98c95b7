import { at, textAt } from '../../json';
import type { Json } from '../../json';
import type { KubeObject } from '../resource-table';
import { conditionOf, isDeleting, timeAt } from './objects';

export function phaseOf(pod: KubeObject): string {
  return textAt(pod, 'status', 'phase') ?? 'Pending';
}

export function isOver(pod: KubeObject): boolean {
  return ['Succeeded', 'Failed'].includes(phaseOf(pod));
}

/** Whether a pod counts for its controller. */
export function isActive(pod: KubeObject): boolean {
  return !isOver(pod) && !isDeleting(pod);
}

export function isReady(pod: KubeObject): boolean {
  return phaseOf(pod) === 'Running' && conditionOf(pod, 'Ready')?.['status'] === 'True';
}

/** When a pod became available: ready for so many seconds; undefined while it is not ready. */
export function availableAt(pod: KubeObject, minReadySeconds: number): number | undefined {
  if (!isReady(pod)) return undefined;
  return timeAt(conditionOf(pod, 'Ready'), 'lastTransitionTime') + minReadySeconds * 1000;
}

export function restartPolicyOf(pod: KubeObject): Json {
  return at(pod, 'spec', 'restartPolicy') ?? 'Always';
}
