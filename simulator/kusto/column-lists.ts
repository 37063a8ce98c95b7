import type { Columns } from './compile-expression';
import { KustoError } from './kusto-error';
import type { Position } from './kusto-error';
import type { NamedExpression, Stage } from './syntax';

type KeepStage = Extract<Stage, { kind: 'project-away' | 'project-keep' }>;

/** `project-away` and `project-keep`: the order of the columns stays. @throws KustoError for unknown names. */
export function keepColumns({ kind, names }: KeepStage, columns: Columns): Columns {
  const named = new Set(names.flatMap((name) => matching(name, columns)));
  return new Map([...columns].filter(([name]) => named.has(name) === (kind === 'project-keep')));
}

function matching(
  { at, pattern }: KeepStage['names'][number],
  columns: Columns,
): readonly string[] {
  if (pattern.includes('*')) {
    const parts = pattern.split('*').map((part) => part.replace(/\W/g, '\\$&'));
    const wanted = new RegExp(`^${parts.join('.*')}$`);
    return [...columns.keys()].filter((name) => wanted.test(name));
  }
  if (columns.has(pattern)) return [pattern];
  throw unresolved(pattern, at);
}

/** `project-rename new = old`. @throws KustoError for anything but the name of a column. */
export function renameColumns(named: readonly NamedExpression[], columns: Columns): Columns {
  const renamed = new Map(named.map(({ name, at, value }) => [oldName(value, at), name]));
  for (const { at, value } of named) {
    const name = oldName(value, at);
    if (!columns.has(name)) throw unresolved(name, at);
  }
  return new Map(Array.from(columns, ([name, scalar]) => [renamed.get(name) ?? name, scalar]));
}

function oldName(value: NamedExpression['value'], at: Position): string {
  if (value.kind === 'column') return value.name;
  throw new KustoError('InvalidQueryLanguage', at, 'Only columns are renamed. Name one.');
}

function unresolved(name: string, at: Position): KustoError {
  return new KustoError(
    'UnresolvedColumn',
    at,
    `There is no column '${name}' here. Check its spelling and case, or project it earlier.`,
  );
}
