import type { Json } from './snapshot';
import { objectIn, objectsIn } from './json';

/** A ConfigMap that a workload with pod identity takes variables of the Azure SDKs from. */
export interface WantedConfigMap {
  readonly namespace: string;
  readonly name: string;
  /** Keys that become such variables; a prefix that stands before all keys as variables. */
  readonly keys: readonly string[];
  readonly prefixes: readonly string[];
}

/**
 * ConfigMaps that have to be read: those that templates with a pod identity name under `envFrom`, or as the source of
 * one of the variables that the Azure SDKs read. No other ConfigMap is any business of a plan.
 */
export function wantedConfigMaps(objects: readonly Json[]): readonly WantedConfigMap[] {
  const wanted = new Map<string, WantedConfigMap>();
  for (const reference of objects.flatMap(referencesIn)) {
    const id = `${reference.namespace}/${reference.name}`;
    const known = wanted.get(id);
    wanted.set(id, {
      ...reference,
      keys: [...new Set([...(known?.keys ?? []), ...reference.keys])],
      prefixes: [...new Set([...(known?.prefixes ?? []), ...reference.prefixes])],
    });
  }
  return [...wanted.values()];
}

/** A ConfigMap with nothing in it but what becomes a variable of the Azure SDKs. */
export function keptConfigMap(configMap: Json, { keys, prefixes }: WantedConfigMap): Json {
  const { name, namespace, uid } = objectIn(configMap['metadata']);
  const data = Object.entries(objectIn(configMap['data']))
    .filter(([key]) => keys.includes(key) || prefixes.some((prefix) => isOfSdks(`${prefix}${key}`)))
    // That a secret is there counts; what it is does not.
    .map(([key, value]) => [key, isSecret(key) ? '***' : value]);
  return {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name, namespace, uid },
    data: Object.fromEntries(data),
  };
}

function isOfSdks(variable: string): boolean {
  return variable.startsWith('AZURE_');
}

function isSecret(key: string): boolean {
  return /SECRET|PASSWORD/i.test(key);
}

function referencesIn(object: Json): readonly WantedConfigMap[] {
  const template = templateOf(object);
  const label = objectIn(objectIn(template['metadata'])['labels'])['aadpodidbinding'];
  if (typeof label !== 'string' || label === '') return [];
  const namespace = String(objectIn(object['metadata'])['namespace']);
  const spec = objectIn(template['spec']);
  const containers = [...objectsIn(spec['initContainers']), ...objectsIn(spec['containers'])];
  return containers.flatMap((container) => [
    ...objectsIn(container['env']).flatMap((variable) => fromVariable(variable, namespace)),
    ...objectsIn(container['envFrom']).flatMap((source) => fromSource(source, namespace)),
  ]);
}

function fromVariable({ name, valueFrom }: Json, namespace: string): readonly WantedConfigMap[] {
  const { name: map, key } = objectIn(objectIn(valueFrom)['configMapKeyRef']);
  if (typeof map !== 'string' || !isOfSdks(String(name)) || isSecret(String(name))) return [];
  return [{ namespace, name: map, keys: [String(key)], prefixes: [] }];
}

function fromSource({ configMapRef, prefix }: Json, namespace: string): readonly WantedConfigMap[] {
  const { name } = objectIn(configMapRef);
  if (typeof name !== 'string') return [];
  return [{ namespace, name, keys: [], prefixes: [typeof prefix === 'string' ? prefix : ''] }];
}

/** Of a workload, or the pod itself. */
function templateOf(object: Json): Json {
  const spec = objectIn(object['spec']);
  if (object['kind'] === 'Pod') return object;
  const holder =
    object['kind'] === 'CronJob' ? objectIn(objectIn(spec['jobTemplate'])['spec']) : spec;
  return objectIn(holder['template']);
}
