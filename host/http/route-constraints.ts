import { isDateTime } from './date-time-text';

/** Whether a value, decoded, may stand in a place of a route; undefined is a catch-all without one. */
export type RouteConstraint = (value: string | undefined) => boolean;

type Test = (value: string) => boolean;

const [int32, int64] = [2n ** 31n, 2n ** 63n];
const hexGuid = '[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}';
const hexParts = String.raw`\{0x[0-9a-f]{1,8}(?:,0x[0-9a-f]{1,4}){2},\{0x[0-9a-f]{1,2}(?:,0x[0-9a-f]{1,2}){7}\}\}`;
const guid = new RegExp(
  String.raw`^(?:[0-9a-f]{32}|${hexGuid}|\{${hexGuid}\}|\(${hexGuid}\)|${hexParts})$`,
  'i',
);
// What .NET takes for a number: blanks around it, a sign, commas between digits.
const blanks = '[\\t-\\r ]*';
const integer = new RegExp(`^${blanks}[+-]?\\d+${blanks}$`);
const digits = String.raw`(?:\d[\d,]*(?:\.\d*)?|\.\d+)`;
const decimal = new RegExp(
  `^${blanks}(?:[+-]?${digits}${blanks}|${digits}${blanks}[+-]${blanks})$`,
);
const real = new RegExp(`^${blanks}[+-]?${digits}(?:e[+-]?\\d+)?${blanks}$`, 'i');
const special = /^\s*[+-]?(?:nan|infinity|∞)\s*$/i;
const largestDecimal = 2n ** 96n;

/** Those without arguments. */
const plain: Readonly<Record<string, Test>> = {
  int: (value) => isWithin(value, -int32, int32 - 1n),
  long: (value) => isWithin(value, -int64, int64 - 1n),
  bool: (value) => /^[\s\0]*(?:true|false)[\s\0]*$/i.test(value),
  datetime: isDateTime,
  decimal: isDecimal,
  double: (value) => real.test(value) || special.test(value),
  float: (value) => real.test(value) || special.test(value),
  guid: (value) => guid.test(value.trim()),
  alpha: (value) => /^[a-z]*\n?$/i.test(value), // in .NET, $ also stands before a last line feed
  required: (value) => value !== '',
  file: isFileName,
};

/** Those with numbers as arguments, by how many they take. */
const counted: Readonly<Record<string, Readonly<Record<number, (args: bigint[]) => Test>>>> = {
  minlength: { 1: ([least = 0n]) => hasLength(least, int32) },
  maxlength: { 1: ([most = 0n]) => hasLength(0n, most) },
  length: {
    1: ([exact = 0n]) => hasLength(exact, exact),
    2: ([least = 0n, most = 0n]) => hasLength(least, most),
  },
  min: { 1: ([least = 0n]) => isBetween(least, int64 - 1n) },
  max: { 1: ([most = 0n]) => isBetween(-int64, most) },
  range: { 2: ([least = 0n, most = 0n]) => isBetween(least, most) },
};

/**
 * Understands one constraint, such as `int` or `range(1,9)`, as ASP.NET Core does.
 * @throws Error for one that ASP.NET Core does not have, and for wrong arguments
 */
export function constraintOf(text: string): RouteConstraint {
  const [, shown = text, args] = /^([^(]*)\((.*)\)$/s.exec(text) ?? [];
  const name = shown.toLowerCase();
  if (name === 'nonfile' && args === undefined) {
    return (value) => value === undefined || !isFileName(value);
  }
  const test = args === undefined ? own(plain, name) : withArguments(name, args);
  if (!test) throw new Error(`The route constraint "${text}" is not known.`);
  return (value) => value !== undefined && test(value);
}

function withArguments(name: string, args: string): Test | undefined {
  if (name === 'regex') {
    const pattern = new RegExp(args, 'i');
    return (value) => pattern.test(value);
  }
  const byCount = own(counted, name);
  const numbers = byCount ? args.split(',').map((arg) => toInteger(arg.trim())) : [];
  return byCount?.[numbers.length]?.(numbers);
}

function own<T>(table: Readonly<Record<string, T>>, name: string): T | undefined {
  return Object.hasOwn(table, name) ? table[name] : undefined;
}

function toInteger(text: string): bigint {
  if (/^[+-]?\d+$/.test(text)) return BigInt(text.replace('+', ''));
  throw new Error('A route constraint has an argument that is not a number.');
}

function isWithin(value: string, least: bigint, most: bigint): boolean {
  if (!integer.test(value)) return false;
  const number = BigInt(value.trim().replace('+', ''));
  return number >= least && number <= most;
}

function isBetween(least: bigint, most: bigint): Test {
  if (least > most) throw new Error('A route constraint has a range that ends before it begins.');
  return (value) => isWithin(value, -int64, int64 - 1n) && isWithin(value, least, most);
}

function hasLength(least: bigint, most: bigint): Test {
  if (least < 0n || least > most) {
    throw new Error('A route constraint asks for a length that nothing has.');
  }
  return ({ length }) => BigInt(length) >= least && BigInt(length) <= most;
}

function isDecimal(value: string): boolean {
  if (!decimal.test(value)) return false;
  const [whole = ''] = value.replace(/[\s,+-]/g, '').split('.');
  return BigInt(whole === '' ? '0' : whole) < largestDecimal;
}

/** The last segment has a dot with something else than dots behind it. */
function isFileName(value: string): boolean {
  const last = value.slice(value.lastIndexOf('/') + 1);
  return /\.\.*[^.]/.test(last);
}
