import { canonical, isObject, objectAt, textAt } from '../../json';
import type { JsonObject } from '../../json';
import { without } from '../object-parts';
import type { KubeObject } from '../resource-table';
import type { FieldSet } from './field-path';
import { fromFieldsV1, toFieldsV1 } from './fields-v1';

/** Who last set some fields, and how. */
export interface ManagerEntry {
  readonly manager: string;
  readonly operation: 'Apply' | 'Update';
  readonly apiVersion: string;
  readonly subresource: string;
  readonly time: string;
  readonly fields: FieldSet;
}

export type ManagerKey = Omit<ManagerEntry, 'fields' | 'time'>;

export function managersOf({ metadata }: KubeObject): readonly ManagerEntry[] {
  const list = metadata['managedFields'];
  return (Array.isArray(list) ? list : []).filter(isObject).map((entry: JsonObject) => ({
    manager: textAt(entry, 'manager') ?? '',
    operation: entry['operation'] === 'Apply' ? 'Apply' : 'Update',
    apiVersion: textAt(entry, 'apiVersion') ?? '',
    subresource: textAt(entry, 'subresource') ?? '',
    time: textAt(entry, 'time') ?? '',
    fields: fromFieldsV1(objectAt(entry, 'fieldsV1')),
  }));
}

export function isSameManager(one: ManagerKey, other: ManagerKey): boolean {
  return (['manager', 'operation', 'apiVersion', 'subresource'] as const).every(
    (member) => one[member] === other[member],
  );
}

/** The object with these managers; those without fields are left out. */
export function withManagers(object: KubeObject, entries: readonly ManagerEntry[]): KubeObject {
  const rank = ({ operation, time, manager }: ManagerEntry): string =>
    [operation, time, manager].join(' ');
  const managedFields = entries
    .filter(({ fields }) => fields.size > 0)
    .sort((one, other) => (rank(one) < rank(other) ? -1 : 1))
    .map(({ fields, subresource, ...entry }): JsonObject => ({
      ...entry,
      fieldsType: 'FieldsV1',
      fieldsV1: toFieldsV1(fields),
      ...(subresource !== '' && { subresource }),
    }));
  const metadata = without(object.metadata, 'managedFields');
  return {
    ...object,
    metadata: managedFields.length === 0 ? metadata : { ...metadata, managedFields },
  };
}

/** An entry with other fields; its time says when they last changed. */
export function withFields(entry: ManagerEntry, fields: FieldSet, time: string): ManagerEntry {
  const same = canonical([...entry.fields].sort()) === canonical([...fields].sort());
  return same ? entry : { ...entry, fields, time };
}
