import type { Call, Parameter, ScalarFunction } from './call';
import { compileComparison } from './compare';
import { conversionFunctions } from './conversion-functions';
import { compileLiteral } from './literal';
import { KustoError } from './kusto-error';
import { compileMember } from './member';
import { compileMembership } from './membership';
import { nullFunctions } from './null-functions';
import type { Scalar } from './scalar';
import type { Expression, LiteralExpression } from './syntax';
import { textFunctions } from './text-functions';
import { timeFunctions } from './time-functions';

/** Columns an expression may name. */
export type Columns = ReadonlyMap<string, Scalar>;

type Kind<K extends Expression['kind']> = Extract<Expression, { kind: K }>;

const functions: ReadonlyMap<string, ScalarFunction> = new Map([
  ...conversionFunctions,
  ...textFunctions,
  ...nullFunctions,
  ...timeFunctions,
]);

/** Turns syntax into a function of a row. @throws KustoError on unknown names and on types that do not fit. */
export function compileExpression(expression: Expression, columns: Columns): Scalar {
  const compile = (inner: Expression) => compileExpression(inner, columns);
  switch (expression.kind) {
    case 'literal':
      return compileLiteral(expression);
    case 'column':
      return columnNamed(expression, columns);
    case 'member':
      return compileMember(expression, compile(expression.source));
    case 'call':
      return compileCall(expression, columns);
    case 'comparison': {
      const { left, right } = expression;
      return compileComparison({ ...expression, left: compile(left), right: compile(right) });
    }
    case 'in': {
      const list = expression.list.map((item) => compileLiteral(literalIn(item)));
      return compileMembership({ ...expression, subject: compile(expression.subject), list });
    }
    case 'logical':
      return compileLogical(expression, columns);
  }
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
  const compile = functions.get(name);
  if (compile === undefined) {
    throw new KustoError(
      'UnknownFunction',
      at,
      `The function ${name}() is not available. Use one of ${[...functions.keys()].sort().join(', ')}.`,
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
  switch (expression.type) {
    case 'text':
      return { at, scalar, constant: expression.text };
    case 'number':
      return { at, scalar, constant: Number(expression.text) };
    case 'bool':
    case 'datetime':
    case 'timespan':
      return { at, scalar };
  }
}

function literalIn(expression: Expression): LiteralExpression {
  if (expression.kind === 'literal') return expression;
  throw new KustoError(
    'InvalidQueryLanguage',
    expression.at,
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
