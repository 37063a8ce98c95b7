import { at, canonical, objectsAt, textAt } from '../../json';
import type { JsonObject } from '../../json';
import type { KubeObject } from '../resource-table';
import type { Inside } from './inside';
import { conditionOf, nameOf, numberAt, stamp, timeAt, withCondition } from './objects';
import type { Condition } from './objects';
import { limitsOf, replicasOf } from './deployment-limits';

/** What a deployment says about itself. */
export function deploymentStatus(
  inside: Inside,
  deployment: KubeObject,
  current: KubeObject | undefined,
): JsonObject {
  const sets = inside.owned('ReplicaSet', deployment);
  const newest = sets.find((set) => current !== undefined && nameOf(set) === nameOf(current));
  const total = (member: string): number =>
    sets.reduce((sum, set) => sum + numberAt(set, ['status', member], 0), 0);
  const available = total('availableReplicas');
  const counts: Counts = {
    replicas: total('replicas'),
    updatedReplicas: numberAt(newest, ['status', 'replicas'], 0),
    readyReplicas: total('readyReplicas'),
    availableReplicas: available,
    unavailableReplicas: Math.max(0, replicasOf(deployment) - available),
  };
  return {
    ...counts,
    observedGeneration: numberAt(deployment.metadata, ['generation'], 1),
    conditions: conditionsOf(inside, deployment, { counts, newest }),
  };
}

interface Counts extends JsonObject {
  readonly replicas: number;
  readonly updatedReplicas: number;
  readonly readyReplicas: number;
  readonly availableReplicas: number;
  readonly unavailableReplicas: number;
}

interface Course {
  readonly counts: Counts;
  readonly newest: KubeObject | undefined;
}

function conditionsOf(
  inside: Inside,
  deployment: KubeObject,
  course: Course,
): readonly JsonObject[] {
  const { now } = inside;
  const least = replicasOf(deployment) - limitsOf(deployment).unavailable;
  const enough = course.counts.availableReplicas >= least;
  const withAvailable = withCondition(
    objectsAt(deployment, 'status', 'conditions').filter(({ type }) => type !== 'ReplicaFailure'),
    {
      type: 'Available',
      status: enough ? 'True' : 'False',
      reason: enough ? 'MinimumReplicasAvailable' : 'MinimumReplicasUnavailable',
    },
    now,
  );
  const progressed = progress(inside, deployment, course);
  const before = conditionOf(deployment, 'Progressing');
  const all = withCondition(withAvailable, progressed, now).map((one) =>
    one['type'] === 'Progressing'
      ? { ...one, lastUpdateTime: updatedAt(deployment, { course, before, progressed, now }) }
      : one,
  );
  return refusedSet(course, now) ? [...all, ...(refusedSet(course, now) ?? [])] : all;
}

/** Pods that admission refuses are seen on the deployment, too. */
function refusedSet({ newest }: Course, _now: number): readonly JsonObject[] | undefined {
  const failure = newest && conditionOf(newest, 'ReplicaFailure');
  return failure && [failure];
}

function updatedAt(
  deployment: KubeObject,
  {
    course,
    before,
    progressed,
    now,
  }: { course: Course; before: JsonObject | undefined; progressed: Condition; now: number },
): string {
  const last = textAt(before, 'lastUpdateTime');
  const same = before?.['reason'] === progressed.reason;
  return last !== undefined && same && !hasMoved(deployment, course) ? last : stamp(now);
}

function hasMoved(deployment: KubeObject, { counts }: Course): boolean {
  const { replicas, ...moving } = counts;
  const members = ['updatedReplicas', 'readyReplicas', 'availableReplicas'] as const;
  const before = members.map((member) => numberAt(deployment, ['status', member], 0));
  const old = replicas - moving.updatedReplicas;
  const oldBefore =
    numberAt(deployment, ['status', 'replicas'], 0) -
    numberAt(deployment, ['status', 'updatedReplicas'], 0);
  return (
    canonical([...before, oldBefore]) !== canonical([...members.map((one) => counts[one]), old])
  );
}

function progress(inside: Inside, deployment: KubeObject, course: Course): Condition {
  const type = 'Progressing';
  if (at(deployment, 'spec', 'paused') === true) {
    return { type, status: 'Unknown', reason: 'DeploymentPaused', message: 'Deployment is paused' };
  }
  const name = course.newest === undefined ? '' : nameOf(course.newest);
  if (isComplete(deployment, course)) {
    const message = `ReplicaSet "${name}" has successfully progressed.`;
    return { type, status: 'True', reason: 'NewReplicaSetAvailable', message };
  }
  if (isLate(inside, deployment, course)) {
    const message = `ReplicaSet "${name}" has timed out progressing.`;
    return { type, status: 'False', reason: 'ProgressDeadlineExceeded', message };
  }
  const message = `ReplicaSet "${name}" is progressing.`;
  return { type, status: 'True', reason: 'ReplicaSetUpdated', message };
}

function isComplete(deployment: KubeObject, { counts }: Course): boolean {
  const wanted = replicasOf(deployment);
  const { replicas, updatedReplicas, availableReplicas } = counts;
  return updatedReplicas === wanted && replicas === wanted && availableReplicas >= wanted;
}

function isLate(inside: Inside, deployment: KubeObject, course: Course): boolean {
  const before = conditionOf(deployment, 'Progressing');
  if (before === undefined || hasMoved(deployment, course)) return laterOn(inside, deployment);
  if (before['reason'] === 'ProgressDeadlineExceeded') return true;
  if (before['reason'] !== 'ReplicaSetUpdated') return laterOn(inside, deployment);
  const deadline = timeAt(before, 'lastUpdateTime') + secondsOf(deployment) * 1000;
  inside.wakeAt(deadline);
  return deadline <= inside.now;
}

function laterOn(inside: Inside, deployment: KubeObject): false {
  inside.wakeAt(inside.now + secondsOf(deployment) * 1000);
  return false;
}

function secondsOf(deployment: KubeObject): number {
  return numberAt(deployment, ['spec', 'progressDeadlineSeconds'], 600);
}
