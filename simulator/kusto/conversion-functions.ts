import { onlyParameter, typed } from './call';
import type { ScalarFunction } from './call';
import type { Json } from '../json';
import { toBool, toDatetime, toInt, toNumber, toText, toTimespan } from './convert';
import type { ScalarType, Value } from './scalar';

const anyType: readonly ScalarType[] = [
  'dynamic',
  'string',
  'bool',
  'number',
  'datetime',
  'timespan',
];

export const conversionFunctions: ReadonlyMap<string, ScalarFunction> = new Map([
  ['tostring', conversion('string', anyType, toText)],
  ['tobool', conversion('bool', ['dynamic', 'bool', 'number', 'string'], toBool)],
  ['toint', conversion('number', ['dynamic', 'number', 'string', 'bool'], toInt)],
  ['tolong', conversion('number', ['dynamic', 'number', 'string', 'bool'], toWhole)],
  ['todouble', real(conversion('number', ['dynamic', 'number', 'string', 'bool'], toNumber))],
  ['toreal', real(conversion('number', ['dynamic', 'number', 'string', 'bool'], toNumber))],
  ['totimespan', conversion('timespan', ['dynamic', 'timespan', 'string'], toTimespan)],
  ['toguid', conversion('string', ['dynamic', 'string'], toText)],
  ['parse_json', conversion('dynamic', ['dynamic', 'string'], fromJson)],
  ['todynamic', conversion('dynamic', ['dynamic', 'string'], fromJson)],
  ['todatetime', conversion('datetime', ['dynamic', 'datetime', 'string'], toDatetime)],
]);

function conversion(
  type: ScalarType,
  accepted: readonly ScalarType[],
  convert: (value: Value, from: ScalarType) => Value,
): ScalarFunction {
  return (call) => {
    const source = typed(onlyParameter(call), ...accepted);
    return {
      type,
      evaluate: (evaluation) => convert(source.evaluate(evaluation), source.type),
    };
  };
}

function real(convert: ScalarFunction): ScalarFunction {
  return (call) => ({ ...convert(call), real: true });
}

/** `tolong`: towards zero. */
function toWhole(value: Value): number | null {
  const number = toNumber(value);
  return number === null ? null : Math.trunc(number) + 0;
}

/** A text that is no JSON stays a text. */
function fromJson(value: Value): Value {
  if (typeof value !== 'string') return value;
  try {
    return JSON.parse(value) as Json;
  } catch {
    return value;
  }
}
