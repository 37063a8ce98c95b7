import { canonical, isObject } from '../json';
import type { Json, JsonObject } from '../json';

// From the `patchMergeKey` marks of the Kubernetes API types; lists that are not here are replaced.
const mergeKeys: Readonly<Record<string, string>> = {
  containers: 'name',
  initContainers: 'name',
  ephemeralContainers: 'name',
  volumes: 'name',
  env: 'name',
  volumeMounts: 'mountPath',
  volumeDevices: 'devicePath',
  imagePullSecrets: 'name',
  secrets: 'name',
  hostAliases: 'ip',
  topologySpreadConstraints: 'topologyKey',
  schedulingGates: 'name',
  resourceClaims: 'name',
  conditions: 'type',
  ownerReferences: 'uid',
  webhooks: 'name',
  podIPs: 'ip',
  taints: 'key',
  addresses: 'type',
};
const primitives = ['finalizers', 'podCIDRs'];

/** Strategic merge patch: lists are merged item by item by their keys, and directives that begin with `$` are obeyed. */
export function strategicMerge(document: Json | undefined, patch: Json, name = ''): Json {
  if (Array.isArray(patch)) return mergedList(document, patch as readonly Json[], name);
  if (!isObject(patch)) return patch;
  if (patch['$patch'] === 'replace') return plain(patch);
  return mergedObject(isObject(document) ? document : {}, patch);
}

function mergedObject(document: JsonObject, patch: JsonObject): JsonObject {
  const result = new Map(Object.entries(retained(document, patch)));
  for (const [member, value] of Object.entries(patch)) {
    if (member.startsWith('$')) continue;
    if (value === null || value === undefined || isDeleted(value)) result.delete(member);
    else result.set(member, strategicMerge(result.get(member), value, member));
  }
  return applyLists(Object.fromEntries(result), patch);
}

function isDeleted(value: Json): boolean {
  return isObject(value) && value['$patch'] === 'delete';
}

function plain(value: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(value).filter(([name]) => !name.startsWith('$')));
}

/** `$retainKeys` drops every member that it does not name. */
function retained(document: JsonObject, { $retainKeys: keys }: JsonObject): JsonObject {
  if (!Array.isArray(keys)) return document;
  return Object.fromEntries(Object.entries(document).filter(([name]) => keys.includes(name)));
}

/** `$deleteFromPrimitiveList/name` and `$setElementOrder/name`. */
function applyLists(document: JsonObject, patch: JsonObject): JsonObject {
  const result = new Map(Object.entries(document));
  for (const [directive, value] of Object.entries(patch)) {
    const [, verb, name = ''] =
      /^\$(deleteFromPrimitiveList|setElementOrder)\/(.+)$/.exec(directive) ?? [];
    const list = result.get(name);
    if (!Array.isArray(value) || !Array.isArray(list)) continue;
    const named = value as readonly Json[];
    const keys = named.map((item) => keyOf(item, name));
    const items = list as readonly Json[];
    const kept = items.filter((item) => !keys.includes(keyOf(item, name)));
    const ordered = keys.flatMap((key) => items.filter((item) => keyOf(item, name) === key));
    result.set(name, verb === 'deleteFromPrimitiveList' ? kept : [...ordered, ...kept]);
  }
  return Object.fromEntries(result);
}

function mergedList(document: Json | undefined, patch: readonly Json[], name: string): Json {
  const known = Array.isArray(document) ? (document as readonly Json[]) : [];
  if (primitives.includes(name)) return [...new Set([...known, ...patch])];
  const key = keyFor(name, [...patch, ...known]);
  if (key === undefined) return patch.map((item) => (isObject(item) ? plain(item) : item));
  const items = patch.filter(isObject);
  if (items.some((item) => item['$patch'] === 'replace' && item[key] === undefined)) {
    return items.filter((item) => item['$patch'] === undefined);
  }
  const wanted = new Map(items.map((item) => [canonical(item[key]), item] as const));
  const kept = known.flatMap((item): readonly Json[] => {
    const own = wanted.get(keyOf(item, name, key));
    if (own === undefined) return [item];
    return isDeleted(own) ? [] : [strategicMerge(item, own)];
  });
  const before = new Set(known.map((item) => keyOf(item, name, key)));
  const fresh = items.filter((item) => !before.has(canonical(item[key])) && !isDeleted(item));
  return [...kept, ...fresh.map((item) => strategicMerge({}, item))];
}

/** The ports of a container have another key than those of a service. */
function keyFor(name: string, items: readonly Json[]): string | undefined {
  if (name !== 'ports') return mergeKeys[name];
  const ofContainer = items.some((item) => isObject(item) && item['containerPort'] !== undefined);
  return ofContainer ? 'containerPort' : 'port';
}

function keyOf(item: Json, name: string, key = keyFor(name, [item])): string {
  return canonical(isObject(item) && key !== undefined ? item[key] : item);
}
