import { compileExpression } from './compile-expression';
import type { Columns } from './compile-expression';
import { KustoError } from './kusto-error';
import type { CompiledKey } from './order-rows';
import type { Evaluation, Scalar } from './scalar';
import type { NamedExpression, OrderKey } from './syntax';

/** @throws KustoError when two of them have the same name. */
export function compileColumns(named: readonly NamedExpression[], columns: Columns): Columns {
  const compiled = new Map<string, Scalar>();
  for (const { name, at, value } of named) {
    if (compiled.has(name)) {
      throw new KustoError('UnresolvedColumn', at, `There are two columns '${name}'. Rename one.`);
    }
    compiled.set(name, rememberLast(compileExpression(value, columns)));
  }
  return compiled;
}

/** A column that later stages name more than once is evaluated once per row. */
function rememberLast({ evaluate, ...scalar }: Scalar): Scalar {
  let last: { readonly of: Evaluation; readonly value: ReturnType<typeof evaluate> } | undefined;
  return {
    ...scalar,
    evaluate: (evaluation) => {
      if (last?.of !== evaluation) last = { of: evaluation, value: evaluate(evaluation) };
      return last.value;
    },
  };
}

/** Columns by which rows are grouped or told apart. @throws KustoError for dynamic ones. */
export function compileGroups(named: readonly NamedExpression[], columns: Columns): Columns {
  const groups = compileColumns(named, columns);
  for (const { name, at } of named) {
    if (groups.get(name)?.type !== 'dynamic') continue;
    throw new KustoError(
      'TypeMismatch',
      at,
      `The group key '${name}' is of a dynamic type. Use an explicit cast, for example tostring().`,
    );
  }
  return groups;
}

/** @throws KustoError for a dynamic value. */
export function compileKey({ value, direction, nulls }: OrderKey, columns: Columns): CompiledKey {
  const scalar = compileExpression(value, columns);
  if (scalar.type !== 'dynamic') return { scalar, direction, nulls };
  throw new KustoError(
    'TypeMismatch',
    value.at,
    'Rows cannot be ordered by a dynamic value. Cast it, for example with tostring().',
  );
}
