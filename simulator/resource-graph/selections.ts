import type { CompiledQuery, Selection } from '../kusto/compile-query';
import type { World } from '../world';
import type { PageRequest } from './page-request';
import { rowsAt } from './rows-at';
import type { Scope } from './scope';

/** As many answers as are paged through at the same time, more or less. */
const most = 8;

/** Answers that were begun, so that their next page need not select and sort again; the moment makes them again. */
const begun = new WeakMap<World, Map<string, Selection>>();

/** The rows of an answer. Rows that come in pages are in order of their ids where the query does not order them. */
export function selectRows(
  compiled: CompiledQuery,
  { page, scope }: { readonly page: PageRequest; readonly scope: Scope },
  world: World,
): Selection {
  const { moment, question, top, continued } = page;
  const key = JSON.stringify([question, scope.above, scope.reader, moment]);
  const known = begun.get(world)?.get(key);
  if (known) return known;
  const selected = compiled.select(rowsAt(world, moment, scope), moment.time);
  const inPages = continued || selected.total > page.skip + top;
  if (!inPages || !compiled.columns.includes('id')) return selected;
  const stable = compiled.ordered ? selected : selected.orderedBy('id');
  remember(world, key, stable);
  return stable;
}

function remember(world: World, key: string, selection: Selection): void {
  const known = begun.get(world) ?? new Map<string, Selection>();
  begun.set(world, known);
  const [oldest] = known.keys();
  if (known.size >= most && oldest !== undefined) known.delete(oldest);
  known.set(key, selection);
}
