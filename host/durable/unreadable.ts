import { deepestJson, tooDeepText } from '../json-depth';

const referenceText =
  'Additional content found in JSON reference object. A JSON reference object should only have a $ref property.';

/** Where .NET stops reading a value: an object with a key `$ref` is a reference to it. */
function referencePath(value: unknown, path: string): string | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const keys = Object.keys(value);
  if (keys.includes('$ref')) {
    return inside(value, path, keys.find((key) => !key.startsWith('$')) ?? '$ref');
  }
  for (const [key, child] of Object.entries(value)) {
    const found = referencePath(child, inside(value, path, key));
    if (found !== undefined) return found;
  }
  return undefined;
}

function inside(parent: object, path: string, key: string): string {
  if (Array.isArray(parent)) return `${path}[${key}]`;
  return [...(path === '' ? [] : [path]), key].join('.');
}

/** Where a value at this depth has one that is nested too deep for .NET. */
function deepPath(value: unknown, path: string, depth: number): string | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  if (depth === deepestJson) return path;
  for (const [key, child] of Object.entries(value)) {
    const found = deepPath(child, inside(value, path, key), depth + 1);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** What .NET says about a value in an orchestrator's state that is nested too deep; undefined if none is. */
export function tooDeep(value: unknown, path: string): string | undefined {
  const depth = path.split(/[.[]/).length;
  const deep = deepPath(value, path, depth);
  return deep === undefined ? undefined : `${tooDeepText} Path '${deep}'.`;
}

/** And about one that is not nested too deep, but that it takes for a reference. */
export function unreadable(value: unknown, path: string): string | undefined {
  const at = referencePath(value, path);
  return at === undefined ? undefined : `${referenceText} Path '${at}'.`;
}

/** The same for a text that .NET reads by itself, where it knows the position as well. */
export function unreadableText(value: unknown): string | undefined {
  const at = referencePath(value, '');
  if (at === undefined) return undefined;
  const token = `"${at.slice(at.lastIndexOf('.') + 1)}":`;
  const position = JSON.stringify(value).indexOf(token) + token.length;
  return `${referenceText} Path '${at}', line 1, position ${position}.`;
}
