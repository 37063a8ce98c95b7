import { textComparisons } from './compare-text';
import { implicitly, toText } from './convert';
import { kustoRegExp } from './regular-expression';
import { KustoError } from './kusto-error';
import type { Position } from './kusto-error';
import type { Scalar, ScalarType, Value } from './scalar';

type Compare = (left: Value, right: Value) => boolean | null;
type Quantity = number | bigint;

/** Two nulls are neither equal nor different: the answer is null, which `where` takes for false. */
const equalities: Readonly<Record<string, Compare>> = {
  '==': (left, right) => (left === null && right === null ? null : left === right),
  '!=': (left, right) => (left === null && right === null ? null : left !== right),
};

const orderings: Readonly<Record<string, Compare>> = {
  '<': ordering((left, right) => left < right),
  '<=': ordering((left, right) => left <= right),
  '>': ordering((left, right) => left > right),
  '>=': ordering((left, right) => left >= right),
};

/** A comparison of two compiled expressions. */
export interface Comparison {
  readonly at: Position;
  readonly operator: string;
  readonly left: Scalar;
  readonly right: Scalar;
}

/** @throws KustoError when the operator has no meaning for these types. */
export function compileComparison(comparison: Comparison): Scalar {
  if (comparison.operator === 'matches regex') return compileMatch(comparison);
  const testText = textComparisons.get(comparison.operator);
  if (testText === undefined) return compileQuantities(comparison);

  const { left, right } = bothAs('string', comparison);
  return {
    type: 'bool',
    evaluate: (evaluation) =>
      testText(
        toText(left.evaluate(evaluation), 'string'),
        toText(right.evaluate(evaluation), 'string'),
      ),
  };
}

/** `matches regex`: the pattern is a constant. */
function compileMatch(comparison: Comparison): Scalar {
  const { left, right } = bothAs('string', comparison);
  const source = toText(right.evaluate({ row: {}, now: undefined }), 'string');
  const pattern = kustoRegExp(source, { at: comparison.at, user: 'matches regex' });
  return {
    type: 'bool',
    evaluate: (evaluation) => pattern.test(toText(left.evaluate(evaluation), 'string')),
  };
}

function compileQuantities(comparison: Comparison): Scalar {
  const type = comparison.left.type === 'dynamic' ? comparison.right.type : comparison.left.type;
  const { left, right } = bothAs(type, comparison);
  const compare = equalities[comparison.operator] ?? orderingOf(type, comparison);
  return {
    type: 'bool',
    evaluate: (evaluation) => compare(left.evaluate(evaluation), right.evaluate(evaluation)),
  };
}

function bothAs(type: ScalarType, comparison: Comparison): { left: Scalar; right: Scalar } {
  const left = implicitly(comparison.left, type);
  const right = implicitly(comparison.right, type);
  const bothDynamic = comparison.left.type === 'dynamic' && comparison.right.type === 'dynamic';
  if (left === undefined || right === undefined || bothDynamic) throw mismatch(comparison);
  return { left, right };
}

function orderingOf(type: ScalarType, comparison: Comparison): Compare {
  const compare = orderings[comparison.operator];
  const isQuantity = type === 'number' || type === 'datetime' || type === 'timespan';
  if (compare === undefined || !isQuantity) throw mismatch(comparison);
  return compare;
}

function mismatch({ at, operator, left, right }: Comparison): KustoError {
  return new KustoError(
    'TypeMismatch',
    at,
    `'${operator}' cannot compare ${left.type} with ${right.type}. Cast one side, for example with tostring().`,
  );
}

function ordering(compare: (left: Quantity, right: Quantity) => boolean): Compare {
  return (left, right) => (isQuantity(left) && isQuantity(right) ? compare(left, right) : null);
}

function isQuantity(value: Value): value is Quantity {
  return typeof value === 'number' || typeof value === 'bigint';
}
