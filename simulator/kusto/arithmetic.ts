import { KustoError } from './kusto-error';
import type { Position } from './kusto-error';
import type { Scalar, ScalarType, Value } from './scalar';

/** `left + right` and so on, of two compiled expressions. */
export interface Arithmetic {
  readonly at: Position;
  readonly operator: string;
  readonly left: Scalar;
  readonly right: Scalar;
}

type Compute<T> = (left: T, right: T) => T | null;

const whole: Readonly<Record<string, Compute<number>>> = {
  '+': (left, right) => left + right,
  '-': (left, right) => left - right,
  '*': (left, right) => left * right,
  '/': (left, right) => (right === 0 ? null : Math.trunc(left / right)),
  '%': (left, right) => (right === 0 ? null : left % right),
};
const real: Readonly<Record<string, Compute<number>>> = {
  ...whole,
  '/': (left, right) => (right === 0 ? null : left / right),
};
const ticks: Readonly<Record<string, Compute<bigint>>> = {
  '+': (left, right) => left + right,
  '-': (left, right) => left - right,
};

/** What adding and subtracting times gives. */
const times: Readonly<Record<string, ScalarType>> = {
  'datetime - datetime': 'timespan',
  'datetime - timespan': 'datetime',
  'datetime + timespan': 'datetime',
  'timespan + timespan': 'timespan',
  'timespan - timespan': 'timespan',
};

/** Whole numbers divide to whole numbers. Dynamic values are refused, as Kusto wants a cast. @throws KustoError */
export function compileArithmetic({ at, operator, left, right }: Arithmetic): Scalar {
  const time = times[`${left.type} ${operator} ${right.type}`];
  const onTicks = ticks[operator];
  if (time !== undefined && onTicks !== undefined) {
    return { type: time, evaluate: applied(left, right, onValues(isTicks, onTicks)) };
  }
  const isReal = left.real === true || right.real === true;
  const compute = (isReal ? real : whole)[operator];
  if (left.type !== 'number' || right.type !== 'number' || compute === undefined) {
    throw new KustoError(
      'TypeMismatch',
      at,
      `'${operator}' cannot compute with ${left.type} and ${right.type}. Cast both sides, for example with toint().`,
    );
  }
  return {
    type: 'number',
    real: isReal,
    evaluate: applied(left, right, onValues(isNumber, compute)),
  };
}

function applied(
  left: Scalar,
  right: Scalar,
  compute: (left: Value, right: Value) => Value,
): Scalar['evaluate'] {
  return (evaluation) => compute(left.evaluate(evaluation), right.evaluate(evaluation));
}

/** Null as soon as one side is. */
function onValues<T extends Value>(
  fits: (value: Value) => value is T,
  compute: Compute<T>,
): (left: Value, right: Value) => Value {
  return (left, right) => (fits(left) && fits(right) ? compute(left, right) : null);
}

function isTicks(value: Value): value is bigint {
  return typeof value === 'bigint';
}

function isNumber(value: Value): value is number {
  return typeof value === 'number';
}
