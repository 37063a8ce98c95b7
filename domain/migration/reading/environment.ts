import { objectAt, objectIn, objectsIn, textIn } from '../json';
import type { Json } from '../snapshot';
import { oneOf } from './kubernetes-objects';
import type { KubernetesState } from './kubernetes-objects';
import { textsIn } from './values';

/** What a container's variable is set to: a text, or something that only the cluster knows. */
export type Variable =
  | { readonly kind: 'known'; readonly value: string }
  /** A Secret, a ConfigMap that was not read, a field of the pod, a reference to another variable. */
  | { readonly kind: 'hidden' };

/**
 * What a variable of a container is set to. `env` wins over `envFrom`, and of each the last entry.
 *
 * @returns undefined where the template does not set it, as far as can be seen: Secrets are not read.
 */
export function variableOf(
  container: Json,
  name: string,
  where: { readonly state: KubernetesState; readonly namespace: string },
): Variable | undefined {
  const set = objectsIn(container['env']).filter((entry) => textIn(entry['name']) === name);
  const entry = set.at(-1);
  if (entry) return valueOf(entry, where);
  const texts = objectsIn(container['envFrom']).flatMap((source) => {
    const prefix = textIn(source['prefix']);
    const map = textIn(objectIn(source['configMapRef'])['name']);
    if (map === '' || !name.startsWith(prefix)) return [];
    return dataOf(map, where)?.get(name.slice(prefix.length)) ?? [];
  });
  const value = texts.at(-1);
  // The webhook's own variables win over `envFrom`, so that an empty one there hides nothing.
  return value === undefined || value === '' ? undefined : { kind: 'known', value };
}

function valueOf(
  entry: Json,
  where: { readonly state: KubernetesState; readonly namespace: string },
): Variable | undefined {
  const { valueFrom } = entry;
  if (valueFrom === undefined || valueFrom === null) {
    const value = textIn(entry['value']);
    return value.includes('$(') ? { kind: 'hidden' } : { kind: 'known', value };
  }
  const reference = objectAt(entry, 'valueFrom', 'configMapKeyRef');
  const data = dataOf(textIn(reference['name']), where);
  if (!data) return { kind: 'hidden' };
  const value = data.get(textIn(reference['key']));
  if (value === undefined) return reference['optional'] === true ? undefined : { kind: 'hidden' };
  return { kind: 'known', value };
}

function dataOf(
  name: string,
  { state, namespace }: { readonly state: KubernetesState; readonly namespace: string },
): ReadonlyMap<string, string> | undefined {
  const map = oneOf(state, '/ConfigMap', { namespace, name });
  return map && textsIn(map.body['data']);
}
