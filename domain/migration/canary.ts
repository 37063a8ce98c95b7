import { numberIn, objectAt } from './json';
import type { Canary } from './ledger';
import type { Json } from './snapshot';

/** How the first new pods of a workload are kept apart from the rest of a rollout. */
export function canaryOf(object: Json): Canary {
  const spec = objectAt(object, 'spec');
  const replicas = numberIn(spec['replicas'], 1);
  const replacesItself = objectAt(spec, 'updateStrategy')['type'] !== 'OnDelete';
  switch (object['kind']) {
    case 'CronJob':
      return 'none';
    case 'Deployment':
      if (replicas === 0) return 'none';
      return objectAt(spec, 'strategy')['type'] === 'Recreate' ? 'watch' : 'pause';
    case 'DaemonSet':
      return replacesItself ? 'watch' : 'evict';
    default:
      return replicas === 0 ? 'none' : canaryOfSet(object, { replicas, replacesItself });
  }
}

function canaryOfSet(
  { kind }: Json,
  { replicas, replacesItself }: { readonly replicas: number; readonly replacesItself: boolean },
): Canary {
  if (kind !== 'StatefulSet' || !replacesItself) return 'evict';
  return replicas > 1 ? 'partition' : 'watch';
}

/** Why a workload cannot be rolled out now; nothing when it can. */
export function heldRollout(object: Json): string | undefined {
  const spec = objectAt(object, 'spec');
  if (object['kind'] === 'Deployment' && spec['paused'] === true) return 'it is paused';
  const partition = objectAt(spec, 'updateStrategy', 'rollingUpdate')['partition'];
  return numberIn(partition, 0) > 0 ? 'it is partitioned' : undefined;
}

/** The update strategy under which only the last pod of a StatefulSet is replaced. */
export function partitioned(object: Json): Json {
  const spec = objectAt(object, 'spec');
  const partition = numberIn(spec['replicas'], 1) - 1;
  const strategy = objectAt(spec, 'updateStrategy');
  const rollingUpdate = { ...objectAt(strategy, 'rollingUpdate'), partition };
  return { ...strategy, type: 'RollingUpdate', rollingUpdate };
}

const leastLimitSeconds = 600;

/** How long a rollout of a workload may take. */
export function limitSecondsOf(object: Json): number {
  const deadline = numberIn(objectAt(object, 'spec')['progressDeadlineSeconds'], 0);
  return Math.max(deadline, leastLimitSeconds) * 2;
}
