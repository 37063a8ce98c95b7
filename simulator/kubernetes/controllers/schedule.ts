import { objectAt, objectsAt, textAt, withAt } from '../../json';
import type { JsonObject } from '../../json';
import type { KubeObject } from '../resource-table';
import type { Inside, LiveNode } from './inside';
import { conditionOf, hasLabels, withCondition, withStatus } from './objects';
import { tellEvent } from './tell-event';

/** Binds a pod to the fitting node with the fewest pods; where none fits, it stays pending. */
export function schedule(inside: Inside, pod: KubeObject): void {
  const pods = inside.list('Pod');
  const load = new Map<string, number>();
  for (const one of pods) {
    const node = textAt(one, 'spec', 'nodeName') ?? '';
    load.set(node, (load.get(node) ?? 0) + 1);
  }
  const spec = objectAt(pod, 'spec');
  const open = inside.nodes.filter((one) => isOpen(one) && fits(spec, one));
  const lasting = open.filter(({ state }) => !state.surge);
  const [node] = (lasting.length > 0 ? lasting : open)
    .map(({ state }) => state.name)
    .sort((one, other) => (load.get(one) ?? 0) - (load.get(other) ?? 0) || (one < other ? -1 : 1));
  if (node === undefined) pending(inside, pod);
  else bind(inside, pod, node);
}

function bind(inside: Inside, pod: KubeObject, node: string): void {
  const conditions = withCondition(
    objectsAt(pod, 'status', 'conditions'),
    { type: 'PodScheduled', status: 'True' },
    inside.now,
  );
  inside.put(
    'Pod',
    withStatus(withAt(pod, ['spec', 'nodeName'], node), { phase: 'Pending', conditions }),
  );
}

function pending(inside: Inside, pod: KubeObject): void {
  if (conditionOf(pod, 'PodScheduled')?.['status'] === 'False') return;
  const message = `0/${inside.nodes.length} nodes are available for this pod.`;
  const conditions = withCondition(
    objectsAt(pod, 'status', 'conditions'),
    { type: 'PodScheduled', status: 'False', reason: 'Unschedulable', message },
    inside.now,
  );
  inside.put('Pod', withStatus(pod, { phase: 'Pending', conditions }));
  const by = 'default-scheduler';
  tellEvent(inside, pod, { type: 'Warning', reason: 'FailedScheduling', message, by });
}

function isOpen({ state }: LiveNode): boolean {
  return (
    state.ready && !state.cordoned && objectAt(state.written, 'spec')['unschedulable'] !== true
  );
}

/** Whether a pod may run on a node by its operating system, its labels and its taints. */
export function fits(spec: JsonObject, { object }: LiveNode): boolean {
  const labels = objectAt(object, 'metadata', 'labels');
  const selector = objectAt(spec, 'nodeSelector');
  const wantedSystem = textAt(spec, 'os', 'name') ?? systemIn(selector);
  if (labels['kubernetes.io/os'] !== wantedSystem) return false;
  if (!hasLabels(labels, selector)) return false;
  const tolerations = objectsAt(spec, 'tolerations');
  return objectsAt(object, 'spec', 'taints')
    .filter(({ effect }) => effect !== 'PreferNoSchedule')
    .filter((taint) => !automatic.has(textAt(taint, 'key') ?? ''))
    .every((taint) => tolerations.some((one) => tolerates(one, taint)));
}

const automatic = new Set([
  'node.kubernetes.io/unschedulable',
  'node.kubernetes.io/unreachable',
  'CriticalAddonsOnly',
]);

/** Pods that do not say what they are made for are made for Linux. */
function systemIn(selector: JsonObject): string {
  return (
    textAt(selector, 'kubernetes.io/os') ?? textAt(selector, 'beta.kubernetes.io/os') ?? 'linux'
  );
}

function tolerates(toleration: JsonObject, taint: JsonObject): boolean {
  const { key, operator = 'Equal', value = '', effect } = toleration;
  if (effect !== undefined && effect !== '' && effect !== taint['effect']) return false;
  if (key === undefined) return operator === 'Exists';
  return key === taint['key'] && (operator === 'Exists' || value === (taint['value'] ?? ''));
}
