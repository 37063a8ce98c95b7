import { onlyParameter, parameterAt, parametersOf, typed } from './call';
import type { Call, ScalarFunction } from './call';
import { KustoError } from './kusto-error';
import type { Scalar, Value } from './scalar';

/** Functions about missing values and choices. A text is never null, only empty. */
export const nullFunctions: ReadonlyMap<string, ScalarFunction> = new Map([
  ['isnull', test((value) => value === null)],
  ['isnotnull', test((value) => value !== null)],
  ['isempty', test(isEmpty)],
  ['isnotempty', test((value) => !isEmpty(value))],
  ['array_length', arrayLength],
  ['not', not],
  ['coalesce', coalesce],
  ['iff', iff],
  ['iif', iff],
  ['case', chosen],
]);

function isEmpty(value: Value): boolean {
  return value === null || value === '';
}

function test(predicate: (value: Value) => boolean): ScalarFunction {
  return (call) => {
    const { scalar } = onlyParameter(call);
    return { type: 'bool', evaluate: (evaluation) => predicate(scalar.evaluate(evaluation)) };
  };
}

/** Null for anything but an array. */
function arrayLength(call: Call): Scalar {
  const source = typed(onlyParameter(call), 'dynamic');
  return {
    type: 'number',
    evaluate: (evaluation) => {
      const value = source.evaluate(evaluation);
      return Array.isArray(value) ? value.length : null;
    },
  };
}

function not(call: Call): Scalar {
  const source = typed(onlyParameter(call), 'bool');
  return {
    type: 'bool',
    evaluate: (evaluation) => {
      const value = source.evaluate(evaluation);
      return value === null ? null : value !== true;
    },
  };
}

/** The first argument that is not null or, among texts, not empty. */
function coalesce(call: Call): Scalar {
  const scalars = parametersOf(call, 2, 64).map(({ scalar }) => scalar);
  const type = sameType(call, scalars);
  return {
    type,
    evaluate: (evaluation) => {
      for (const scalar of scalars) {
        const value = scalar.evaluate(evaluation);
        if (value !== null && (type !== 'string' || value !== '')) return value;
      }
      return type === 'string' ? '' : null;
    },
  };
}

/** Null decides like false. */
function iff(call: Call): Scalar {
  const condition = typed(parameterAt(call, 0, 3), 'bool');
  const { scalar: whenTrue } = parameterAt(call, 1, 3);
  const { scalar: otherwise } = parameterAt(call, 2, 3);
  return {
    type: sameType(call, [whenTrue, otherwise]),
    evaluate: (evaluation) =>
      (condition.evaluate(evaluation) === true ? whenTrue : otherwise).evaluate(evaluation),
  };
}

/** `case(condition, value, …, otherwise)`: the value of the first condition that is true. */
function chosen(call: Call): Scalar {
  const parameters = parametersOf(call, 3, 63);
  const otherwise = parameters.at(-1);
  if (otherwise === undefined || parameters.length % 2 === 0) {
    throw new KustoError('TypeMismatch', call.at, 'case() needs a last value. Add one.');
  }
  const choices = parameters.slice(0, -1).flatMap((condition, index) => {
    const value = parameters[index + 1];
    if (index % 2 === 1 || value === undefined) return [];
    return [{ condition: typed(condition, 'bool'), value: value.scalar }];
  });
  const last = otherwise.scalar;
  return {
    type: sameType(call, [...choices.map(({ value }) => value), last]),
    evaluate: (evaluation) => {
      const choice = choices.find(({ condition }) => condition.evaluate(evaluation) === true);
      return (choice?.value ?? last).evaluate(evaluation);
    },
  };
}

function sameType({ at, name }: Call, scalars: readonly Scalar[]): Scalar['type'] {
  const types = [...new Set(scalars.map(({ type }) => type))];
  const [type] = types;
  if (type !== undefined && types.length === 1) return type;
  throw new KustoError(
    'TypeMismatch',
    at,
    `${name}() mixes ${types.join(' and ')}. Cast its arguments to one type.`,
  );
}
