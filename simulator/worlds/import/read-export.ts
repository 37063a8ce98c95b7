import { isObject } from '../../json';
import type { Json, JsonObject } from '../../json';
import { parseCsv } from './parse-csv';

/** One row of an export, and how a person finds it. */
export interface ExportRow {
  /** Such as `fleet.json, row 3`. */
  readonly where: string;
  readonly columns: JsonObject;
}

/**
 * The rows of what Resource Graph was asked for: the list of the portal, `{ data: […] }` of `az graph query` and of the
 * REST API, its table form, or the portal's CSV.
 *
 * @throws Error that names the file and the row.
 */
export function readExport(text: string, file: string): readonly ExportRow[] {
  const rows = /^\s*[[{]/.test(text) ? rowsOf(parseJson(text, file), file) : parseCsv(text);
  return rows.map((columns, index) => {
    const where = `${file}, row ${index + 1}`;
    if (isObject(columns)) return { where, columns };
    throw new Error(`${where}: it is no object. Export rows as objects.`);
  });
}

function rowsOf(document: Json, file: string): readonly Json[] {
  if (Array.isArray(document)) return document as readonly Json[];
  const data = isObject(document) ? document['data'] : undefined;
  if (Array.isArray(data)) return data as readonly Json[];
  if (isObject(data)) {
    const { columns, rows } = data;
    if (Array.isArray(columns) && Array.isArray(rows)) {
      return rowsOfTable(columns as readonly Json[], rows as readonly Json[]);
    }
  }
  throw new Error(
    `${file}: there are no rows. Give the output of az graph query, a download of the portal, or an answer of the REST API.`,
  );
}

function rowsOfTable(columns: readonly Json[], rows: readonly Json[]): readonly Json[] {
  const names = columns.map((column) => (isObject(column) ? column['name'] : undefined));
  return rows.map((row) => {
    if (!Array.isArray(row)) return row;
    const cells = row as readonly Json[];
    return Object.fromEntries(
      names.flatMap((name, index) => (typeof name === 'string' ? [[name, cells[index]]] : [])),
    );
  });
}

function parseJson(text: string, file: string): Json {
  try {
    return JSON.parse(text) as Json;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(`${file} is no JSON: ${reason}. Export it again.`, { cause: error });
  }
}
