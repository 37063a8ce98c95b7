import { KustoError } from './kusto-error';
import type { Position } from './kusto-error';
import type { Query, Stage } from './syntax';

/** "Limit of 3 join in a single query, 1 of which may be a cross-table join": the query language article. */
const mostOperands = 3;
const mostExpansions = 3;
/** "If all cross-table join use is between Resource and ResourceContainers, then 3 cross-table join are allowed." */
const plainTables = ['resources', 'resourcecontainers'];

/** @throws KustoError at the first operator beyond what Resource Graph takes in one query. */
export function refuseTooMany(query: Query): void {
  const operands = [...operandsOf(query)];
  const others = operands.filter(({ table }) => !plainTables.includes(table.toLowerCase()));
  refuse(
    operands[mostOperands],
    `The query has more than ${mostOperands} join and union operands.`,
  );
  refuse(
    others[1],
    'The query joins more than one table besides resources and resourcecontainers.',
  );
  const expansions = [...stagesOf(query)].filter(({ kind }) => kind === 'mv-expand');
  refuse(expansions[mostExpansions], `The query has more than ${mostExpansions} mv-expand.`);
}

function refuse(found: { readonly at: Position } | undefined, problem: string): void {
  if (found === undefined) return;
  throw new KustoError(
    'DisallowedMaxNumberOfRemoteTables',
    found.at,
    `${problem} Split it into several queries.`,
  );
}

function* operandsOf(query: Query): Generator<Query> {
  for (const stage of stagesOf(query)) {
    if (stage.kind === 'join') yield stage.right;
    if (stage.kind === 'union') yield* stage.others;
  }
}

/** Rows that one operator may make; the real service gives up on such queries too, at a limit it does not publish. */
const mostRows = 200_000;

/** The rows, as long as they are not too many. @throws KustoError */
export function* bounded<T>(
  rows: Iterable<T>,
  { kind, at }: Pick<Stage, 'kind' | 'at'>,
): Iterable<T> {
  let made = 0;
  for (const row of rows) {
    made += 1;
    if (made > mostRows) {
      throw new KustoError(
        'LimitsExceeded',
        at,
        `The ${kind} makes more than ${mostRows} rows. Filter before it, or join on a narrower key.`,
      );
    }
    yield row;
  }
}

/** How many items the longest list after `in` has, wherever in the query. */
export function longestList(node: unknown): number {
  if (typeof node !== 'object' || node === null) return 0;
  const own = 'kind' in node && node.kind === 'in' && 'list' in node ? node.list : undefined;
  const length = Array.isArray(own) ? own.length : 0;
  return Math.max(length, ...Object.values(node).map(longestList));
}

function* stagesOf({ stages }: Query): Generator<Stage> {
  for (const stage of stages) {
    yield stage;
    if (stage.kind === 'join') yield* stagesOf(stage.right);
    if (stage.kind === 'union') for (const other of stage.others) yield* stagesOf(other);
  }
}
