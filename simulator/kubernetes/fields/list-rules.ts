/** How a list is merged: item by item by the values of its keys, as a set of plain values, or not at all. */
export type ListRule =
  | { readonly kind: 'map'; readonly keys: readonly string[] }
  | { readonly kind: 'set' }
  | { readonly kind: 'atomic' };

/** How the lists and objects of a resource are merged, by the names on the way to them; list items have no name. */
export interface FieldRules {
  list(path: readonly string[]): ListRule;
  /** Whether an object is one value, such as a label selector. */
  isAtomic(path: readonly string[]): boolean;
}

const atomic: ListRule = { kind: 'atomic' };

// From the `+listType` and `+listMapKey` marks of the Kubernetes API types.
const keyed: Readonly<Record<string, readonly string[]>> = {
  containers: ['name'],
  initContainers: ['name'],
  ephemeralContainers: ['name'],
  volumes: ['name'],
  env: ['name'],
  volumeMounts: ['mountPath'],
  volumeDevices: ['devicePath'],
  imagePullSecrets: ['name'],
  secrets: ['name'],
  hostAliases: ['ip'],
  topologySpreadConstraints: ['topologyKey', 'whenUnsatisfiable'],
  schedulingGates: ['name'],
  resourceClaims: ['name'],
  conditions: ['type'],
  ownerReferences: ['uid'],
  webhooks: ['name'],
  matchConditions: ['name'],
  podIPs: ['ip'],
};

const atomicObjects = new Set([
  'selector',
  'labelSelector',
  'namespaceSelector',
  'objectSelector',
  'podSelector',
  'nodeSelector',
  'secretKeyRef',
  'configMapKeyRef',
  'fieldRef',
  'resourceFieldRef',
  'roleRef',
  'involvedObject',
  'ownerReferences',
]);

const ofMetadata = (path: readonly string[]): ListRule | undefined => {
  if (path.length !== 2 || path[0] !== 'metadata') return undefined;
  if (path[1] === 'finalizers') return { kind: 'set' };
  return path[1] === 'ownerReferences' ? { kind: 'map', keys: ['uid'] } : undefined;
};

function builtInList(path: readonly string[]): ListRule {
  const [parent = '', name = ''] = path.slice(-2);
  if (path.length === 1) return keysOfTop(path[0] ?? '');
  if (name === 'ports') {
    const port = parent === 'spec' ? 'port' : 'containerPort';
    return { kind: 'map', keys: [port, 'protocol'] };
  }
  const keys = keyed[name];
  return ofMetadata(path) ?? (keys ? { kind: 'map', keys } : atomic);
}

/** The lists at the top of a service account and of a webhook configuration; `imagePullSecrets` there is atomic. */
function keysOfTop(name: string): ListRule {
  return ['secrets', 'webhooks'].includes(name) ? { kind: 'map', keys: ['name'] } : atomic;
}

const isBuiltInAtomic = (path: readonly string[]): boolean => atomicObjects.has(path.at(-1) ?? '');

const builtIn: FieldRules = { list: builtInList, isAtomic: isBuiltInAtomic };

/** Definitions of custom resources say nothing about their lists here: all are atomic but those of the metadata. */
const custom: FieldRules = {
  list: (path) => ofMetadata(path) ?? atomic,
  isAtomic: (path) => path.length === 2 && path[0] === 'metadata' && isBuiltInAtomic(path),
};

/** For everything but custom resources, and for these. */
export const fieldRules = { builtIn, custom };
