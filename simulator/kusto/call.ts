import { implicitly } from './convert';
import { KustoError } from './kusto-error';
import type { Position } from './kusto-error';
import type { Scalar, ScalarType } from './scalar';

/** A function call whose arguments are compiled. */
export interface Call {
  readonly at: Position;
  readonly name: string;
  readonly parameters: readonly Parameter[];
}

export interface Parameter {
  readonly at: Position;
  readonly scalar: Scalar;
  /** Set for literals: some functions insist on a constant. */
  readonly constant?: string | number | undefined;
}

export type ScalarFunction = (call: Call) => Scalar;

/** The arguments of a call, if there are between `least` and `most`. */
export function parametersOf(
  { at, name, parameters }: Call,
  least: number,
  most = least,
): readonly Parameter[] {
  if (parameters.length >= least && parameters.length <= most) return parameters;

  const wanted = least === most ? String(least) : `${least} to ${most}`;
  const noun = most === 1 ? 'argument' : 'arguments';
  throw new KustoError(
    'TypeMismatch',
    at,
    `${name}() takes ${wanted} ${noun}, not ${parameters.length}. Add or remove some.`,
  );
}

/** The only argument of a call. */
export function onlyParameter(call: Call): Parameter {
  return parameterAt(call, 0, 1);
}

/** Argument `index` of a call that takes exactly `count`. */
export function parameterAt(call: Call, index: number, count: number): Parameter {
  const parameter = parametersOf(call, count)[index];
  if (parameter === undefined) throw new Error(`${call.name}() has no argument ${index}.`);
  return parameter;
}

/** The argument as one of `types`; dynamic converts to the first of them. */
export function typed({ at, scalar }: Parameter, ...types: readonly ScalarType[]): Scalar {
  if (types.includes(scalar.type)) return scalar;
  const [first] = types;
  const converted = first === undefined ? undefined : implicitly(scalar, first);
  if (converted !== undefined) return converted;

  throw new KustoError(
    'TypeMismatch',
    at,
    `Expected ${types.join(' or ')}, found ${scalar.type}. Cast the argument.`,
  );
}
