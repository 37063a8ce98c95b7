import { objectAt, textAt } from '../../json';
import type { JsonObject } from '../../json';
import type { KubeObject } from '../resource-table';
import { createPod } from './create-pod';
import type { Inside, LiveNode } from './inside';
import { amountOf, isDeleting, numberAt, withStatus } from './objects';
import { isOver, isReady } from './pod-facts';
import { countAvailable } from './replica-sets';
import { nameRevisions, revisionLabel, revisionOf, revisionsOf } from './revisions';
import type { Revision } from './revisions';
import { fits } from './schedule';

const by = 'daemonset-controller';

/** Daemon sets: one pod on each node that fits, renewed node by node. */
export function runDaemonSets(inside: Inside): void {
  for (const set of inside.list('DaemonSet')) if (!isDeleting(set)) run(inside, set);
}

interface Course {
  readonly set: KubeObject;
  readonly newest: Revision;
  readonly nodes: readonly LiveNode[];
}

function run(inside: Inside, set: KubeObject): void {
  const { newest, all } = revisionsOf(inside, set);
  nameRevisions(inside, inside.owned('Pod', set), all);
  const spec = objectAt(set, 'spec', 'template', 'spec');
  const nodes = inside.nodes.filter((node) => fits(spec, node));
  const course = { set, newest, nodes };
  place(inside, course);
  update(inside, course);
  inside.put('DaemonSet', withStatus(set, statusOf(inside, course)));
}

const nodeOf = (pod: KubeObject): string => textAt(pod, 'spec', 'nodeName') ?? '';

function place(inside: Inside, { set, newest, nodes }: Course): void {
  const names = new Set(nodes.map(({ state }) => state.name));
  const pods = inside.owned('Pod', set);
  for (const pod of pods) if (isOver(pod) || !names.has(nodeOf(pod))) inside.delete('Pod', pod);
  const taken = new Set(pods.map(nodeOf));
  for (const { state } of nodes) {
    const { name, ready, cordoned } = state;
    if (taken.has(name) || (cordoned && !ready)) continue;
    createPod(inside, {
      ...{ owner: set, by },
      template: newest.template,
      labels: { [revisionLabel]: newest.hash },
      spec: { nodeName: name },
    });
  }
}

function update(inside: Inside, { set, newest, nodes }: Course): void {
  if (textAt(set, 'spec', 'updateStrategy', 'type') === 'OnDelete') return;
  const most = mostUnavailable(set, nodes.length);
  const pods = inside.owned('Pod', set);
  const working = pods.filter((pod) => isReady(pod) && !isDeleting(pod));
  let room = most - (nodes.length - working.length);
  const outdated = pods.filter((pod) => revisionOf(pod) !== newest.hash && !isDeleting(pod));
  for (const pod of outdated) {
    if (!isReady(pod)) inside.delete('Pod', pod);
    else if (room > 0) {
      inside.delete('Pod', pod);
      room -= 1;
    }
  }
}

function mostUnavailable(set: KubeObject, nodes: number): number {
  const value = objectAt(set, 'spec', 'updateStrategy', 'rollingUpdate')['maxUnavailable'];
  return Math.max(1, amountOf(value, nodes, { round: Math.ceil, otherwise: '1' }));
}

function statusOf(inside: Inside, { set, newest, nodes }: Course): JsonObject {
  const pods = inside.owned('Pod', set).filter((pod) => !isDeleting(pod));
  const ready = pods.filter(isReady).length;
  const available = countAvailable(inside, pods, numberAt(set, ['spec', 'minReadySeconds'], 0));
  return {
    desiredNumberScheduled: nodes.length,
    currentNumberScheduled: pods.length,
    numberMisscheduled: 0,
    numberReady: ready,
    numberAvailable: available,
    numberUnavailable: Math.max(0, nodes.length - available),
    updatedNumberScheduled: pods.filter((pod) => revisionOf(pod) === newest.hash).length,
    observedGeneration: numberAt(set.metadata, ['generation'], 1),
  };
}
