import { objectAt, objectsAt, textAt } from '../json';
import type { Json, JsonObject } from '../json';
import { compileQuery } from '../kusto/compile-query';
import { KustoError } from '../kusto/kusto-error';
import type { TableSource } from '../kusto/plan';

const defaultRows = 10;

/** Counts by an expression over the whole answer, for each facet that the request asks for. */
export function facetsOf(body: Json | undefined, source: TableSource, now: number): JsonObject[] {
  const query = textAt(body, 'query') ?? '';
  return objectsAt(body, 'facets').map((facet) => {
    const expression = textAt(facet, 'expression') ?? '';
    try {
      return facetOf({ query, expression, options: objectAt(facet, 'options') }, source, now);
    } catch (error) {
      if (!(error instanceof KustoError)) throw error;
      const { code, message } = error;
      return { expression, resultType: 'FacetError', errors: [{ code, message }] };
    }
  });
}

function facetOf(
  asked: { query: string; expression: string; options: JsonObject },
  source: TableSource,
  now: number,
): JsonObject {
  const { query, expression, options } = asked;
  const filter = textAt(options, 'filter');
  const sortBy = textAt(options, 'sortBy') ?? 'count';
  const order = textAt(options, 'sortOrder') === 'asc' ? 'asc' : 'desc';
  const facetQuery = [
    query,
    `summarize count = count() by ${expression}`,
    ...(filter === undefined ? [] : [`where ${filter}`]),
    `order by ${sortBy} ${order}`,
  ].join('\n| ');
  const selection = compileQuery(facetQuery).select(source, now);
  const top = options['$top'];
  const data = selection.rows(0, typeof top === 'number' ? top : defaultRows);
  return {
    expression,
    resultType: 'FacetResult',
    totalRecords: selection.total,
    count: data.length,
    data,
  };
}
