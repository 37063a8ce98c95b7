import type { Json } from '../json';
import { formatDatetime, formatTimespan, parseDatetime, parseTimespan } from './datetime';
import type { Scalar, ScalarType, Value } from './scalar';

/** `tostring`: null is the empty text, objects and arrays are their JSON. */
export function toText(value: Value, type: ScalarType): string {
  if (typeof value === 'string') return value;
  if (value === null) return '';
  if (typeof value === 'bigint') {
    return type === 'timespan' ? formatTimespan(value) : formatDatetime(value);
  }
  return JSON.stringify(value);
}

/** `tobool`: texts other than true and false are null, numbers other than zero are true. */
export function toBool(value: Value): boolean | null {
  if (typeof value === 'boolean') return value;
  if (typeof value === 'number') return value !== 0;
  if (typeof value !== 'string') return null;
  const word = value.toLowerCase();
  return word === 'true' ? true : word === 'false' ? false : null;
}

/** A decimal number, or null. */
export function toNumber(value: Value): number | null {
  if (typeof value === 'number') return value;
  if (typeof value === 'boolean') return value ? 1 : 0;
  if (typeof value !== 'string' || !/^\s*[+-]?\d+(?:\.\d+)?\s*$/.test(value)) return null;
  return Number(value);
}

/** `toint`: towards zero; null outside 32 bits. */
export function toInt(value: Value): number | null {
  const number = toNumber(value);
  if (number === null) return null;
  const whole = Math.trunc(number) + 0;
  return whole >= -(2 ** 31) && whole < 2 ** 31 ? whole : null;
}

export function toDatetime(value: Value): bigint | null {
  if (typeof value === 'bigint') return value;
  return typeof value === 'string' ? parseDatetime(value) : null;
}

export function toTimespan(value: Value): bigint | null {
  if (typeof value === 'bigint') return value;
  return typeof value === 'string' ? parseTimespan(value) : null;
}

const fromDynamic: Readonly<Record<ScalarType, (value: Value) => Value>> = {
  string: (value) => toText(value, 'dynamic'),
  bool: toBool,
  number: toNumber,
  datetime: toDatetime,
  timespan: toTimespan,
  dynamic: (value) => value,
};

/** The scalar as `type`: dynamic values convert by themselves; `undefined` if Kusto would ask for a cast. */
export function implicitly(scalar: Scalar, type: ScalarType): Scalar | undefined {
  if (scalar.type === type) return scalar;
  if (scalar.type !== 'dynamic') return undefined;

  const convert = fromDynamic[type];
  return { type, real: true, evaluate: (evaluation) => convert(scalar.evaluate(evaluation)) };
}

/** The value as the answer's JSON holds it. */
export function toJson(value: Value, type: ScalarType): Json {
  return typeof value === 'bigint' ? toText(value, type) : value;
}
