import { onlyParameter, parameterAt, parametersOf, typed } from './call';
import type { Call, ScalarFunction } from './call';
import { KustoError } from './kusto-error';
import type { Scalar, Value } from './scalar';

export const numberFunctions: ReadonlyMap<string, ScalarFunction> = new Map([
  ['round', round],
  ['floor', bin],
  ['bin', bin],
  ['ceiling', ofNumber(Math.ceil)],
  ['abs', ofNumber(Math.abs)],
  ['exp2', real(ofNumber((value) => 2 ** value))],
  ['pow', pow],
]);

function ofNumber(compute: (value: number) => number): ScalarFunction {
  return (call) => {
    const source = typed(onlyParameter(call), 'number');
    return {
      ...source,
      evaluate: (evaluation) => {
        const value = source.evaluate(evaluation);
        return typeof value === 'number' ? compute(value) + 0 : null;
      },
    };
  };
}

function real(compile: ScalarFunction): ScalarFunction {
  return (call) => ({ ...compile(call), real: true });
}

function pow(call: Call): Scalar {
  const base = typed(parameterAt(call, 0, 2), 'number');
  const exponent = typed(parameterAt(call, 1, 2), 'number');
  return {
    type: 'number',
    real: true,
    evaluate: (evaluation) => {
      const [value, power] = [base.evaluate(evaluation), exponent.evaluate(evaluation)];
      return typeof value === 'number' && typeof power === 'number' ? value ** power : null;
    },
  };
}

/** `round(value, digits)`. */
function round(call: Call): Scalar {
  const [value, digits] = parametersOf(call, 1, 2);
  const source = typed(value ?? parameterAt(call, 0, 1), 'number');
  const places = digits?.constant ?? 0;
  if (typeof places !== 'number') {
    throw new KustoError('TypeMismatch', call.at, 'The digits of round() are a literal number.');
  }
  const scale = 10 ** places;
  return {
    type: 'number',
    real: true,
    evaluate: (evaluation) => {
      const found = source.evaluate(evaluation);
      return typeof found === 'number' ? Math.round(found * scale) / scale : null;
    },
  };
}

/** `bin(value, size)`: the largest multiple of the size that is not larger, of numbers and of times. */
function bin(call: Call): Scalar {
  const value = parameterAt(call, 0, 2);
  const source = typed(value, 'number', 'datetime', 'timespan');
  const size = typed(parameterAt(call, 1, 2), source.type === 'number' ? 'number' : 'timespan');
  return {
    type: source.type,
    real: source.real === true || size.real === true,
    evaluate: (evaluation) => rounded(source.evaluate(evaluation), size.evaluate(evaluation)),
  };
}

function rounded(value: Value, size: Value): Value {
  if (typeof value === 'bigint' && typeof size === 'bigint' && size > 0n) {
    const rest = value % size;
    return value - (rest < 0n ? rest + size : rest);
  }
  if (typeof value !== 'number' || typeof size !== 'number' || size <= 0) return null;
  return Math.floor(value / size) * size;
}
