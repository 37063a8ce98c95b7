import { canonical, isObject } from '../json';
import type { Json, JsonObject } from '../json';
import { jsonPatch } from './json-patch';

type Patch = (document: Json, patch: Json) => Json;

/** How each content type of a PATCH changes a document. */
export const patches: Readonly<Record<string, Patch>> = {
  'application/merge-patch+json': merge,
  'application/strategic-merge-patch+json': strategic,
  'application/json-patch+json': jsonPatch,
  'application/apply-patch+yaml': strategic,
};

/** RFC 7396. */
function merge(document: Json, patch: Json): Json {
  return merged(document, patch, (_before, after) => after);
}

/** Lists of the Kubernetes types are merged by their keys; of a node these are taints. */
function strategic(document: Json, patch: Json): Json {
  return merged(document, patch, (before, after, name) =>
    name === 'taints' ? mergedTaints(before, after) : after,
  );
}

type Lists = (before: Json | undefined, after: readonly Json[], name: string) => Json;

function merged(document: Json | undefined, patch: Json, lists: Lists): Json {
  if (!isObject(patch)) return patch;
  const result = new Map(Object.entries(isObject(document) ? document : {}));
  for (const [name, value] of Object.entries(patch)) {
    if (value === null || value === undefined) result.delete(name);
    else if (Array.isArray(value)) {
      result.set(name, lists(result.get(name), value as readonly Json[], name));
    } else if (!name.startsWith('$')) result.set(name, merged(result.get(name), value, lists));
  }
  return Object.fromEntries(result);
}

/** Taints have `key` as their merge key; `$patch` deletes one or replaces all. */
function mergedTaints(before: Json | undefined, after: readonly Json[]): Json {
  const asked = after.filter(isObject);
  const known = (Array.isArray(before) ? (before as readonly Json[]) : []).filter(isObject);
  if (asked.some((one) => one['$patch'] === 'replace')) {
    return asked.filter((one) => one['$patch'] === undefined);
  }
  const keys = new Set(asked.map(keyOf));
  return [
    ...known.filter((one) => !keys.has(keyOf(one))),
    ...asked.filter((one) => one['$patch'] !== 'delete'),
  ];
}

function keyOf(taint: JsonObject): string {
  return canonical(taint['key']);
}
