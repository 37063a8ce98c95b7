import { numberIn, objectAt, objectIn, objectsIn, textIn } from '../json';
import { bindingLabel } from '../words';
import { allOf, groupOf, oneOf } from './kubernetes-objects';
import type { KubernetesObject, KubernetesState } from './kubernetes-objects';
import {
  allContainers,
  hasImage,
  isTemplateKind,
  podTemplate,
  templateKinds,
} from './pod-template';
import type { PodTemplate } from './pod-template';
import { grouped, sortedBy } from './values';

/** The root of a chain of controllers that makes pods, with the template that they are made from. */
export interface Workload {
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  /** The root as it was read; undefined for one that was not, such as a custom resource. */
  readonly root?: KubernetesObject;
  /** Where the template was found: the root, or what it has made. */
  readonly source: KubernetesObject;
  readonly template: PodTemplate;
  readonly pods: readonly KubernetesObject[];
}

export const nmiImage = /(^|\/)aad-pod-identity\/nmi[:@]/;
export const micImage = /(^|\/)aad-pod-identity\/mic[:@]/;

/** Name of a workload in options and lists. */
export function workloadKey({
  kind,
  namespace,
  name,
}: Pick<Workload, 'kind' | 'namespace' | 'name'>): string {
  return `${namespace}/${kind}/${name}`;
}

export function blockerName({
  kind,
  namespace,
  name,
}: Pick<Workload, 'kind' | 'namespace' | 'name'>): string {
  return `${kind}/${namespace}/${name}`;
}

/** Everything that makes pods, each root once; without pod identity's own parts. */
export function readWorkloads(state: KubernetesState): readonly Workload[] {
  const sources = templateKinds.flatMap((kind) => allOf(state, kind));
  const climbed = sources.map((source) => ({ source, root: rootOf(state, source) }));
  const roots = grouped(climbed, ({ root }) => root.key);
  const workloads = [...roots.values()].flatMap((members) => workloadOf(members));
  return sortedBy(
    workloads.filter(({ template }) => !isPodIdentityItself(template)),
    ({ namespace, kind, name }) => `${namespace}\0${kind}\0${name}`,
  );
}

/** API version of a workload's root; of one that was not read, as what it has made names it. */
export function apiVersionOf({ root, source, pods, kind, name }: Workload): string {
  if (root) return textIn(root.body['apiVersion']);
  const references = [source, ...pods].flatMap(({ body }) =>
    objectsIn(objectAt(body, 'metadata')['ownerReferences']),
  );
  const owner = references.find((one) => one['kind'] === kind && one['name'] === name);
  return textIn(owner?.['apiVersion']);
}

/** A candidate for migration carries the label of pod identity with some value. */
export function isCandidate({ template }: Workload): boolean {
  return (template.labels.get(bindingLabel) ?? '') !== '';
}

function isPodIdentityItself(template: PodTemplate): boolean {
  return hasImage(template, nmiImage) || hasImage(template, micImage);
}

interface Root {
  readonly key: string;
  readonly kind: string;
  readonly name: string;
  readonly object?: KubernetesObject;
}

/** Climbs from owner to owner. A mirror of a static pod is owned by its node, which makes no template. */
function rootOf(state: KubernetesState, source: KubernetesObject): Root {
  const seen = new Set<KubernetesObject>();
  let object = source;
  for (;;) {
    seen.add(object);
    const owner = isMirrorPod(object) ? undefined : controllerOf(object);
    const found = owner && ownerObject(state, owner, source.namespace);
    if (owner && !found) return { ...owner, key: rootKey(owner, source) };
    if (!found || seen.has(found)) {
      const { kind, name } = object;
      return { kind, name, object, key: rootKey(object, source) };
    }
    object = found;
  }
}

/** A root that is in no namespace itself is one of its own in each. */
function rootKey(root: Pick<Owner, 'group' | 'kind' | 'name'>, source: KubernetesObject): string {
  return `${root.group}/${root.kind} ${source.namespace}/${root.name}`;
}

export function isMirrorPod({ kind, annotations }: KubernetesObject): boolean {
  return kind === 'Pod' && annotations.has('kubernetes.io/config.mirror');
}

interface Owner {
  readonly group: string;
  readonly kind: string;
  readonly name: string;
  readonly uid: string;
}

function controllerOf({ body }: KubernetesObject): Owner | undefined {
  const references = objectsIn(objectAt(body, 'metadata')['ownerReferences']);
  const reference = references.find(({ controller }) => controller === true);
  const [kind, name] = [textIn(reference?.['kind']), textIn(reference?.['name'])];
  if (kind === '' || name === '') return undefined;
  const group = groupOf(textIn(reference?.['apiVersion']));
  return { group, kind, name, uid: textIn(reference?.['uid']) };
}

/** By its uid, since names come again; by its name where one of the two has no uid. */
function ownerObject(
  state: KubernetesState,
  { group, kind, name, uid }: Owner,
  namespace: string,
): KubernetesObject | undefined {
  const named = oneOf(state, `${group}/${kind}`, { namespace, name });
  if (named && (uid === '' || named.uid === '')) return named;
  return uid === '' ? undefined : state.byUid.get(uid);
}

function workloadOf(
  members: readonly { readonly source: KubernetesObject; readonly root: Root }[],
): readonly Workload[] {
  // What an earlier object of the same name has left behind belongs to the one that is there.
  const [root] = sortedBy(members, ({ root }) => (root.object ? '0' : '1')).map(({ root }) => root);
  if (!root) return [];
  const { object, kind, name } = root;
  const sources = members.map(({ source }) => source);
  const own = object && isTemplateKind(`${object.group}/${object.kind}`) ? object : undefined;
  const source = own ?? newest(sources);
  return [
    {
      kind,
      namespace: source.namespace,
      name,
      ...(object && { root: object }),
      source,
      template: podTemplate(source),
      pods: sources.filter((one) => one.kind === 'Pod'),
    },
  ];
}

/** Of several templates of one root that shows none itself, the one that is in use. */
function newest(sources: readonly KubernetesObject[]): KubernetesObject {
  const rank = (object: KubernetesObject): string => {
    const { body, kind } = object;
    const runs = kind !== 'ReplicaSet' || numberIn(objectAt(body, 'spec')['replicas'], 1) > 0;
    const born = textIn(objectAt(body, 'metadata')['creationTimestamp']);
    return [kind === 'Pod' ? '0' : '1', runs ? '1' : '0', born, object.name].join('\0');
  };
  const [best] = sortedBy(sources, rank).slice(-1);
  if (!best) throw new Error('a workload has a source');
  return best;
}

/** Address and phase of a pod. */
export function podStatus({ body }: KubernetesObject): {
  readonly addresses: readonly string[];
  readonly running: boolean;
} {
  const status = objectAt(body, 'status');
  const more = objectsIn(status['podIPs']).map(({ ip }) => textIn(ip));
  const addresses = new Set([textIn(status['podIP']), ...more].filter((ip) => ip !== ''));
  return { addresses: [...addresses], running: textIn(status['phase']) === 'Running' };
}

export function isOnHostNetwork({ spec }: PodTemplate): boolean {
  return objectIn(spec)['hostNetwork'] === true;
}

/** Every text that a container's environment, arguments and command say. */
export function spokenTexts(template: PodTemplate): readonly string[] {
  return allContainers(template).flatMap((container) => [
    ...objectsIn(container['env']).map(({ value }) => textIn(value)),
    ...['args', 'command'].flatMap((member) => {
      const words = container[member];
      return Array.isArray(words) ? words.map(textIn) : [];
    }),
  ]);
}
