import { at, objectAt, objectsAt, textAt } from '../../json';
import type { JsonObject } from '../../json';
import type { KubeObject } from '../resource-table';
import { createPod } from './create-pod';
import type { Inside } from './inside';
import {
  conditionOf,
  isDeleting,
  nameOf,
  numberAt,
  stamp,
  timeAt,
  uidOf,
  withCondition,
  withStatus,
} from './objects';
import { isActive, isReady, phaseOf } from './pod-facts';

const by = 'job-controller';

/** Jobs: pods until enough of them have succeeded, or too many have failed. */
export function runJobs(inside: Inside): void {
  for (const job of inside.list('Job')) {
    if (isDeleting(job)) continue;
    if (endOf(job) === undefined) run(inside, job);
    else expire(inside, job);
  }
}

/** How a job ended; undefined while it runs. */
export function endOf(job: KubeObject): 'Complete' | 'Failed' | undefined {
  return (['Complete', 'Failed'] as const).find(
    (type) => conditionOf(job, type)?.['status'] === 'True',
  );
}

function run(inside: Inside, job: KubeObject): void {
  const pods = inside.owned('Pod', job);
  const active = pods.filter(isActive);
  const succeeded = pods.filter((pod) => phaseOf(pod) === 'Succeeded').length;
  const failed = pods.filter((pod) => phaseOf(pod) === 'Failed').length;
  const wanted = numberAt(job, ['spec', 'completions'], 1);
  const late = isLate(inside, job);
  const end = late ?? endFor(job, { succeeded, failed, wanted });
  if (end !== undefined || isSuspended(job)) {
    for (const pod of active) inside.delete('Pod', pod);
  } else {
    const parallel = numberAt(job, ['spec', 'parallelism'], 1);
    makePods(inside, job, Math.min(parallel, wanted - succeeded) - active.length);
  }
  inside.put('Job', withStatus(job, statusOf(inside, job, { succeeded, failed, end })));
}

const isSuspended = (job: KubeObject): boolean => at(job, 'spec', 'suspend') === true;

interface End {
  readonly type: 'Complete' | 'Failed';
  readonly reason?: string;
}

function isLate(inside: Inside, job: KubeObject): End | undefined {
  const seconds = numberAt(job, ['spec', 'activeDeadlineSeconds'], Number.POSITIVE_INFINITY);
  const deadline = timeAt(job, 'status', 'startTime') + seconds * 1000;
  if (!Number.isFinite(deadline)) return undefined;
  inside.wakeAt(deadline);
  return deadline <= inside.now ? { type: 'Failed', reason: 'DeadlineExceeded' } : undefined;
}

function endFor(
  job: KubeObject,
  { succeeded, failed, wanted }: { succeeded: number; failed: number; wanted: number },
): End | undefined {
  if (succeeded >= wanted) return { type: 'Complete' };
  const most = numberAt(job, ['spec', 'backoffLimit'], 6);
  return failed > most ? { type: 'Failed', reason: 'BackoffLimitExceeded' } : undefined;
}

function makePods(inside: Inside, job: KubeObject, count: number): void {
  const labels = {
    'batch.kubernetes.io/controller-uid': uidOf(job),
    'batch.kubernetes.io/job-name': nameOf(job),
    'controller-uid': uidOf(job),
    'job-name': nameOf(job),
  };
  const template = objectAt(job, 'spec', 'template');
  for (let made = 0; made < count; made += 1) {
    if (createPod(inside, { owner: job, template, labels, by }) === undefined) return;
  }
}

function statusOf(
  inside: Inside,
  job: KubeObject,
  { succeeded, failed, end }: { succeeded: number; failed: number; end: End | undefined },
): JsonObject {
  const active = inside.owned('Pod', job).filter(isActive);
  const now = stamp(inside.now);
  return {
    startTime: textAt(job, 'status', 'startTime') ?? (isSuspended(job) ? undefined : now),
    active: active.length,
    ready: active.filter(isReady).length,
    succeeded,
    failed,
    ...(end?.type === 'Complete' && { completionTime: now }),
    conditions:
      end === undefined
        ? objectsAt(job, 'status', 'conditions')
        : withCondition(
            objectsAt(job, 'status', 'conditions'),
            { ...end, status: 'True' },
            inside.now,
          ),
  };
}

/** A job that is over goes some time after its end, where it says so. */
function expire(inside: Inside, job: KubeObject): void {
  const seconds = at(job, 'spec', 'ttlSecondsAfterFinished');
  if (typeof seconds !== 'number') return;
  const end = timeAt(conditionOf(job, endOf(job) ?? ''), 'lastTransitionTime') + seconds * 1000;
  inside.wakeAt(end);
  if (end <= inside.now) inside.delete('Job', job);
}
