import type { InstanceRecord } from '../durable/contract';

/** True once nothing more will happen to an instance by itself. */
export function hasEnded({ runtimeStatus }: InstanceRecord): boolean {
  return ['Completed', 'Failed', 'Terminated'].includes(runtimeStatus);
}
