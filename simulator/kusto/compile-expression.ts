import { compileArithmetic } from './arithmetic';
import { compileBetween } from './between';
import type { Call, Parameter } from './call';
import { compileComparison } from './compare';
import { scalarFunctions } from './functions';
import { compileHasTerms } from './has-terms';
import { compileLiteral } from './literal';
import { KustoError } from './kusto-error';
import { compileIndex, compileMember } from './member';
import { compileMembership } from './membership';
import type { Scalar } from './scalar';
import type { Expression, LiteralExpression } from './syntax';

/** Columns an expression may name. */
export type Columns = ReadonlyMap<string, Scalar>;

type Kind<K extends Expression['kind']> = Expression & { readonly kind: K };

type Compilers = {
  readonly [K in Expression['kind']]: (expression: Kind<K>, columns: Columns) => Scalar;
};

const compilers: Compilers = {
  literal: compileLiteral,
  constant: ({ value }) => ({ type: 'dynamic', evaluate: () => value }),
  column: columnNamed,
  member: (expression, columns) =>
    compileMember(expression, compileExpression(expression.source, columns)),
  index: ({ at, source, key }, columns) =>
    compileIndex(at, compileExpression(source, columns), compileExpression(key, columns)),
  call: compileCall,
  comparison: ({ left, right, ...rest }, columns) =>
    compileComparison({
      ...rest,
      left: compileExpression(left, columns),
      right: compileExpression(right, columns),
    }),
  arithmetic: ({ left, right, ...rest }, columns) =>
    compileArithmetic({
      ...rest,
      left: compileExpression(left, columns),
      right: compileExpression(right, columns),
    }),
  between: ({ subject, low, high, ...rest }, columns) =>
    compileBetween({
      ...rest,
      subject: compileExpression(subject, columns),
      low: compileExpression(low, columns),
      high: compileExpression(high, columns),
    }),
  in: compileIn,
  logical: compileLogical,
  star: ({ at }) => {
    throw new KustoError('ParserFailure', at, "'*' is no value. Name a column.");
  },
};

/** Turns syntax into a function of a row. @throws KustoError on unknown names and on types that do not fit. */
export function compileExpression(expression: Expression, columns: Columns): Scalar {
  // The table has the right function for each kind; TypeScript cannot relate the two by itself.
  const compile = compilers[expression.kind] as (one: Expression, all: Columns) => Scalar;
  return compile(expression, columns);
}

/** A condition for `where`, `and`, `or`. Kusto wants a bool here and does not convert. */
export function compileCondition(expression: Expression, columns: Columns): Scalar {
  const scalar = compileExpression(expression, columns);
  if (scalar.type === 'bool') return scalar;
  throw new KustoError(
    'TypeMismatch',
    expression.at,
    `A condition is a bool, not a ${scalar.type}. Compare it or use tobool().`,
  );
}

function columnNamed({ name, at }: Kind<'column'>, columns: Columns): Scalar {
  const column = columns.get(name);
  if (column !== undefined) return column;
  throw new KustoError(
    'UnresolvedColumn',
    at,
    `There is no column '${name}' here. Check its spelling and case, or project it earlier.`,
  );
}

function compileCall({ at, name, parameters }: Kind<'call'>, columns: Columns): Scalar {
  const compile = scalarFunctions.get(name);
  if (compile === undefined) {
    throw new KustoError(
      'UnknownFunction',
      at,
      `The function ${name}() is not available. Use one of ${[...scalarFunctions.keys()].sort().join(', ')}.`,
    );
  }
  const call: Call = {
    at,
    name,
    parameters: parameters.map((parameter) => compileParameter(parameter, columns)),
  };
  return compile(call);
}

function compileParameter(expression: Expression, columns: Columns): Parameter {
  const scalar = compileExpression(expression, columns);
  const { at } = expression;
  if (expression.kind !== 'literal') return { at, scalar };
  const { type, text } = expression;
  if (type === 'text') return { at, scalar, constant: text };
  return type === 'number' ? { at, scalar, constant: Number(text) } : { at, scalar };
}

function compileIn({ at, operator, subject, list }: Kind<'in'>, columns: Columns): Scalar {
  const compiled = compileExpression(subject, columns);
  const literals = list.flatMap(literalsIn);
  const values = literals.map(compileLiteral);
  return operator === 'has_any' || operator === 'has_all'
    ? compileHasTerms({ at, operator, subject: compiled, terms: literals })
    : compileMembership({ at, operator, subject: compiled, list: values });
}

/** A list holds literals, or one `dynamic([…])` of them. */
function literalsIn(expression: Expression): readonly LiteralExpression[] {
  const { at } = expression;
  if (expression.kind === 'literal') return [expression];
  if (expression.kind === 'constant' && Array.isArray(expression.value)) {
    return expression.value.map((item: unknown) => ({
      kind: 'literal',
      at,
      type: typeof item === 'number' ? 'number' : 'text',
      text: String(item),
    }));
  }
  throw new KustoError(
    'InvalidQueryLanguage',
    at,
    'A list holds literals only. Compare with == instead.',
  );
}

/** Null counts as false, and the rest of a decided chain is not evaluated. */
function compileLogical({ operator, operands }: Kind<'logical'>, columns: Columns): Scalar {
  const conditions = operands.map((operand) => compileCondition(operand, columns));
  return {
    type: 'bool',
    evaluate: (evaluation) =>
      operator === 'and'
        ? conditions.every((condition) => condition.evaluate(evaluation) === true)
        : conditions.some((condition) => condition.evaluate(evaluation) === true),
  };
}
