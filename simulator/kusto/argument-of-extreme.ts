import type { Aggregate } from './aggregates';
import { compileExpression } from './compile-expression';
import type { Columns } from './compile-expression';
import { nameOf } from './implied-name';
import { KustoError } from './kusto-error';
import type { Evaluation, Scalar, Value } from './scalar';
import type { CallExpression, Expression } from './syntax';

interface NamedAggregate {
  readonly name: string;
  readonly aggregate: Aggregate;
}

/** `arg_max(key, *)` or `arg_max(key, a, b)`: the columns of the row with the largest key. */
export function compileArgument(
  { at, name, parameters }: CallExpression,
  givenName: string | undefined,
  columns: Columns,
): readonly NamedAggregate[] {
  const [key, ...wanted] = parameters;
  if (key === undefined || key.kind === 'star' || wanted.length === 0) {
    throw new KustoError('TypeMismatch', at, `${name}() takes a key and columns. Add them.`);
  }
  const keyScalar = compileExpression(key, columns);
  const keyName = givenName ?? nameOf(key);
  const sign = name === 'arg_max' ? 1 : -1;
  const others = wanted.flatMap((one) => columnsIn(one, columns));
  return [[keyName, keyScalar] as const, ...others.filter(([other]) => other !== keyName)].map(
    ([column, scalar]) => ({
      name: column,
      aggregate: valueAtExtreme({ key: keyScalar, sign }, scalar),
    }),
  );
}

function columnsIn(
  expression: Expression,
  columns: Columns,
): readonly (readonly [string, Scalar])[] {
  if (expression.kind === 'star') return [...columns];
  return [[nameOf(expression), compileExpression(expression, columns)]];
}

function valueAtExtreme(
  { key, sign }: { readonly key: Scalar; readonly sign: number },
  scalar: Scalar,
): Aggregate {
  return {
    type: scalar.type,
    real: scalar.real === true,
    start: () => {
      let best: { readonly key: Value; readonly row: Evaluation } | undefined;
      return {
        add: (row) => {
          const found = key.evaluate(row);
          if (best === undefined || isBeyond(found, best.key, sign)) best = { key: found, row };
        },
        result: () => (best === undefined ? null : scalar.evaluate(best.row)),
      };
    },
  };
}

/** Null is behind everything, whichever way. */
function isBeyond(value: Value, best: Value, sign: number): boolean {
  if (value === null) return false;
  if (best === null) return true;
  return sign === 1 ? value > best : value < best;
}
