import { isObject } from '../../json';
import type { Json, JsonObject } from '../../json';
import { partsOf, pathOf } from './field-path';
import type { FieldPath } from './field-path';
import type { FieldRules } from './list-rules';

/** What is there, with everything that is applied. */
export function merged(live: JsonObject, applied: JsonObject, rules: FieldRules): JsonObject {
  return mergedAt(live, applied, { path: [], rules }) as JsonObject;
}

interface Place {
  readonly path: FieldPath;
  readonly rules: FieldRules;
}

function mergedAt(live: Json | undefined, applied: Json, { path, rules }: Place): Json {
  const [before, after] = [live, applied].map((value) => partsOf(value, path, rules));
  if (before === undefined || after === undefined) return applied;
  const order = inOrder([...before.keys()], [...after.keys()]);
  const parts = order.map((element): readonly [string, Json] => {
    const [mine, theirs] = [before.get(element), after.get(element)];
    if (theirs === undefined) return [element, mine ?? null];
    return [element, mergedAt(mine, theirs, { path: [...path, element], rules })];
  });
  return assembled(parts, Array.isArray(applied));
}

function assembled(parts: readonly (readonly [string, Json])[], isList: boolean): Json {
  if (isList) return parts.map(([, part]) => part);
  return Object.fromEntries(parts.map(([element, part]) => [element.slice(2), part]));
}

/** The order of what is applied; what only the other side has keeps its place before its successor. */
function inOrder(live: readonly string[], applied: readonly string[]): readonly string[] {
  const wanted = new Set(applied);
  const known = new Set(live);
  const result = new Set<string>();
  let next = 0;
  const takeOwn = (): void => {
    while (next < live.length) {
      const element = live[next] ?? '';
      if (wanted.has(element) && !result.has(element)) return;
      result.add(element);
      next += 1;
    }
  };
  for (const element of applied) {
    takeOwn();
    result.add(element);
    if (!known.has(element)) continue;
    while (next < live.length && result.has(live[next] ?? '')) next += 1;
  }
  takeOwn();
  for (const element of live) result.add(element);
  return [...result];
}

/** The object without some fields. What gets empty by that is taken away too. */
export function removed(
  object: JsonObject,
  paths: Iterable<string>,
  rules: FieldRules,
): JsonObject {
  let result: Json = object;
  for (const path of paths) result = removedAt(result, pathOf(path), { path: [], rules }) ?? {};
  return isObject(result) ? result : {};
}

function removedAt(value: Json, rest: FieldPath, place: Place): Json | undefined {
  const [element, ...further] = rest;
  const parts = partsOf(value, place.path, place.rules);
  const part = parts?.get(element ?? '');
  if (element === undefined || parts === undefined || part === undefined) return value;
  const below = { ...place, path: [...place.path, element] };
  const left = further.length === 0 ? undefined : removedAt(part, further, below);
  const kept = [...parts].flatMap(([name, one]): readonly (readonly [string, Json])[] => {
    if (name !== element) return [[name, one]];
    return left === undefined ? [] : [[name, left]];
  });
  return kept.length === 0 && place.path.length > 0
    ? undefined
    : assembled(kept, Array.isArray(value));
}
