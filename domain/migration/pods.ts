import type { WorkloadMigration } from './document';
import { numberIn, objectAt, objectsIn, sameJson, textIn } from './json';
import type { Rollout } from './rollout';
import type { Json } from './snapshot';
import { patchTemplate, templateOf } from './template';

export interface RolloutReading {
  readonly object: Json;
  /** Pods that the workload's selector chooses. */
  readonly pods: readonly Json[];
  /** Events of the namespace about failures. */
  readonly events: readonly Json[];
}

/** How far the pods of a workload have followed its patch. Pure. */
export function rolloutOf(reading: RolloutReading, workload: WorkloadMigration): Rollout {
  const { object } = reading;
  const pods = reading.pods.filter(isAlive);
  const fresh = pods.filter((pod) => isPatched(pod, workload));
  const old = pods.filter((pod) => !isPatched(pod, workload));
  const desired = desiredOf(object);
  const newReady = fresh.filter(isReady).length;
  const patched = isPatchedTemplate(object, workload);
  return {
    desired,
    newReady,
    newPods: fresh.map(nameOf),
    oldPods: old.map(nameOf),
    complete: patched && observed(object) && newReady >= desired && old.length === 0,
    restored: !patched && observed(object) && old.filter(isReady).length >= desired,
    problems: [...fresh.flatMap(problemsOfPod), ...problemsOfObject(reading)],
  };
}

/** Whether a pod was born of the patched template. */
export function isPatched(
  pod: Json,
  { templatePatch, serviceAccount }: WorkloadMigration,
): boolean {
  const metadata = objectAt(pod, 'metadata');
  const { labels = {}, annotations = {} } = templatePatch ?? {};
  const has = (member: string, wanted: Readonly<Record<string, string>>) =>
    Object.entries(wanted).every(([name, value]) => objectAt(metadata, member)[name] === value);
  const account = objectAt(pod, 'spec')['serviceAccountName'];
  return (
    has('labels', labels) &&
    has('annotations', annotations) &&
    (serviceAccount === undefined || account === serviceAccount)
  );
}

export function isPatchedTemplate(object: Json, { templatePatch }: WorkloadMigration): boolean {
  if (!templatePatch) return false;
  const template = templateOf(object);
  // A pinned init container is left out: its image is known only in the cluster.
  return sameJson(patchTemplate(template, { ...templatePatch, pinProxyInit: false }), template);
}

function desiredOf(object: Json): number {
  if (object['kind'] === 'DaemonSet') {
    return numberIn(objectAt(object, 'status')['desiredNumberScheduled'], 0);
  }
  return numberIn(objectAt(object, 'spec')['replicas'], 1);
}

/** Whether the controller has seen the last change of the object. */
function observed(object: Json): boolean {
  const generation = numberIn(objectAt(object, 'metadata')['generation'], 0);
  return numberIn(objectAt(object, 'status')['observedGeneration'], generation) >= generation;
}

function isAlive(pod: Json): boolean {
  const phase = textIn(objectAt(pod, 'status')['phase']);
  return !['Succeeded', 'Failed'].includes(phase) && !isLeaving(pod);
}

function isLeaving(pod: Json): boolean {
  return objectAt(pod, 'metadata')['deletionTimestamp'] !== undefined;
}

export function isReady(pod: Json): boolean {
  const conditions = objectsIn(objectAt(pod, 'status')['conditions']);
  return conditions.some(({ type, status }) => type === 'Ready' && status === 'True');
}

export function nameOf(object: Json): string {
  return textIn(objectAt(object, 'metadata')['name']);
}

const hopeless = [
  'CrashLoopBackOff',
  'ImagePullBackOff',
  'ErrImagePull',
  'InvalidImageName',
  'CreateContainerConfigError',
  'CreateContainerError',
];
const tooManyRestarts = 3;

function problemsOfPod(pod: Json): readonly string[] {
  const status = objectAt(pod, 'status');
  const containers = [
    ...objectsIn(status['initContainerStatuses']),
    ...objectsIn(status['containerStatuses']),
  ];
  return containers.flatMap((container) => {
    const name = textIn(container['name']);
    const reason = textIn(objectAt(container, 'state', 'waiting')['reason']);
    const restarts = numberIn(container['restartCount'], 0);
    if (hopeless.includes(reason)) {
      return [`Container ${name} of the new pod ${nameOf(pod)} is in ${reason}.`];
    }
    return restarts < tooManyRestarts
      ? []
      : [`Container ${name} of the new pod ${nameOf(pod)} was restarted ${restarts} times.`];
  });
}

function problemsOfObject({ object, events }: RolloutReading): readonly string[] {
  const conditions = objectsIn(objectAt(object, 'status')['conditions']);
  const failed = conditions.filter(
    ({ type, status, reason }) =>
      (type === 'ReplicaFailure' && status === 'True') ||
      (type === 'Progressing' && reason === 'ProgressDeadlineExceeded'),
  );
  const refused = events.filter(
    ({ reason }) => reason === 'FailedCreate' || reason === 'FailedMount',
  );
  return [...failed, ...refused].map(({ message }) => textIn(message));
}
