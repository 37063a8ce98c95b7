import { onlyParameter, typed } from './call';
import type { ScalarFunction } from './call';
import { toBool, toDatetime, toInt, toText } from './convert';
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
