import { isObject } from './json';
import type { Json } from './json';

/** A leaf in which two documents differ; undefined where one of them does not have it. */
export interface ChangedPath {
  /** `properties.agentPoolProfiles[0].count`. */
  readonly path: string;
  readonly before: Json | undefined;
  readonly after: Json | undefined;
}

/** The leaves in which two documents differ, in the order of the names in the later one. */
export function* changedPaths(
  before: Json | undefined,
  after: Json | undefined,
  path = '',
): Generator<ChangedPath> {
  if (before === after) return;
  const names = namesIn(before, after);
  if (names === undefined) {
    yield { path, before, after };
    return;
  }
  for (const name of names)
    yield* changedPaths(child(before, name), child(after, name), below(path, name));
}

/** What to descend into; undefined when the documents, or what one of them adds, are leaves. */
function namesIn(
  before: Json | undefined,
  after: Json | undefined,
): readonly (string | number)[] | undefined {
  const present = [after, before].filter((value) => value !== undefined);
  if (present.every(Array.isArray)) {
    const length = Math.max(...present.map((value) => (value as readonly Json[]).length));
    return length === 0
      ? undefinedUnlessBoth(present)
      : Array.from({ length }, (_, index) => index);
  }
  if (!present.every(isObject)) return undefined;
  const names = [...new Set(present.flatMap((value) => Object.keys(value)))];
  return names.length === 0 ? undefinedUnlessBoth(present) : names;
}

/** An empty object or array that only one side has is a difference by itself. */
function undefinedUnlessBoth(present: readonly unknown[]): readonly string[] | undefined {
  return present.length === 2 ? [] : undefined;
}

function child(value: Json | undefined, name: string | number): Json | undefined {
  if (Array.isArray(value)) return (value as readonly Json[])[Number(name)];
  return isObject(value) && Object.hasOwn(value, name) ? value[name] : undefined;
}

/** Names that would read as a path are quoted, as in `tags['kubernetes.io/name']`. */
function below(path: string, name: string | number): string {
  if (typeof name === 'number') return `${path}[${name}]`;
  if (!/^[\w$-]+$/.test(name)) return `${path}['${name}']`;
  return path === '' ? name : `${path}.${name}`;
}
