import { isObject } from '../json';
import type { Json } from '../json';
import { onlyParameter, parameterAt, parametersOf, typed } from './call';
import type { Call, ScalarFunction } from './call';
import { toJson, toText } from './convert';
import { KustoError } from './kusto-error';
import type { Scalar, Value } from './scalar';

/** Functions of arrays and property bags. */
export const arrayFunctions: ReadonlyMap<string, ScalarFunction> = new Map([
  ['bag_keys', bagKeys],
  ['bag_pack', pack],
  ['pack', pack],
  ['pack_array', packArray],
  ['array_concat', arrayConcat],
  ['set_has_element', setHasElement],
  ['strcat_array', strcatArray],
]);

function itemsOf(value: Value): readonly Json[] | undefined {
  return Array.isArray(value) ? (value as readonly Json[]) : undefined;
}

function bagKeys(call: Call): Scalar {
  const source = typed(onlyParameter(call), 'dynamic');
  return {
    type: 'dynamic',
    evaluate: (evaluation) => {
      const bag = source.evaluate(evaluation);
      return isObject(bag) ? Object.keys(bag) : null;
    },
  };
}

/** `bag_pack('name', value, …)`. */
function pack(call: Call): Scalar {
  const parameters = parametersOf(call, 2, 64);
  if (parameters.length % 2 === 1) {
    throw new KustoError('TypeMismatch', call.at, `${call.name}() needs pairs. Add a value.`);
  }
  const scalars = parameters.map(({ scalar }) => scalar);
  return {
    type: 'dynamic',
    evaluate: (evaluation) => {
      const values = scalars.map(({ type, evaluate }) => toJson(evaluate(evaluation), type));
      const pairs = values.flatMap((value, index): [string, Json][] =>
        index % 2 === 1 ? [[toText(values[index - 1] ?? null, 'dynamic'), value]] : [],
      );
      return Object.fromEntries(pairs);
    },
  };
}

function packArray(call: Call): Scalar {
  const scalars = parametersOf(call, 1, 64).map(({ scalar }) => scalar);
  return {
    type: 'dynamic',
    evaluate: (evaluation) =>
      scalars.map(({ type, evaluate }) => toJson(evaluate(evaluation), type)),
  };
}

/** Null when one of them is no array. */
function arrayConcat(call: Call): Scalar {
  const sources = parametersOf(call, 1, 64).map((parameter) => typed(parameter, 'dynamic'));
  return {
    type: 'dynamic',
    evaluate: (evaluation) => {
      const arrays = sources.map((source) => itemsOf(source.evaluate(evaluation)));
      return arrays.every((array) => array !== undefined) ? arrays.flat() : null;
    },
  };
}

function setHasElement(call: Call): Scalar {
  const source = typed(parameterAt(call, 0, 2), 'dynamic');
  const { scalar } = parameterAt(call, 1, 2);
  return {
    type: 'bool',
    evaluate: (evaluation) => {
      const wanted = toJson(scalar.evaluate(evaluation), scalar.type);
      return itemsOf(source.evaluate(evaluation))?.includes(wanted) ?? false;
    },
  };
}

function strcatArray(call: Call): Scalar {
  const source = typed(parameterAt(call, 0, 2), 'dynamic');
  const delimiter = typed(parameterAt(call, 1, 2), 'string');
  return {
    type: 'string',
    evaluate: (evaluation) => {
      const items = itemsOf(source.evaluate(evaluation)) ?? [];
      return items
        .map((item) => toText(item, 'dynamic'))
        .join(toText(delimiter.evaluate(evaluation), 'string'));
    },
  };
}
