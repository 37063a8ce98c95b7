import { objectAt, textAt } from '../json';
import type { JsonObject } from '../json';
import { compileQuery } from '../kusto/compile-query';
import type { CompiledQuery } from '../kusto/compile-query';
import { KustoError } from '../kusto/kusto-error';
import { armError } from '../provider';
import type { ArmRequest, ArmResponse, ResourceProvider } from '../provider';
import { dataOf, invalidPage, invalidQuery, listTooLong, tooLarge } from '../resource-graph/answer';
import { facetsOf } from '../resource-graph/facets';
import { pageRequest, tokenFor } from '../resource-graph/page-request';
import type { PageRequest } from '../resource-graph/page-request';
import { rowsAt } from '../resource-graph/rows-at';
import { scopeOf } from '../resource-graph/scope';
import type { Scope } from '../resource-graph/scope';
import { selectRows } from '../resource-graph/selections';
import type { World } from '../world';

/** Microsoft.ResourceGraph: queries over all resources of the world, one page at a time. */
export const resourceGraphProvider: ResourceProvider = {
  namespace: 'Microsoft.ResourceGraph',
  routes: { 'POST /providers/Microsoft.ResourceGraph/resources': queryResources },
};

function queryResources({ body, principal }: ArmRequest, world: World): ArmResponse {
  const query = textAt(body, 'query');
  if (query === undefined) return armError(400, 'BadRequest', 'The request body needs a query.');
  const asked = objectAt(body)['subscriptions'];
  if (asked !== undefined && asked !== null && !Array.isArray(asked)) {
    return armError(400, 'BadRequest', 'subscriptions must be a list of subscription ids.');
  }
  const page = pageRequest(body, world);
  if (page === undefined) return invalidPage;
  try {
    return answer(
      compileQuery(query),
      { body, page, scope: scopeOf(body, { principal, world }) },
      world,
    );
  } catch (error) {
    if (!(error instanceof KustoError)) throw error;
    return invalidQuery(error);
  }
}

interface Asked {
  readonly body: ArmRequest['body'];
  readonly page: PageRequest;
  readonly scope: Scope;
}

function answer(compiled: CompiledQuery, { body, page, scope }: Asked, world: World): ArmResponse {
  const { mostInList } = world.behaviour.resourceGraph;
  if (mostInList !== undefined && compiled.longestList > mostInList) {
    return listTooLong(compiled.longestList, mostInList);
  }
  const selection = selectRows(compiled, { page, scope }, world);
  const skip = compiled.limited && !page.continued ? 0 : page.skip;
  const rows = selection.rows(skip, page.top);
  const refused = tooLarge(rows);
  if (refused) return refused;
  const asked = objectAt(body)['facets'] !== undefined;
  return {
    status: 200,
    body: {
      totalRecords: selection.total,
      count: rows.length,
      data: dataOf(body, rows, compiled),
      facets: asked ? facetsOf(body, rowsAt(world, page.moment, scope), page.moment.time) : [],
      ...continuation(compiled, { page, total: selection.total, skip, count: rows.length }),
    },
  };
}

/** "If it's missing from the query, the response won't include the $skipToken": the rest is then cut off. */
function continuation(
  { columns }: CompiledQuery,
  {
    page,
    total,
    skip,
    count,
  }: {
    readonly page: PageRequest;
    readonly total: number;
    readonly skip: number;
    readonly count: number;
  },
): JsonObject {
  const next = skip + count;
  if (next >= total || count === 0) return { resultTruncated: 'false' };
  if (!columns.includes('id')) return { resultTruncated: 'true' };
  return { resultTruncated: 'false', $skipToken: tokenFor(page, next) };
}
