import type { DatabaseSync, SQLInputValue } from 'node:sqlite';
import type { AzureWays } from './azure-ways';
import type {
  EntityPage,
  EntityQuery,
  EntityRecord,
  InstancePage,
  InstanceQuery,
  InstanceRecord,
  PurgeFilter,
} from './contract';
import { entityRef } from './entities/entity-messages';
import type { Instance } from './instance';
import { recordOf } from './instance';
import { instanceOf } from './store/instance-store';

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

/** What the extension keeps as the input and the custom status of an entity's instance. */
const entityInput = `json_patch('{}', json_object('exists', iif(present = 1, json('true'), NULL),
  'state', state, 'lockedBy', locked_by, 'sorter', json('{}')))`;
const entityStatus = `json_patch('{}', json_object(
  'entityExists', iif(present = 1, json('true'), NULL), 'lockedBy', locked_by,
  'queueSize', nullif(json_array_length(waiting), 0)))`;

/** Instances and entities under the same columns. */
const everything = `(
  SELECT key, id, execution, name, version, status, input, output, custom_status, created, updated,
    parent_key, parent_id, parent_task, generation, 1 AS shown FROM instances
  UNION ALL
  SELECT key, id, '', id, NULL, 'Running', ${entityInput}, NULL, ${entityStatus}, updated, updated,
    NULL, NULL, NULL, 0, present FROM entities)`;

/** The condition that a row of `everything` is there for callers. */
function visible(ways: AzureWays): string {
  return [
    'TRUE',
    ...(ways.keepsDeletedEntities ? [] : ['shown = 1']),
    ...(ways.hidesUnstartedChildren ? ["(status <> 'Pending' OR parent_key IS NULL)"] : []),
  ].join(' AND ');
}

/** Instances in the order of their ids, a page at a time. */
export function queryInstances(
  database: DatabaseSync,
  filter: InstanceQuery,
  ways: AzureWays,
): InstancePage {
  const top = filter.top ?? defaultPage;
  const conditions = new Conditions()
    .add('substr(id, 1, length(?1)) = ?1', filter.instanceIdPrefix ?? '')
    .add('created >= ?', filter.createdFrom)
    .add('created <= ?', filter.createdTo)
    .oneOf('status', filter.runtimeStatus)
    .add('id > ?', filter.continuation);
  const rows = database
    .prepare(
      `SELECT * FROM ${everything} ${conditions.where} AND ${visible(ways)} ORDER BY id LIMIT ?`,
    )
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

/** An entity as an instance. */
export function entityInstance(
  database: DatabaseSync,
  id: string,
  ways: AzureWays,
): InstanceRecord | undefined {
  const row = database
    .prepare(`SELECT * FROM ${everything} WHERE id = ? AND name = id AND ${visible(ways)}`)
    .get(id);
  return row && recordOf(instanceOf(row));
}

/** `Canceled` is a state that the extension knows and no instance is ever in. */
const endedStates: readonly string[] = ['Completed', 'Failed', 'Terminated', 'Canceled'];

/** Keys of what a purge removes. */
export interface Purgeable {
  readonly instances: readonly number[];
  readonly entities: readonly number[];
}

/** Azure takes states in which an instance is live for no filter at all. */
export function purgeable(
  database: DatabaseSync,
  filter: PurgeFilter,
  { purgesLive }: AzureWays,
): Purgeable {
  const asked = filter.runtimeStatus?.filter((status) => endedStates.includes(status)) ?? [];
  const anyState = asked.length === 0;
  const states = anyState && !purgesLive ? endedStates : asked;
  return {
    instances: keysOf(database, 'instances', created(filter, 'created').oneOf('status', states)),
    entities:
      anyState && purgesLive ? keysOf(database, 'entities', created(filter, 'updated')) : [],
  };
}

function created({ createdFrom, createdTo }: PurgeFilter, column: string): Conditions {
  return new Conditions().add(`${column} >= ?`, createdFrom).add(`${column} <= ?`, createdTo);
}

function keysOf(
  database: DatabaseSync,
  table: 'instances' | 'entities',
  { where, values }: Conditions,
): number[] {
  return database
    .prepare(`SELECT key FROM ${table} ${where}`)
    .all(...values)
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
