import { onlyParameter, parameterAt, parametersOf, typed } from './call';
import type { Call, ScalarFunction } from './call';
import { toText } from './convert';
import { KustoError } from './kusto-error';
import { kustoRegExp } from './regular-expression';
import type { Evaluation, Scalar } from './scalar';

export const textFunctions: ReadonlyMap<string, ScalarFunction> = new Map([
  ['tolower', textToText((text) => text.toLowerCase())],
  ['toupper', textToText((text) => text.toUpperCase())],
  ['strcat', strcat],
  ['split', split],
  ['extract', extract],
]);

function textToText(change: (text: string) => string): ScalarFunction {
  return (call) => {
    const read = textReader(typed(onlyParameter(call), 'string'));
    return { type: 'string', evaluate: (evaluation) => change(read(evaluation)) };
  };
}

export function textReader(scalar: Scalar): (evaluation: Evaluation) => string {
  return (evaluation) => toText(scalar.evaluate(evaluation), scalar.type);
}

function strcat(call: Call): Scalar {
  const parts = parametersOf(call, 1, 64).map(({ scalar }) => textReader(scalar));
  return {
    type: 'string',
    evaluate: (evaluation) => parts.map((read) => read(evaluation)).join(''),
  };
}

/** The parts; with a third argument an array of that one part, or an empty array. */
function split(call: Call): Scalar {
  const [source, , wanted] = parametersOf(call, 2, 3);
  if (source === undefined) throw new Error('split() has no argument.');
  const read = textReader(typed(source, 'string'));
  const delimiter = constantText(call, 1, call.parameters.length);
  if (delimiter === '') {
    throw new KustoError('TypeMismatch', call.at, 'split() needs a delimiter. Give a text.');
  }
  const index = wanted?.constant;
  if (wanted !== undefined && typeof index !== 'number') {
    throw new KustoError('TypeMismatch', wanted.at, 'The index of split() is a literal number.');
  }
  return {
    type: 'dynamic',
    evaluate: (evaluation) => {
      const parts = read(evaluation).split(delimiter);
      return typeof index === 'number' ? parts.slice(index, index + 1) : parts;
    },
  };
}

/** `extract(regex, group, text)`: the group of the first match, or the empty text. */
function extract(call: Call): Scalar {
  const pattern = kustoRegExp(constantText(call, 0, 3), { at: call.at, user: 'extract()' });
  const group = parameterAt(call, 1, 3).constant;
  if (typeof group !== 'number') {
    throw new KustoError('TypeMismatch', call.at, 'The group of extract() is a literal number.');
  }
  const read = textReader(typed(parameterAt(call, 2, 3), 'string'));
  return {
    type: 'string',
    evaluate: (evaluation) => pattern.exec(read(evaluation))?.[group] ?? '',
  };
}

export function constantText(call: Call, index: number, count: number): string {
  const { at, constant } = parameterAt(call, index, count);
  if (typeof constant === 'string') return constant;
  throw new KustoError('TypeMismatch', at, `${call.name}() needs a literal text here.`);
}
