import { toDatetime, toTimespan } from './convert';
import type { Scalar, ScalarType, Value } from './scalar';

/** What Kusto's type names mean here. */
export const columnTypes: ReadonlyMap<string, Pick<Scalar, 'type' | 'real'>> = new Map([
  ['string', { type: 'string' }],
  ['guid', { type: 'string' }],
  ['bool', { type: 'bool' }],
  ['int', { type: 'number' }],
  ['long', { type: 'number' }],
  ['real', { type: 'number', real: true }],
  ['double', { type: 'number', real: true }],
  ['datetime', { type: 'datetime' }],
  ['timespan', { type: 'timespan' }],
  ['dynamic', { type: 'dynamic' }],
]);

const fits: Readonly<Record<ScalarType, (value: Value) => Value>> = {
  string: (value) => (typeof value === 'string' ? value : ''),
  bool: (value) => (typeof value === 'boolean' ? value : null),
  number: (value) => (typeof value === 'number' ? value : null),
  datetime: toDatetime,
  timespan: toTimespan,
  dynamic: (value) => value,
};

/** The value as the type, without converting it: what is of another type is null. */
export function conforms(value: Value, type: string | undefined): Value {
  return fits[columnTypes.get(type ?? 'dynamic')?.type ?? 'dynamic'](value);
}
