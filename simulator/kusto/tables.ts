import graphTables from '../data/graph-table-names.json';
import type { Json } from '../json';
import type { Columns } from './compile-expression';
import { toText } from './convert';
import { KustoError } from './kusto-error';
import type { Scalar } from './scalar';
import type { Query } from './syntax';

const textColumns = [
  'id',
  'name',
  'type',
  'tenantId',
  'kind',
  'location',
  'resourceGroup',
  'subscriptionId',
  'managedBy',
];
const dynamicColumns = [
  'sku',
  'plan',
  'properties',
  'tags',
  'identity',
  'zones',
  'extendedLocation',
];

/** All tables of Resource Graph have the same columns. */
const columns: Columns = new Map([
  ...textColumns.map((name) => [name, textColumn(name)] as const),
  ...dynamicColumns.map((name) => [name, dynamicColumn(name)] as const),
]);

const tables: readonly string[] = [...graphTables.filled, ...graphTables.empty];

/** The columns of the query's table. Resource Graph compares table names without regard to case. */
export function tableColumns({ table, at }: Query): Columns {
  if (tables.includes(table.toLowerCase())) return columns;
  throw new KustoError(
    'DisallowedLogicalTableName',
    at,
    `Table ${table} is invalid, unsupported or disallowed. Use one of ${tables.join(', ')}.`,
  );
}

function textColumn(name: string): Scalar {
  return { type: 'string', evaluate: ({ row }) => toText(asJson(row[name]), 'string') };
}

function dynamicColumn(name: string): Scalar {
  return { type: 'dynamic', evaluate: ({ row }) => asJson(row[name]) };
}

/** Rows are the JSON of ARM resources; a missing member is null. */
function asJson(value: unknown): Json {
  return value === undefined ? null : (value as Json);
}
