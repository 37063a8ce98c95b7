import { textAt } from '../json';
import type { Json, JsonObject } from '../json';
import type { AnswerRow, CompiledQuery } from '../kusto/compile-query';
import type { KustoError } from '../kusto/kusto-error';
import type { ScalarType } from '../kusto/scalar';
import { armError } from '../provider';
import type { ArmResponse } from '../provider';

/** "Response payload size … has exceeded the limit of 16777216": what callers report of the service. */
const largestAnswer = 16 * 1024 * 1024;

const columnTypes: Readonly<Record<ScalarType, string>> = {
  string: 'string',
  bool: 'boolean',
  number: 'integer',
  datetime: 'datetime',
  timespan: 'string',
  dynamic: 'object',
};

/** The rows as the request wants them: a list of objects unless it asks for a table. */
export function dataOf(
  body: Json | undefined,
  rows: readonly AnswerRow[],
  { types }: CompiledQuery,
): Json {
  if (textAt(body, 'options', 'resultFormat')?.toLowerCase() !== 'table') return rows;
  const columns = Array.from(types, ([name, type]) => ({ name, type: columnTypes[type] }));
  return { columns, rows: rows.map((row) => columns.map(({ name }) => row[name] ?? null)) };
}

/** Undefined unless the answer is larger than Resource Graph sends. Small answers are not measured. */
export function tooLarge(rows: readonly AnswerRow[]): ArmResponse | undefined {
  const samples = [0, rows.length >> 1, rows.length - 1].map((index) => sizeOf(rows[index]));
  if (Math.max(...samples) * rows.length < largestAnswer / 2) return undefined;
  const size = sizeOf(rows);
  if (size <= largestAnswer) return undefined;
  return badRequest('Response payload is too large.', [
    {
      code: 'ResponsePayloadTooLarge',
      message: `Response payload size is ${size}, and has exceeded the limit of ${largestAnswer}. Please consider querying less data at a time and make paginated call if needed.`,
    },
  ]);
}

function sizeOf(value: unknown): number {
  return value === undefined ? 0 : Buffer.byteLength(JSON.stringify(value));
}

export const invalidPage = armError(
  400,
  'BadRequest',
  'The paging options are invalid: $top is 1 to 1000, and $skipToken comes from the answer before.',
);

export function listTooLong(length: number, most: number): ArmResponse {
  return badRequest('Please provide a valid query.', [
    { code: 'InvalidQuery', message: 'Query is invalid.' },
    {
      code: 'QueryTooComplex',
      message: `A list in the query has ${length} items; ${most} are taken. Split it into several queries.`,
    },
  ]);
}

/** The code of the mistake is in the details, as Resource Graph has it. */
export function invalidQuery({ code, message, position }: KustoError): ArmResponse {
  return badRequest('Please provide a valid query.', [
    { code: 'InvalidQuery', message: 'Query is invalid.' },
    { code, message, ...position },
  ]);
}

function badRequest(message: string, details: readonly JsonObject[]): ArmResponse {
  return { status: 400, body: { error: { code: 'BadRequest', message, details } } };
}
