import { admitPod } from '../admission';
import type { KubeObject } from '../resource-table';
import { isPod } from './pods';
import type { WriteContext, Written } from './write-context';

export interface Change {
  /** Absent on creation. */
  readonly before?: KubeObject;
  readonly after: KubeObject;
}

/** An object as it would be kept: admitted and checked; nothing is changed. */
export function prepare(context: WriteContext, { before, after }: Change): Written {
  const status = before === undefined ? 201 : 200;
  if (before !== undefined || !isPod(context)) return { object: after, status };
  const admitted = admitPod(after, context);
  return 'refused' in admitted ? admitted : { object: admitted.pod, status };
}
