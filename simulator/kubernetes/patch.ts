import { isObject } from '../json';
import type { Json } from '../json';
import { jsonPatch } from './json-patch';
import { strategicMerge } from './strategic-merge';

type Patch = (document: Json, patch: Json) => Json;

export const applyType = 'application/apply-patch+yaml';
export const strategicType = 'application/strategic-merge-patch+json';

/** How each content type of a PATCH changes a computed object; what is kept is applied to by owners of fields. */
export const patches: Readonly<Record<string, Patch>> = {
  'application/merge-patch+json': (document, patch) => mergePatch(document, patch),
  [strategicType]: (document, patch) => strategicMerge(document, patch),
  'application/json-patch+json': jsonPatch,
  [applyType]: (document, patch) => strategicMerge(document, patch),
};

/** RFC 7396. */
function mergePatch(document: Json | undefined, patch: Json): Json {
  if (!isObject(patch)) return patch;
  const result = new Map(Object.entries(isObject(document) ? document : {}));
  for (const [name, value] of Object.entries(patch)) {
    if (value === null || value === undefined) result.delete(name);
    else result.set(name, mergePatch(result.get(name), value));
  }
  return Object.fromEntries(result);
}
