import { numberIn, objectAt, objectIn, objectsIn, textIn } from '../json';
import type { Json } from '../snapshot';
import { grouped, inOrder, sortedBy, textsIn } from './values';

/** A Kubernetes object with the members that every kind has. */
export interface KubernetesObject {
  /** API group without its version; empty for the core group. */
  readonly group: string;
  readonly kind: string;
  /** Empty for what is in no namespace. */
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
  readonly labels: ReadonlyMap<string, string>;
  readonly annotations: ReadonlyMap<string, string>;
  readonly body: Json;
}

/** What an API server answered, by kind; each object once, in an order that does not depend on the answer's. */
export interface KubernetesState {
  readonly byKind: ReadonlyMap<string, readonly KubernetesObject[]>;
  readonly byPlace: ReadonlyMap<string, readonly KubernetesObject[]>;
  readonly byKey: ReadonlyMap<string, KubernetesObject>;
  readonly byUid: ReadonlyMap<string, KubernetesObject>;
}

/** Reads raw objects. What has no kind or no name is none and is left out. */
export function readKubernetes(objects: readonly Json[]): KubernetesState {
  const read = [...grouped(objects.flatMap(itemsOf).flatMap(readObject), keyOf).values()].flatMap(
    latest,
  );
  const sorted = sortedBy(read, keyOf);
  return {
    byKind: grouped(sorted, ({ group, kind }) => `${group}/${kind}`),
    byPlace: grouped(sorted, ({ group, kind, namespace }) => `${group}/${kind} ${namespace}`),
    byKey: new Map(sorted.map((object) => [keyOf(object), object])),
    byUid: new Map(sorted.filter(({ uid }) => uid !== '').map((object) => [object.uid, object])),
  };
}

/** @param kind group and kind, such as `apps/Deployment`; `/Pod` for the core group. */
export function allOf(state: KubernetesState, kind: string): readonly KubernetesObject[] {
  return state.byKind.get(kind) ?? [];
}

/** All of a kind in one namespace. */
export function allIn(
  state: KubernetesState,
  kind: string,
  namespace: string,
): readonly KubernetesObject[] {
  return state.byPlace.get(`${kind} ${namespace}`) ?? [];
}

export function oneOf(
  state: KubernetesState,
  kind: string,
  { namespace = '', name }: { readonly namespace?: string; readonly name: string },
): KubernetesObject | undefined {
  return state.byKey.get(`${kind} ${namespace}/${name}`);
}

export function keyOf({ group, kind, namespace, name }: KubernetesObject): string {
  return `${group}/${kind} ${namespace}/${name}`;
}

export function namespacedName({
  namespace,
  name,
}: {
  readonly namespace: string;
  readonly name: string;
}): string {
  return `${namespace}/${name}`;
}

/** A list, as `kubectl get -o json` writes it, is its items; they may leave out what they are. */
function itemsOf(object: Json): readonly Json[] {
  const { kind, items } = object;
  if (!textIn(kind).endsWith('List') || !Array.isArray(items)) return [object];
  const { apiVersion } = object;
  const itemKind = textIn(kind).slice(0, -'List'.length);
  return objectsIn(items).map((item) => ({ apiVersion, kind: itemKind, ...item }));
}

function readObject(body: Json): readonly KubernetesObject[] {
  const metadata = objectAt(body, 'metadata');
  const [kind, name] = [textIn(objectIn(body)['kind']), textIn(metadata['name'])];
  if (kind === '' || name === '') return [];
  return [
    {
      group: groupOf(textIn(body['apiVersion'])),
      kind,
      namespace: textIn(metadata['namespace']),
      name,
      uid: textIn(metadata['uid']),
      labels: textsIn(metadata['labels']),
      annotations: textsIn(metadata['annotations']),
      body,
    },
  ];
}

/** Group of an API version. Workloads were in `extensions` before they were in `apps`. */
export function groupOf(apiVersion: string): string {
  const [group = '', version] = apiVersion.split('/');
  if (version === undefined) return '';
  return group === 'extensions' ? 'apps' : group;
}

/** An object that was answered twice counts as it was last. */
function latest(versions: readonly KubernetesObject[]): readonly KubernetesObject[] {
  if (versions.length < 2) return versions;
  const age = ({ body }: KubernetesObject) =>
    numberIn(Number(objectAt(body, 'metadata')['resourceVersion'] ?? 0), 0);
  return [...versions]
    .sort(
      (one, other) =>
        age(one) - age(other) || inOrder(JSON.stringify(one.body), JSON.stringify(other.body)),
    )
    .slice(-1);
}
