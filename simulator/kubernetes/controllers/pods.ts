import { objectsAt, textAt } from '../../json';
import { nameOf, poolId, poolsOf } from '../../providers/container-service/cluster';
import type { NodeState } from '../nodes/nodes-of';
import type { KubeObject } from '../resource-table';
import { doesCrash } from './app-crashes';
import { finishedPod, crashedPod } from './container-ends';
import type { Inside } from './inside';
import { isProbe, writeProbe } from '../tokens/pod-lines';
import {
  conditionOf,
  controllerOf,
  createdAt,
  isDeleting,
  numberAt,
  stamp,
  timeAt,
  withCondition,
  withStatus,
} from './objects';
import { podAddress } from './pod-address';
import { isOver, phaseOf, restartPolicyOf } from './pod-facts';
import { schedule } from './schedule';
import { startedContainers } from './container-states';

/** What schedulers and kubelets do: places pods, starts them, lets them end. */
export function runPods(inside: Inside): void {
  const nodes = new Map(inside.nodes.map(({ state }) => [state.name, state]));
  if (isRolling(inside)) inside.wakeAt(inside.now + rollStepMs);
  for (const pod of inside.list('Pod')) {
    if (isDeleting(pod)) endDeleted(inside, pod);
    else if (isOver(pod)) continue;
    else if (isLost(pod, nodes)) inside.remove('Pod', pod);
    else if (isEvicted(pod, nodes)) inside.delete('Pod', pod);
    else if (textAt(pod, 'spec', 'nodeName') === undefined) schedule(inside, pod);
    else if (phaseOf(pod) === 'Running') keepRunning(inside, pod);
    else start(inside, pod);
  }
}

const rollStepMs = 30_000; // how often a roll of nodes is looked at

/** Whether nodes of the cluster are being imaged one after the other. */
function isRolling({ cluster, world }: Inside): boolean {
  return poolsOf(cluster).some((pool) => {
    const running = world.operations.runningOn(poolId(cluster, nameOf(pool)));
    return running?.kind === 'UpgradingNodeImageVersion';
  });
}

type Nodes = ReadonlyMap<string, NodeState>;

/** Whether the node of a pod is gone, or is imaged under a pod that no drain moves. */
function isLost(pod: KubeObject, nodes: Nodes): boolean {
  const name = textAt(pod, 'spec', 'nodeName');
  if (name === undefined || nodes.size === 0) return false;
  const node = nodes.get(name);
  return node === undefined || (node.cordoned && !node.ready);
}

/** Whether a roll drains the node of a pod; pods of daemon sets stay. */
function isEvicted(pod: KubeObject, nodes: Nodes): boolean {
  const node = nodes.get(textAt(pod, 'spec', 'nodeName') ?? '');
  return node?.cordoned === true && controllerOf(pod)?.['kind'] !== 'DaemonSet';
}

/** A pod that is being deleted goes when its containers have ended. */
function endDeleted(inside: Inside, pod: KubeObject): void {
  const grace = numberAt(pod.metadata, ['deletionGracePeriodSeconds'], 30);
  const asked = timeAt(pod.metadata, 'deletionTimestamp') - grace * 1000;
  const needed = Math.min(grace, inside.world.behaviour.kubernetes.podStopSeconds);
  const over = textAt(pod, 'spec', 'nodeName') === undefined || isOver(pod);
  const end = over || Number.isNaN(asked) ? inside.now : asked + needed * 1000;
  const finalizers = pod.metadata['finalizers'];
  if (end > inside.now) inside.wakeAt(end);
  else if (!Array.isArray(finalizers) || finalizers.length === 0) inside.remove('Pod', pod);
}

function start(inside: Inside, pod: KubeObject): void {
  const { podStartSeconds } = inside.world.behaviour.kubernetes;
  const scheduled = timeAt(conditionOf(pod, 'PodScheduled'), 'lastTransitionTime');
  const since = Number.isNaN(scheduled) ? createdAt(pod) : scheduled;
  const ready = since + inside.secondsOf(pod, podStartSeconds) * 1000;
  if (ready > inside.now && !inside.settling) inside.wakeAt(ready);
  else {
    const started = inside.put('Pod', running(inside, pod, inside.now));
    if (isProbe(started)) writeProbe(started, inside);
  }
}

function running(inside: Inside, pod: KubeObject, since: number): KubeObject {
  const conditions = ['PodScheduled', 'Initialized', 'ContainersReady', 'Ready'].reduce(
    (all, type) => withCondition(all, { type, status: 'True' }, since),
    objectsAt(pod, 'status', 'conditions'),
  );
  return withStatus(pod, {
    phase: 'Running',
    conditions,
    startTime: textAt(pod, 'status', 'startTime') ?? stamp(since),
    ...podAddress(inside, pod),
    ...startedContainers(pod, since),
  });
}

/** Pods of jobs end, and those that are not to be started again. */
function hasEnd(pod: KubeObject): boolean {
  return restartPolicyOf(pod) !== 'Always' || controllerOf(pod)?.['kind'] === 'Job';
}

/** A pod that came into the world running has the parts of a status that it lacks. */
function keepRunning(inside: Inside, pod: KubeObject): void {
  if (conditionOf(pod, 'Ready') === undefined) {
    inside.put('Pod', running(inside, pod, createdAt(pod)));
    return;
  }
  const crashed = crashedPod(inside, pod, doesCrash(inside, pod));
  if (crashed !== undefined) inside.put('Pod', crashed);
  else if (hasEnd(pod)) inside.put('Pod', finishedPod(inside, pod) ?? pod);
}
