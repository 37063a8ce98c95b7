import { partsOf } from '../arm-id';
import { changedPaths } from '../changed-paths';
import type { Json, JsonObject } from '../json';
import type { Row } from '../kusto/scalar';
import type { Change } from '../resource-history';
import type { Resource } from '../resource-store';
import type { World } from '../world';
import { tableOf } from './graph-tables';
import { rowOf } from './graph-row';
import type { GraphRow } from './graph-row';
import { shows } from './moment';
import type { Moment } from './moment';

/** The table whose changes each table of changes holds. */
const sources: Readonly<Record<string, string>> = {
  resourcechanges: 'resources',
  resourcecontainerchanges: 'resourcecontainers',
};

export const changeTables: ReadonlySet<string> = new Set(Object.keys(sources));

const columns = ['location', 'kind', 'tags', 'sku', 'plan', 'identity', 'zones', 'properties'];
const unspecified = 'Unspecified';

/** Changes are values that never change, so their rows are made once. */
const rows = new WeakMap<Change, Row>();

/** The changes of resources that a table shows at a moment, oldest first. */
export function* changeRows(table: string, world: World, moment: Moment): Generator<Row> {
  for (const change of world.history.all) {
    const known = change.after ?? change.before;
    const type = partsOf(change.id).type.toLowerCase();
    if (known === undefined || tableOf(known) !== sources[table]) continue;
    if (!shows(moment, change, { table, type })) continue;
    const row = rows.get(change) ?? changeRow(change, world);
    rows.set(change, row);
    if (row['properties'] !== undefined) yield row;
  }
}

/** A row without properties is a write that changed nothing: Resource Graph does not show it. */
function changeRow(change: Change, world: World): Row {
  const { before, after, id, time, sequence } = change;
  const changeType = before === undefined ? 'Create' : after === undefined ? 'Delete' : 'Update';
  const changes = changesOf(before, after, world.tenantId);
  const name = world.seed.guid('change', sequence);
  const { subscriptionId, type, resourceGroup } = targetOf(change, world.tenantId);
  const row = {
    id: `${id}/providers/Microsoft.Resources/changes/${name}`,
    name,
    type: 'microsoft.resources/changes',
    tenantId: world.tenantId,
    subscriptionId,
    resourceGroup,
  };
  if (changeType === 'Update' && Object.keys(changes).length === 0) return row;
  const properties = {
    targetResourceId: id,
    targetResourceType: type,
    changeType,
    changeAttributes: {
      previousResourceSnapshotId: world.seed.guid('snapshot', sequence, 'before'),
      newResourceSnapshotId: world.seed.guid('snapshot', sequence, 'after'),
      correlationId: '00000000-0000-0000-0000-000000000000',
      changesCount: Object.keys(changes).length,
      timestamp: new Date(time).toISOString(),
      changedBy: unspecified,
      changedByType: unspecified,
      clientType: unspecified,
      operation: unspecified,
    },
    changes,
  };
  return { ...row, properties };
}

function targetOf({ before, after }: Change, tenantId: string): GraphRow {
  const known = after ?? before;
  return known === undefined ? { subscriptionId: '' } : rowOf(known, tenantId);
}

/** Only an update has them: "The changes property dictionary is only included when changeType is Update". */
function changesOf(
  before: Resource | undefined,
  after: Resource | undefined,
  tenantId: string,
): JsonObject {
  if (before === undefined || after === undefined) return {};
  const [from, to] = [shown(rowOf(before, tenantId)), shown(rowOf(after, tenantId))];
  return Object.fromEntries(
    Array.from(changedPaths(from, to), ({ path, before: previous, after: next }) => [
      path,
      { previousValue: asText(previous), newValue: asText(next) },
    ]),
  );
}

function shown(row: GraphRow): JsonObject {
  return Object.fromEntries(columns.map((name) => [name, row[name] as Json | undefined]));
}

/** Values are texts in the published examples; what was or is not there is null. */
function asText(value: Json | undefined): Json {
  if (value === undefined || value === null) return null;
  return typeof value === 'string' ? value : JSON.stringify(value);
}
