import { canonical } from '../../json';
import type { Json, JsonObject } from '../../json';
import { partsOf, pathText } from './field-path';
import type { FieldPath, FieldSet } from './field-path';
import type { FieldRules } from './list-rules';

/** Every field that an applied object says, its list items included. */
export function fieldsOf(object: JsonObject, rules: FieldRules): FieldSet {
  const found = new Set<string>();
  const visit = (value: Json, path: FieldPath): void => {
    const parts = partsOf(value, path, rules);
    const isItem = !(path.at(-1) ?? 'f:').startsWith('f:');
    if (parts === undefined || parts.size === 0 || isItem) found.add(pathText(path));
    for (const [element, part] of parts ?? []) visit(part, [...path, element]);
  };
  for (const [element, part] of partsOf(object, [], rules) ?? []) visit(part, [element]);
  return found;
}

export interface Difference {
  readonly added: FieldSet;
  readonly modified: FieldSet;
  readonly removed: FieldSet;
}

// These are there in an empty object of their kind too, so nobody adds them.
const always = new Set([
  'f:metadata',
  'f:spec',
  'f:status',
  'f:template',
  'f:jobTemplate',
  'f:strategy',
  'f:updateStrategy',
]);

/** What became of each field. */
export function difference(before: JsonObject, after: JsonObject, rules: FieldRules): Difference {
  const [added, modified, removed] = [new Set<string>(), new Set<string>(), new Set<string>()];
  const all = (value: Json, path: FieldPath, into: Set<string>): void => {
    const parts = partsOf(value, path, rules);
    if (!always.has(path.at(-1) ?? '') || parts === undefined) into.add(pathText(path));
    for (const [element, part] of parts ?? []) all(part, [...path, element], into);
  };
  const compare = (one: Json, other: Json, path: FieldPath): void => {
    if (canonical(one) === canonical(other)) return;
    const [mine, theirs] = [one, other].map((value) => partsOf(value, path, rules));
    if (mine === undefined || theirs === undefined) {
      modified.add(pathText(path));
      return;
    }
    for (const [element, part] of mine) {
      const place = [...path, element];
      const matching = theirs.get(element);
      if (matching === undefined) all(part, place, removed);
      else compare(part, matching, place);
    }
    for (const [element, part] of theirs) {
      if (!mine.has(element)) all(part, [...path, element], added);
    }
  };
  compare(before, after, []);
  return { added, modified, removed };
}

export function union(...sets: readonly FieldSet[]): FieldSet {
  return new Set(sets.flatMap((set) => [...set]));
}

export function minus(set: FieldSet, other: FieldSet): FieldSet {
  return new Set([...set].filter((path) => !other.has(path)));
}

export function shared(set: FieldSet, other: FieldSet): FieldSet {
  return new Set([...set].filter((path) => other.has(path)));
}

/** Whether a set holds something below a path. */
export function holdsBelow(set: FieldSet, path: string): boolean {
  const prefix = `${path}\n`;
  return [...set].some((one) => one.startsWith(prefix));
}
