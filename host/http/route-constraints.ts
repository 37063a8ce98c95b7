/** Whether a value, already decoded, may stand in a place of a route. */
export type RouteConstraint = (value: string) => boolean;

type Arguments = readonly string[];

const guid = /^[{(]?[0-9a-f]{8}-?(?:[0-9a-f]{4}-?){3}[0-9a-f]{12}[)}]?$/i;
const date =
  /^\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}(?:[T ]\d{1,2}:\d{2}(?::\d{2}(?:\.\d{1,7})?)?)?(?: ?[AP]M)?(?:Z| ?[+-]\d{2}:?\d{2})?$/i;
const decimal = /^\s*[+-]?(?:\d[\d,]*\.?\d*|\.\d+)\s*$/;
const real = /^\s*[+-]?(?:\d[\d,]*\.?\d*|\.\d+)(?:e[+-]?\d+)?\s*$/i;

const constraints: Readonly<Record<string, (args: Arguments) => RouteConstraint>> = {
  int: () => whole(-(2n ** 31n), 2n ** 31n - 1n),
  long: () => whole(-(2n ** 63n), 2n ** 63n - 1n),
  bool: () => (value) => /^\s*(?:true|false)\s*$/i.test(value),
  datetime: () => (value) => date.test(value) && !Number.isNaN(Date.parse(value)),
  decimal: () => (value) => decimal.test(value),
  double: () => (value) => real.test(value),
  float: () => (value) => real.test(value),
  guid: () => (value) => guid.test(value),
  alpha: () => (value) => /^[a-z]*$/i.test(value),
  required: () => (value) => value !== '',
  file: () => isFileName,
  nonfile: () => (value) => !isFileName(value),
  minlength:
    ([least]) =>
    (value) =>
      value.length >= toNumber(least),
  maxlength:
    ([most]) =>
    (value) =>
      value.length <= toNumber(most),
  length:
    ([least, most = least]) =>
    (value) =>
      value.length >= toNumber(least) && value.length <= toNumber(most),
  min: ([least]) => whole(toInteger(least), 2n ** 63n - 1n),
  max: ([most]) => whole(-(2n ** 63n), toInteger(most)),
  range: ([least, most]) => whole(toInteger(least), toInteger(most)),
};

/** @throws Error for a constraint that ASP.NET Core does not have */
export function constraintOf(name: string, args: string | undefined): RouteConstraint {
  if (name === 'regex') {
    const pattern = new RegExp((args ?? '').replaceAll('{{', '{').replaceAll('}}', '}'), 'i');
    return (value) => pattern.test(value);
  }
  const make = Object.hasOwn(constraints, name) ? constraints[name] : undefined;
  if (!make) throw new Error(`The route constraint "${name}" is not known.`);
  return make(args === undefined ? [] : args.split(',').map((arg) => arg.trim()));
}

function whole(least: bigint, most: bigint): RouteConstraint {
  return (value) => {
    if (!/^\s*[+-]?\d+\s*$/.test(value)) return false;
    const number = BigInt(value.trim().replace(/^\+/, ''));
    return number >= least && number <= most;
  };
}

function isFileName(value: string): boolean {
  return /\.[^./]+$/.test(value);
}

function toNumber(text: string | undefined): number {
  return Number(toInteger(text));
}

function toInteger(text: string | undefined): bigint {
  if (text === undefined || !/^-?\d+$/.test(text)) {
    throw new Error('A route constraint lacks the number that it needs.');
  }
  return BigInt(text);
}
