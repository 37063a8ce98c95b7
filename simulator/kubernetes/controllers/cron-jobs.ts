import { at, objectAt, textAt } from '../../json';
import type { JsonObject } from '../../json';
import type { KubeObject } from '../resource-table';
import { nextOf, parseSchedule } from './cron-schedule';
import type { Inside } from './inside';
import { byAge } from './inside';
import { endOf } from './jobs';
import {
  controllerReference,
  createdAt,
  isDeleting,
  nameOf,
  namespaceOf,
  numberAt,
  stamp,
  timeAt,
  uidOf,
  withStatus,
} from './objects';
import { tellEvent } from './tell-event';

const by = 'cronjob-controller';

/** Cron jobs: a job at each minute of their schedule, in UTC and in the time of this world. */
export function runCronJobs(inside: Inside): void {
  for (const cron of inside.list('CronJob')) if (!isDeleting(cron)) run(inside, cron);
}

function run(inside: Inside, cron: KubeObject): void {
  const due = at(cron, 'spec', 'suspend') === true ? undefined : dueOf(inside, cron);
  const started = due === undefined ? undefined : start(inside, cron, due);
  const active = inside.owned('Job', cron).filter((job) => endOf(job) === undefined);
  const done = inside.owned('Job', cron).filter((job) => endOf(job) === 'Complete');
  const last = [...done].sort(byAge).at(-1);
  const status: JsonObject = {
    active: active.map(referenceTo),
    ...(started !== undefined && { lastScheduleTime: stamp(started) }),
    ...(last !== undefined && { lastSuccessfulTime: textAt(last, 'status', 'completionTime') }),
  };
  inside.put('CronJob', withStatus(cron, status));
  keepHistory(inside, cron);
}

/** The last minute of the schedule that has come and has no job yet. Wakes the cluster at the next one. */
function dueOf(inside: Inside, cron: KubeObject): number | undefined {
  const schedule = parseSchedule(textAt(cron, 'spec', 'schedule') ?? '');
  if (schedule === undefined) return undefined;
  const since = timeAt(cron, 'status', 'lastScheduleTime');
  let last = Math.max(createdAt(cron), Number.isNaN(since) ? 0 : since, inside.world.since);
  let due: number | undefined;
  for (let missed = 0; missed < 100; missed += 1) {
    const next = nextOf(schedule, last);
    if (next === undefined) return due;
    if (next > inside.now) {
      inside.wakeAt(next);
      return due;
    }
    due = next;
    last = next;
  }
  return due;
}

/** @returns the minute that is done with; undefined when it has to wait. */
function start(inside: Inside, cron: KubeObject, due: number): number | undefined {
  const late = numberAt(cron, ['spec', 'startingDeadlineSeconds'], Number.POSITIVE_INFINITY);
  if (inside.now - due > late * 1000) return due;
  const active = inside.owned('Job', cron).filter((job) => endOf(job) === undefined);
  const policy = textAt(cron, 'spec', 'concurrencyPolicy') ?? 'Allow';
  if (policy === 'Forbid' && active.length > 0) return undefined;
  if (policy === 'Replace') for (const job of active) inside.delete('Job', job);
  const job = inside.create('Job', jobFrom(cron, due));
  tellEvent(inside, cron, {
    reason: 'SuccessfulCreate',
    message: `Created job ${nameOf(job)}`,
    by,
  });
  return due;
}

function jobFrom(cron: KubeObject, due: number): KubeObject {
  const template = objectAt(cron, 'spec', 'jobTemplate');
  return {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: {
      name: `${nameOf(cron)}-${Math.floor(due / 60_000)}`,
      namespace: namespaceOf(cron),
      labels: objectAt(template, 'metadata', 'labels'),
      annotations: {
        ...objectAt(template, 'metadata', 'annotations'),
        'batch.kubernetes.io/cronjob-scheduled-timestamp': stamp(due),
      },
      ownerReferences: [controllerReference(cron)],
    },
    spec: objectAt(template, 'spec'),
  };
}

function referenceTo(job: KubeObject): JsonObject {
  return {
    apiVersion: 'batch/v1',
    kind: 'Job',
    namespace: namespaceOf(job),
    name: nameOf(job),
    uid: uidOf(job),
  };
}

function keepHistory(inside: Inside, cron: KubeObject): void {
  const limits = [
    ['Complete', numberAt(cron, ['spec', 'successfulJobsHistoryLimit'], 3)],
    ['Failed', numberAt(cron, ['spec', 'failedJobsHistoryLimit'], 1)],
  ] as const;
  for (const [end, limit] of limits) {
    const jobs = inside.owned('Job', cron).filter((job) => endOf(job) === end);
    const old = [...jobs].sort(byAge).slice(0, Math.max(0, jobs.length - limit));
    for (const job of old) inside.delete('Job', job);
  }
}
