import { objectsAt, textAt } from '../../json';
import type { JsonObject } from '../../json';
import type { KubeObject } from '../resource-table';
import { stamp } from './objects';

/** The statuses of all containers of a pod that has just started. */
export function startedContainers(pod: KubeObject, since: number): JsonObject {
  const inits = objectsAt(pod, 'spec', 'initContainers').map((container) =>
    container['restartPolicy'] === 'Always'
      ? runningContainer(container, since)
      : endedContainer(container, { since, exitCode: 0, reason: 'Completed' }),
  );
  const containers = objectsAt(pod, 'spec', 'containers');
  return {
    ...(inits.length > 0 && { initContainerStatuses: inits }),
    containerStatuses: containers.map((container) => runningContainer(container, since)),
  };
}

export function runningContainer(container: JsonObject, since: number): JsonObject {
  return {
    ...statusOf(container),
    ready: true,
    started: true,
    state: { running: { startedAt: stamp(since) } },
  };
}

export interface End {
  readonly since: number;
  readonly exitCode: number;
  readonly reason: string;
}

export function endedContainer(container: JsonObject, end: End): JsonObject {
  return {
    ...statusOf(container),
    ready: end.exitCode === 0,
    started: false,
    state: { terminated: terminated(end) },
  };
}

export function terminated({ since, exitCode, reason }: End): JsonObject {
  return { exitCode, reason, startedAt: stamp(since), finishedAt: stamp(since) };
}

function statusOf(container: JsonObject): JsonObject {
  const image = textAt(container, 'image') ?? '';
  return {
    name: textAt(container, 'name') ?? '',
    image,
    imageID: image,
    restartCount: 0,
    lastState: {},
  };
}
