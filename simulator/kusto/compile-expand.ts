import { isObject } from '../json';
import type { Json } from '../json';
import { compileColumns } from './compile-columns';
import type { Columns } from './compile-expression';
import { columnTypes, conforms } from './column-types';
import { KustoError } from './kusto-error';
import { bounded } from './limits';
import { storedColumn, storedColumns, storedRow } from './plan';
import type { Plan, Step } from './plan';
import type { Evaluation, Row, Scalar, Value } from './scalar';
import type { ExpandStage } from './syntax';

/** "The default is 128": Resource Graph's query language article. Its older versions say at most 400. */
const defaultRows = 128;
const largestRows = 2000;

type Item = ExpandStage['items'][number];

/** `mv-expand`: a row for each element; several lists are expanded side by side. */
export function compileExpand(stage: ExpandStage, plan: Plan): Plan {
  const { at, items, limit = defaultRows, indexName } = stage;
  if (limit > largestRows) {
    throw new KustoError(
      'InvalidQueryLanguage',
      at,
      `A row expands to ${largestRows} rows at most. Lower the limit.`,
    );
  }
  const sources = compileColumns(items, plan.columns);
  const made = new Map(items.map((item) => [item.name, storedColumn(item.name, typeOf(item))]));
  const index: Columns =
    indexName === undefined
      ? new Map()
      : new Map([[indexName, storedColumn(indexName, { type: 'number' })]]);
  const step: Step = function* (rows, { now }) {
    for (const found of rows) {
      const base = storedRow(plan.columns, found);
      for (const row of expanded({ base, found, sources, stage, limit })) yield { row, now };
    }
  };
  return {
    ...plan,
    columns: new Map([...storedColumns(plan.columns), ...made, ...index]),
    steps: [...plan.steps, (rows, context) => bounded(step(rows, context), stage)],
  };
}

function* expanded({
  base,
  found,
  sources,
  stage,
  limit,
}: {
  readonly base: Row;
  readonly found: Evaluation;
  readonly sources: Columns;
  readonly stage: ExpandStage;
  readonly limit: number;
}): Iterable<Row> {
  const lists = stage.items.map((item) => ({
    item,
    elements: elementsOf(sources.get(item.name)?.evaluate(found) ?? null),
  }));
  const length = Math.min(limit, Math.max(...lists.map(({ elements }) => elements.length)));
  for (let position = 0; position < length; position += 1) {
    const made = lists.map(({ item, elements }): [string, Value] => [
      item.name,
      conforms(elements[position] ?? null, item.type),
    ]);
    const numbered = stage.indexName === undefined ? [] : [[stage.indexName, position] as const];
    yield Object.fromEntries([...Object.entries(base), ...made, ...numbered]);
  }
}

/** An empty array gives no row, anything but an array or a bag gives one: Kusto's article on `mv-expand`. */
function elementsOf(value: Value): readonly Value[] {
  if (Array.isArray(value)) return value as readonly Json[];
  if (isObject(value)) return Object.entries(value).map(([name, one]) => ({ [name]: one ?? null }));
  return [value];
}

function typeOf({ type, at }: Item): Pick<Scalar, 'type' | 'real'> {
  const found = columnTypes.get(type ?? 'dynamic');
  if (found !== undefined) return found;
  throw new KustoError(
    'ParserFailure',
    at,
    `There is no type ${type ?? ''}. Use one of ${[...columnTypes.keys()].join(', ')}.`,
  );
}
