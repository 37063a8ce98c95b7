import { canonical, isObject } from '../../json';
import type { Json, JsonObject } from '../../json';
import type { FieldRules, ListRule } from './list-rules';

/**
 * A path to a field, its elements as `fieldsV1` writes them: `f:name`, `k:{…}` for an item of a keyed list, `v:…` for one
 * of a set. As text its elements are parted by line feeds, which none of them contains.
 */
export type FieldPath = readonly string[];
export type FieldSet = ReadonlySet<string>;

const between = '\n';

export function pathText(path: FieldPath): string {
  return path.join(between);
}

export function pathOf(text: string): FieldPath {
  return text.split(between);
}

/** The path as messages name it: `.spec.containers[name="app"].image`. */
export function pathSaid(text: string): string {
  return pathOf(text).map(elementSaid).join('');
}

function elementSaid(element: string): string {
  const rest = element.slice(2);
  if (element.startsWith('f:')) return `.${rest}`;
  if (element.startsWith('v:')) return `[=${rest}]`;
  const keys = Object.entries(JSON.parse(rest) as JsonObject);
  return `[${keys.map(([name, value]) => `${name}=${JSON.stringify(value)}`).join(',')}]`;
}

/** Names of the members on the way, as field rules want them. */
export function namesIn(path: FieldPath): readonly string[] {
  return path.filter((element) => element.startsWith('f:')).map((element) => element.slice(2));
}

/** The items of a list by their elements; undefined where it has to be taken as one value. */
export function itemsOf(
  list: readonly Json[],
  rule: ListRule,
): ReadonlyMap<string, Json> | undefined {
  if (rule.kind === 'atomic') return undefined;
  const items = new Map(list.map((item) => [elementOf(item, rule), item] as const));
  return items.size === list.length && !items.has('') ? items : undefined;
}

function elementOf(item: Json, rule: ListRule): string {
  if (rule.kind === 'set') return isObject(item) ? '' : `v:${JSON.stringify(item)}`;
  if (rule.kind === 'atomic' || !isObject(item)) return '';
  const keys = rule.keys.map((name) => [
    name,
    item[name] ?? (name === 'protocol' ? 'TCP' : undefined),
  ]);
  return keys.some(([, value]) => value === undefined)
    ? ''
    : `k:${canonical(Object.fromEntries(keys) as JsonObject)}`;
}

/** What a value is made of: members, items, or nothing that has paths of its own. */
export function partsOf(
  value: Json | undefined,
  path: FieldPath,
  rules: FieldRules,
): ReadonlyMap<string, Json> | undefined {
  const names = namesIn(path);
  if (Array.isArray(value)) return itemsOf(value as readonly Json[], rules.list(names));
  if (!isObject(value) || (path.length > 0 && rules.isAtomic(names))) return undefined;
  const members = Object.entries(value).filter(([, member]) => member !== undefined);
  return new Map(members.map(([name, member]) => [`f:${name}`, member as Json]));
}
