import type { DatabaseSync, SQLInputValue } from 'node:sqlite';
import type {
  EntityPage,
  EntityQuery,
  EntityRecord,
  InstancePage,
  InstanceQuery,
  PurgeFilter,
  RuntimeStatus,
} from './contract';
import { entityRef } from './entity-messages';
import type { Instance } from './instance';
import { recordOf } from './instance';
import { instanceOf } from './instance-store';

const defaultPage = 100;

/** Comes before every id: where the next page begins when a page of none was asked for. */
const startOfIds = '!';

/** SQL conditions with their values. */
class Conditions {
  private readonly texts: string[] = [];
  readonly values: SQLInputValue[] = [];

  /** Adds a condition, unless its value is missing. */
  add(text: string, value: SQLInputValue | undefined): this {
    if (value === undefined) return this;
    this.texts.push(text);
    this.values.push(value);
    return this;
  }

  oneOf(column: string, values: readonly string[] | undefined): this {
    if (values === undefined || values.length === 0) return this;
    return this.add(`${column} IN (SELECT value FROM json_each(?))`, JSON.stringify(values));
  }

  get where(): string {
    return this.texts.length === 0 ? '' : `WHERE ${this.texts.join(' AND ')}`;
  }
}

/** Instances in the order of their ids, a page at a time. */
export function queryInstances(database: DatabaseSync, filter: InstanceQuery): InstancePage {
  const top = filter.top ?? defaultPage;
  const conditions = new Conditions()
    .add('substr(id, 1, length(?1)) = ?1', filter.instanceIdPrefix ?? '')
    .add('created >= ?', filter.createdFrom)
    .add('created <= ?', filter.createdTo)
    .oneOf('status', filter.runtimeStatus)
    .add('id > ?', filter.continuation);
  const rows = database
    .prepare(`SELECT * FROM instances ${conditions.where} ORDER BY id LIMIT ?`)
    .all(...conditions.values, top + 1);
  const instances = rows.slice(0, top).map((row) => shown(instanceOf(row), filter.withoutInput));
  const last = instances.at(-1);
  const more = rows.length > top;
  const continuation = last?.instanceId ?? filter.continuation ?? startOfIds;
  return { instances, ...(more ? { continuation } : {}) };
}

function shown(instance: Instance, withoutInput = false): InstancePage['instances'][number] {
  return recordOf(withoutInput ? { ...instance, input: undefined } : instance);
}

const endedStates: readonly RuntimeStatus[] = ['Completed', 'Failed', 'Terminated'];

/** Keys of instances that have ended and match. */
export function endedInstances(database: DatabaseSync, filter: PurgeFilter): number[] {
  const wanted = filter.runtimeStatus?.filter((status) => endedStates.includes(status)) ?? [];
  const conditions = new Conditions()
    .add('created >= ?', filter.createdFrom)
    .add('created <= ?', filter.createdTo)
    .oneOf('status', wanted.length === 0 ? endedStates : wanted);
  return database
    .prepare(`SELECT key FROM instances ${conditions.where}`)
    .all(...conditions.values)
    .map((row) => row['key'] as number);
}

/** Existing entities in the order of their ids, a page at a time. */
export function queryEntities(database: DatabaseSync, filter: EntityQuery): EntityPage {
  const top = filter.top ?? defaultPage;
  const prefix = filter.name === undefined ? '@' : `@${filter.name.toLowerCase()}@`;
  const conditions = new Conditions()
    .add('substr(id, 1, length(?1)) = ?1', prefix)
    .add('present = ?', 1)
    .add('updated >= ?', filter.lastOperationFrom)
    .add('updated <= ?', filter.lastOperationTo)
    .add('id > ?', filter.continuation);
  const rows = database
    .prepare(`SELECT id, state, updated FROM entities ${conditions.where} ORDER BY id LIMIT ?`)
    .all(...conditions.values, top + 1);
  const page = rows.slice(0, top);
  const last = page.at(-1)?.['id'] as string | undefined;
  const continuation = last ?? filter.continuation ?? startOfIds;
  return {
    entities: page.map((row) => entityRecord(row, filter.fetchState === true)),
    ...(rows.length > top ? { continuation } : {}),
  };
}

function entityRecord(row: Record<string, unknown>, withState: boolean): EntityRecord {
  return {
    ...entityRef(row['id'] as string),
    lastOperationAt: row['updated'] as number,
    ...(withState && typeof row['state'] === 'string' ? { state: row['state'] } : {}),
  };
}
