import type { ClusterFacts } from '../../cluster';

/** Whether the cluster shows a managed identity, whatever became of the switch to it. */
export function isManaged({ shown }: Pick<ClusterFacts, 'shown'>): boolean {
  return ['systemassigned', 'userassigned'].includes(shown.type.toLowerCase());
}

export function isSystemAssigned({ shown }: Pick<ClusterFacts, 'shown'>): boolean {
  return shown.type.toLowerCase() === 'systemassigned';
}
