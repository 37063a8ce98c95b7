import { objectsAt, textAt } from '../../json';
import type { JsonObject } from '../../json';
import type { KubeObject } from '../resource-table';
import { endedContainer, terminated } from './container-states';
import type { Inside } from './inside';
import { askNow, hasIdentity } from '../tokens/probe-workloads';
import { isProbe, metadataAnswer } from '../tokens/pod-lines';
import { conditionOf, numberAt, stamp, timeAt, withCondition, withStatus } from './objects';
import { tellEvent } from './tell-event';

const sidecar = 'azwi-proxy';
const longestBackOffSeconds = 300;

/** A pod whose work is done; undefined while it works, or while a container that never ends keeps it. */
export function finishedPod(inside: Inside, pod: KubeObject): KubeObject | undefined {
  const { jobSeconds } = inside.world.behaviour.kubernetes;
  const ready = timeAt(conditionOf(pod, 'Ready'), 'lastTransitionTime');
  const end = ready + inside.secondsOf(pod, jobSeconds) * 1000;
  if (end > inside.now) {
    inside.wakeAt(end);
    return undefined;
  }
  const containers = objectsAt(pod, 'spec', 'containers');
  if (!containers.some(({ name }) => name === sidecar)) {
    return endedPod(inside, pod, exitCodeOf(inside, pod));
  }
  return withStatus(pod, {
    conditions: notReady(pod, inside.now),
    containerStatuses: objectsAt(pod, 'status', 'containerStatuses').map((status) =>
      status['name'] === sidecar || status['started'] === false
        ? status
        : endedContainer(named(containers, status), ended(end, 0)),
    ),
  });
}

/** Work that needs an identity fails without a token; a look at the metadata endpoint fails where it ends nowhere. */
function exitCodeOf(inside: Inside, pod: KubeObject): number {
  if (hasIdentity(pod) && askNow(pod, inside).error !== undefined) return 1;
  return isProbe(pod) && metadataAnswer(pod, inside).includes('failed') ? 1 : 0;
}

/** A pod that is over: all containers have ended. */
export function endedPod(inside: Inside, pod: KubeObject, exitCode: number): KubeObject {
  const containers = [...objectsAt(pod, 'spec', 'containers')];
  return withStatus(pod, {
    phase: exitCode === 0 ? 'Succeeded' : 'Failed',
    conditions: notReady(pod, inside.now),
    containerStatuses: containers.map((one) => endedContainer(one, ended(inside.now, exitCode))),
  });
}

/** The next state of a pod whose app ends with an error, or of one that has recovered; undefined: nothing changes. */
export function crashedPod(
  inside: Inside,
  pod: KubeObject,
  crashes: boolean,
): KubeObject | undefined {
  const [status] = objectsAt(pod, 'status', 'containerStatuses').filter(isApp);
  const waits = textAt(status, 'state', 'waiting', 'reason') === 'CrashLoopBackOff';
  if (!crashes && !waits) return undefined;
  if (crashes && endsForGood(pod)) return endedPod(inside, pod, 1);
  if (waits) {
    const next = nextStart(status);
    if (next > inside.now) {
      inside.wakeAt(next);
      return undefined;
    }
  }
  return crashes ? backingOff(inside, pod) : recovered(inside, pod);
}

function endsForGood(pod: KubeObject): boolean {
  return textAt(pod, 'spec', 'restartPolicy') === 'Never';
}

function backingOff(inside: Inside, pod: KubeObject): KubeObject {
  const message = 'Back-off restarting failed container';
  const by = 'kubelet';
  tellEvent(inside, pod, { type: 'Warning', reason: 'BackOff', message, by });
  const next = withStatus(pod, {
    conditions: notReady(pod, inside.now),
    containerStatuses: objectsAt(pod, 'status', 'containerStatuses').map((status) =>
      isApp(status) ? crashedContainer(status, inside.now) : status,
    ),
  });
  const [status] = objectsAt(next, 'status', 'containerStatuses').filter(isApp);
  inside.wakeAt(nextStart(status));
  return next;
}

function crashedContainer(status: JsonObject, now: number): JsonObject {
  return {
    ...status,
    ready: false,
    started: false,
    restartCount: numberAt(status, ['restartCount'], 0) + 1,
    state: { waiting: { reason: 'CrashLoopBackOff', message: 'back-off restarting container' } },
    lastState: { terminated: terminated(ended(now, 1)) },
  };
}

function recovered(inside: Inside, pod: KubeObject): KubeObject {
  const { now } = inside;
  const conditions = ['ContainersReady', 'Ready'].reduce(
    (all, type) => withCondition(all, { type, status: 'True' }, now),
    objectsAt(pod, 'status', 'conditions'),
  );
  const containerStatuses = objectsAt(pod, 'status', 'containerStatuses').map((status) =>
    isApp(status)
      ? { ...status, ready: true, started: true, state: { running: { startedAt: stamp(now) } } }
      : status,
  );
  return withStatus(pod, { conditions, containerStatuses });
}

function nextStart(status: JsonObject | undefined): number {
  const restarts = numberAt(status, ['restartCount'], 1);
  const seconds = Math.min(10 * 2 ** Math.min(restarts - 1, 10), longestBackOffSeconds);
  return timeAt(status, 'lastState', 'terminated', 'finishedAt') + seconds * 1000;
}

function notReady(pod: KubeObject, now: number): readonly JsonObject[] {
  return ['ContainersReady', 'Ready'].reduce(
    (all, type) => withCondition(all, { type, status: 'False', reason: 'ContainersNotReady' }, now),
    objectsAt(pod, 'status', 'conditions'),
  );
}

function isApp(status: JsonObject): boolean {
  return status['name'] !== sidecar;
}

function named(containers: readonly JsonObject[], status: JsonObject): JsonObject {
  return containers.find(({ name }) => name === status['name']) ?? {};
}

function ended(since: number, exitCode: number) {
  return { since, exitCode, reason: exitCode === 0 ? 'Completed' : 'Error' };
}
