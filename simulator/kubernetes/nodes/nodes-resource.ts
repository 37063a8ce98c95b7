import { at, canonical, objectAt, objectsAt, textAt } from '../../json';
import type { JsonObject } from '../../json';
import { nameOf } from '../../providers/container-service/cluster';
import type { World } from '../../world';
import { ageOf } from '../age';
import type { Column, KubeObject, KubeResource, ObjectChange } from '../resource-table';
import { nodeObject } from './node-object';
import { nodeTruths, withNodeTruths } from './node-truth';
import { nodesOf } from './nodes-of';

const text = (name: string, value: Column['value'], priority = 0): Column => ({
  name,
  type: 'string',
  priority,
  value,
});

const info = (name: string, member: string, priority: number): Column =>
  text(name, (node) => textAt(node, 'status', 'nodeInfo', member) ?? '<unknown>', priority);

export const nodes: KubeResource = {
  name: 'nodes',
  singular: 'node',
  kind: 'Node',
  namespaced: false,
  shortNames: ['no'],
  fields: ['metadata.name', 'spec.unschedulable'],
  columns: [
    { ...text('Name', (node) => textAt(node, 'metadata', 'name') ?? ''), format: 'name' },
    text('Status', statusOf),
    text('Roles', () => '<none>'),
    text('Age', (node, now) => ageOf(textAt(node, 'metadata', 'creationTimestamp') ?? '', now)),
    info('Version', 'kubeletVersion', 0),
    text('Internal-IP', (node) => internalAddress(node), 1),
    text('External-IP', () => '<none>', 1),
    info('OS-Image', 'osImage', 1),
    info('Kernel-Version', 'kernelVersion', 1),
    info('Container-Runtime', 'containerRuntimeVersion', 1),
  ],
  list: (cluster, world) =>
    nodesOf(cluster, world)
      .map((node) => nodeObject(node, cluster, world) as KubeObject)
      .sort((one, other) => (nameIn(one) < nameIn(other) ? -1 : 1)),
  write: writeNode,
};

function statusOf(node: KubeObject): string {
  const ready = objectsAt(node, 'status', 'conditions').find(({ type }) => type === 'Ready');
  const state = ready?.['status'] === 'True' ? 'Ready' : 'NotReady';
  return at(node, 'spec', 'unschedulable') === true ? `${state},SchedulingDisabled` : state;
}

function internalAddress(node: KubeObject): string {
  const found = objectsAt(node, 'status', 'addresses').find(({ type }) => type === 'InternalIP');
  return textAt(found, 'address') ?? '<none>';
}

function nameIn(node: KubeObject): string {
  return textAt(node, 'metadata', 'name') ?? '';
}

/** Keeps labels, annotations, taints and the cordon of a node; they last until it registers anew. */
function writeNode({ cluster, before, after }: ObjectChange, world: World): void {
  const name = nameIn(before);
  const found = nodesOf(cluster, world).find((node) => node.name === name);
  if (found === undefined) return;
  const pool = nameOf(found.pool);
  const truths = nodeTruths(cluster, pool);
  const { metadata, spec } = found.written;
  const changed = (member: string): JsonObject => ({
    ...objectAt(metadata, member),
    ...difference(objectAt(before, 'metadata', member), objectAt(after, 'metadata', member)),
  });
  const written: JsonObject = {
    metadata: { labels: changed('labels'), annotations: changed('annotations') },
    spec: { ...objectAt(spec), ...changedSpec(before, after) },
  };
  const truth = { ...truths[name], written };
  world.resources.put(withNodeTruths(cluster, pool, { ...truths, [name]: truth }));
}

function changedSpec(before: KubeObject, after: KubeObject): JsonObject {
  const unschedulable = at(after, 'spec', 'unschedulable') === true;
  const taints = objectsAt(after, 'spec', 'taints').filter(({ key }) => !isAutomatic(key));
  const same = canonical(at(before, 'spec', 'taints')) === canonical(at(after, 'spec', 'taints'));
  return { unschedulable, ...(!same && { taints }) };
}

/** Taints that the node controller sets and takes away by itself. */
function isAutomatic(key: unknown): boolean {
  return ['node.kubernetes.io/unschedulable', 'node.kubernetes.io/unreachable'].includes(
    String(key),
  );
}

/** Members that were set, and null for those that were taken away. */
function difference(before: JsonObject, after: JsonObject): JsonObject {
  const set = Object.entries(after).filter(([name, value]) => before[name] !== value);
  const gone = Object.keys(before).filter((name) => after[name] === undefined);
  return Object.fromEntries([...set, ...gone.map((name) => [name, null] as const)]);
}
