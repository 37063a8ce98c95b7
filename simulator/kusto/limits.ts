import { KustoError } from './kusto-error';
import type { Query, Stage } from './syntax';

/** "Limit of 3 join", "3 mv-expand", "3 union legs" in a query: Resource Graph's query language article. */
const most: Readonly<Record<string, number>> = { join: 3, 'mv-expand': 3, union: 3 };

/** @throws KustoError at the first operator beyond what Resource Graph takes in one query. */
export function refuseTooMany(query: Query): void {
  const counts = new Map<string, number>();
  for (const { kind, at } of stagesOf(query)) {
    const limit = most[kind];
    const count = (counts.get(kind) ?? 0) + 1;
    counts.set(kind, count);
    if (limit === undefined || count <= limit) continue;
    throw new KustoError(
      'DisallowedMaxNumberOfRemoteTables',
      at,
      `The query has more than ${limit} ${kind} operators. Split it into several queries.`,
    );
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
