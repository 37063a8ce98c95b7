import { partsOf } from '../arm-id';
import type { Row } from '../kusto/scalar';
import type { TableSource } from '../kusto/plan';
import type { Resource } from '../resource-store';
import type { World } from '../world';
import { changeRows, changeTables } from './change-rows';
import { resourcesIn, tableOf } from './graph-tables';
import { rowOf } from './graph-row';
import { isNow, shows } from './moment';
import type { Moment } from './moment';
import { inScope } from './scope';
import type { Scope } from './scope';

/** The tables as they are at a moment, for queries on a scope. */
export function rowsAt(world: World, moment: Moment, scope: Scope): TableSource {
  return (table, types) => {
    const rows = changeTables.has(table)
      ? changeRows(table, world, moment)
      : rowsIn({ table, types }, world, moment);
    const all = scope.subscriptions === undefined && scope.mayRead === undefined;
    return all ? rows : scoped(rows, scope);
  };
}

function* scoped(rows: Iterable<Row>, scope: Scope): Generator<Row> {
  for (const row of rows) if (inScope(row, scope)) yield row;
}

interface Wanted {
  readonly table: string;
  /** Undefined: all. */
  readonly types: readonly string[] | undefined;
}

function* rowsIn({ table, types }: Wanted, world: World, moment: Moment): Generator<Row> {
  const undone = undoneIn(table, world, moment);
  for (const resource of resourcesIn(table, world.resources, types)) {
    const key = undone.size === 0 ? '' : resource.id.toLowerCase();
    if (!undone.has(key)) yield rowOf(resource, world.tenantId);
  }
  for (const before of undone.values()) {
    if (before !== undefined) yield rowOf(before, world.tenantId);
  }
}

/** Resources of the table that it does not show as they are, with what it shows instead. */
function undoneIn(
  table: string,
  world: World,
  moment: Moment,
): ReadonlyMap<string, Resource | undefined> {
  const undone = new Map<string, Resource | undefined>();
  if (isNow(moment, world)) return undone;
  for (const change of world.history.all) {
    const key = change.id.toLowerCase();
    const known = change.after ?? change.before;
    if (undone.has(key) || known === undefined || tableOf(known) !== table) continue;
    const type = partsOf(key).type;
    if (!shows(moment, change, { table, type })) undone.set(key, change.before);
  }
  return undone;
}
