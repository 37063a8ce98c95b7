import { objectAt } from '../../json';
import type { JsonObject } from '../../json';
import { without } from '../object-parts';
import type { KubeObject } from '../resource-table';
import type { FieldSet } from './field-path';
import { pathSaid } from './field-path';
import { difference, fieldsOf, holdsBelow, minus, shared, union } from './field-sets';
import type { FieldRules } from './list-rules';
import { isSameManager, managersOf, withFields, withManagers } from './managed-fields';
import type { ManagerEntry, ManagerKey } from './managed-fields';
import { merged, removed } from './merge';

export interface Ownership {
  readonly by: ManagerKey;
  readonly rules: FieldRules;
  /** Top-level members that this kind of write may not touch. */
  readonly untouched: readonly string[];
  readonly time: string;
}

export interface FieldConflict {
  readonly with: ManagerEntry;
  readonly field: string;
}

export type Applied =
  { readonly object: KubeObject } | { readonly conflicts: readonly FieldConflict[] };

/** Owner of everything in an object that nobody has applied to before. */
export const earlier = 'before-first-apply';

/**
 * Server-side apply: merges `config` into the object, takes away what only this manager had applied and does not apply
 * any more, and remembers who owns what. A value that another manager owns is a conflict, unless it is forced.
 */
export function applied(
  live: KubeObject | undefined,
  config: KubeObject,
  { force, ...ownership }: Ownership & { readonly force: boolean },
): Applied {
  const { by, rules, time } = ownership;
  const wanted = owned(config, ownership);
  const before = live ?? { metadata: {} };
  const entries = live === undefined ? [] : tracked(live, ownership);
  const own = entries.find((entry) => isSameManager(entry, by));
  const others = entries.filter((entry) => !isSameManager(entry, by));
  const fields = fieldsOf(wanted, rules);
  const kept = union(fields, ...others.map((entry) => entry.fields));
  const lost = [...minus(own?.fields ?? new Set(), kept)].filter((path) => !holdsBelow(kept, path));
  const content = merged(removed(comparable(before, ownership), lost, rules), wanted, rules);
  const change = difference(comparable(before, ownership), content, rules);
  const touched = union(change.added, change.modified);
  const conflicts = others.flatMap((entry) => conflictsWith(entry, touched));
  if (conflicts.length > 0 && !force) return { conflicts };
  const taken = union(touched, change.removed);
  const rest = others.map((entry) => withFields(entry, minus(entry.fields, taken), time));
  const mine = withFields(own ?? { ...by, time: '', fields: new Set() }, fields, time);
  return { object: withManagers(withContent(before, content, ownership), [...rest, mine]) };
}

/** Remembers that a writer who does not apply has set what it changed. */
export function updated(
  before: KubeObject | undefined,
  after: KubeObject,
  ownership: Ownership,
): KubeObject {
  const { by, rules, time } = ownership;
  const entries = before === undefined ? [] : managersOf(before);
  if (before !== undefined && entries.length === 0) return withManagers(after, []);
  const change = difference(
    comparable(before ?? { metadata: {} }, ownership),
    comparable(after, ownership),
    rules,
  );
  const touched = union(change.added, change.modified);
  const own = entries.find((entry) => isSameManager(entry, by));
  const rest = entries
    .filter((entry) => !isSameManager(entry, by))
    .map((entry) => withFields(entry, minus(entry.fields, union(touched, change.removed)), time));
  const fields = minus(union(own?.fields ?? new Set(), touched), change.removed);
  const mine = withFields(own ?? { ...by, time: '', fields: new Set() }, fields, time);
  return withManagers(after, [...rest, mine]);
}

/** The managers of an object; one that has none is all of an earlier manager. */
function tracked(live: KubeObject, ownership: Ownership): readonly ManagerEntry[] {
  const entries = managersOf(live);
  if (entries.length > 0) return entries;
  const { by, rules, time } = ownership;
  const { added } = difference({}, comparable(live, ownership), rules);
  return [{ ...by, manager: earlier, operation: 'Update', subresource: '', time, fields: added }];
}

function conflictsWith(entry: ManagerEntry, touched: FieldSet): readonly FieldConflict[] {
  const paths = [...shared(entry.fields, touched)].filter((path) => !holdsBelow(touched, path));
  return paths.map((path) => ({ with: entry, field: pathSaid(path) }));
}

const ofServer = [
  'name',
  'namespace',
  'uid',
  'resourceVersion',
  'generation',
  'creationTimestamp',
  'deletionTimestamp',
  'deletionGracePeriodSeconds',
  'managedFields',
  'selfLink',
];

/** The part of an object that has owners. */
function comparable(object: KubeObject, { untouched }: Ownership): JsonObject {
  const metadata = without(object.metadata, ...ofServer);
  const rest = without(object, 'apiVersion', 'kind', 'metadata', ...untouched);
  return Object.keys(metadata).length === 0 || untouched.includes('metadata')
    ? rest
    : { metadata, ...rest };
}

/** What is applied, without members that are null. */
function owned(config: KubeObject, ownership: Ownership): JsonObject {
  return withoutNulls(comparable(config, ownership));
}

function withoutNulls(value: JsonObject): JsonObject {
  return JSON.parse(
    JSON.stringify(value, (_name, member: unknown) => (member === null ? undefined : member)),
  ) as JsonObject;
}

function withContent(
  before: KubeObject,
  content: JsonObject,
  { untouched }: Ownership,
): KubeObject {
  const kept = Object.entries(before).filter(
    ([name]) => ['apiVersion', 'kind', ...untouched].includes(name) && name !== 'metadata',
  );
  const server = Object.entries(before.metadata).filter(([name]) => ofServer.includes(name));
  const metadata = untouched.includes('metadata')
    ? before.metadata
    : { ...Object.fromEntries(server), ...objectAt(content, 'metadata') };
  return { ...Object.fromEntries(kept), ...content, metadata };
}
