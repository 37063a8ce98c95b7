import { objectAt, textAt } from '../../json';
import type { JsonObject } from '../../json';
import type { KubeObject } from '../resource-table';
import { createPod } from './create-pod';
import { replicasOf } from './deployment-limits';
import type { Inside } from './inside';
import { isDeleting, nameOf, numberAt, withStatus } from './objects';
import { isOver, isReady } from './pod-facts';
import { countAvailable } from './replica-sets';
import { nameRevisions, revisionLabel, revisionOf, revisionsOf } from './revisions';
import type { Revision } from './revisions';

const by = 'statefulset-controller';

/** Stateful sets: numbered pods, made in order, renewed one by one from the highest number down to the partition. */
export function runStatefulSets(inside: Inside): void {
  for (const set of inside.list('StatefulSet')) if (!isDeleting(set)) run(inside, set);
}

interface Course {
  readonly set: KubeObject;
  readonly newest: Revision;
  /** What pods below the partition are made from. */
  readonly current: Revision;
  readonly podOf: (ordinal: number) => KubeObject | undefined;
}

function run(inside: Inside, set: KubeObject): void {
  const { newest, all } = revisionsOf(inside, set);
  nameRevisions(inside, inside.owned('Pod', set), all);
  const named = textAt(set, 'status', 'currentRevision');
  const current = all.find(({ hash }) => named === nameIn(set, hash)) ?? all[0] ?? newest;
  const podOf = (ordinal: number): KubeObject | undefined =>
    inside.owned('Pod', set).find((pod) => nameOf(pod) === `${nameOf(set)}-${ordinal}`);
  const course: Course = { set, newest, current, podOf };
  if (scale(inside, course)) update(inside, course);
  inside.put('StatefulSet', withStatus(set, statusOf(inside, course)));
}

const nameIn = (set: KubeObject, hash: string): string => `${nameOf(set)}-${hash}`;

/** @returns whether all pods that are wanted are there and ready, and no others. */
function scale(inside: Inside, course: Course): boolean {
  const { set } = course;
  const inOrder = textAt(set, 'spec', 'podManagementPolicy') !== 'Parallel';
  const wanted = replicasOf(set);
  let settled = true;
  for (let ordinal = 0; ordinal < wanted && (settled || !inOrder); ordinal += 1) {
    if (!isInPlace(inside, course, ordinal)) settled = false;
  }
  return (settled || !inOrder) && dropSurplus(inside, course) && settled;
}

/** Whether a pod is there and ready; makes it where there is none. */
function isInPlace(inside: Inside, course: Course, ordinal: number): boolean {
  const pod = course.podOf(ordinal);
  if (pod === undefined) {
    make(inside, course, ordinal);
    return false;
  }
  if (isOver(pod)) inside.delete('Pod', pod);
  return isReady(pod) && !isDeleting(pod);
}

/** Gives up the pods with too high a number, the highest first. */
function dropSurplus(inside: Inside, { set }: Course): boolean {
  const surplus = inside
    .owned('Pod', set)
    .filter((pod) => ordinalOf(set, pod) >= replicasOf(set))
    .sort((one, other) => ordinalOf(set, other) - ordinalOf(set, one));
  const [last] = surplus;
  if (last !== undefined && !isDeleting(last)) inside.delete('Pod', last);
  return last === undefined;
}

function make(inside: Inside, { set, newest, current }: Course, ordinal: number): void {
  const revision = ordinal < partitionOf(set) ? current : newest;
  createPod(inside, {
    ...{ owner: set, by },
    template: revision.template,
    name: `${nameOf(set)}-${ordinal}`,
    labels: {
      [revisionLabel]: revision.hash,
      'statefulset.kubernetes.io/pod-name': `${nameOf(set)}-${ordinal}`,
      'apps.kubernetes.io/pod-index': String(ordinal),
    },
  });
}

function update(inside: Inside, { set, newest, podOf }: Course): void {
  if (strategyOf(set) === 'OnDelete') return;
  for (let ordinal = replicasOf(set) - 1; ordinal >= partitionOf(set); ordinal -= 1) {
    const pod = podOf(ordinal);
    if (pod === undefined || !isReady(pod)) return;
    if (revisionOf(pod) === newest.hash) continue;
    inside.delete('Pod', pod);
    return;
  }
}

const strategyOf = (set: KubeObject): string =>
  textAt(set, 'spec', 'updateStrategy', 'type') ?? 'RollingUpdate';

function partitionOf(set: KubeObject): number {
  if (strategyOf(set) === 'OnDelete') return 0;
  const rolling = objectAt(set, 'spec', 'updateStrategy', 'rollingUpdate');
  return numberAt(rolling, ['partition'], 0);
}

function ordinalOf(set: KubeObject, pod: KubeObject): number {
  const rest = nameOf(pod).slice(nameOf(set).length + 1);
  return /^\d+$/.test(rest) ? Number(rest) : -1;
}

function statusOf(inside: Inside, { set, newest, current }: Course): JsonObject {
  const pods = inside.owned('Pod', set).filter((pod) => !isDeleting(pod));
  const updated = pods.filter((pod) => revisionOf(pod) === newest.hash).length;
  const wanted = replicasOf(set);
  const done = updated === wanted && pods.length === wanted && pods.every(isReady);
  return {
    replicas: pods.length,
    readyReplicas: pods.filter(isReady).length,
    availableReplicas: countAvailable(inside, pods, numberAt(set, ['spec', 'minReadySeconds'], 0)),
    updatedReplicas: updated,
    currentReplicas: done ? updated : pods.filter((pod) => revisionOf(pod) === current.hash).length,
    currentRevision: nameIn(set, (done ? newest : current).hash),
    updateRevision: nameIn(set, newest.hash),
    observedGeneration: numberAt(set.metadata, ['generation'], 1),
    collisionCount: 0,
  };
}
