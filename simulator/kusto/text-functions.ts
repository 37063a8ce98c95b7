import { onlyParameter, parameterAt, parametersOf, typed } from './call';
import type { Call, ScalarFunction } from './call';
import { toText } from './convert';
import { KustoError } from './kusto-error';
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

function textReader(scalar: Scalar): (evaluation: Evaluation) => string {
  return (evaluation) => toText(scalar.evaluate(evaluation), scalar.type);
}

function strcat(call: Call): Scalar {
  const parts = parametersOf(call, 1, 64).map(({ scalar }) => textReader(scalar));
  return {
    type: 'string',
    evaluate: (evaluation) => parts.map((read) => read(evaluation)).join(''),
  };
}

function split(call: Call): Scalar {
  const read = textReader(typed(parameterAt(call, 0, 2), 'string'));
  const delimiter = constantText(call, 1, 2);
  if (delimiter === '') {
    throw new KustoError('TypeMismatch', call.at, 'split() needs a delimiter. Give a text.');
  }
  return { type: 'dynamic', evaluate: (evaluation) => read(evaluation).split(delimiter) };
}

/** `extract(regex, group, text)`: the group of the first match, or the empty text. */
function extract(call: Call): Scalar {
  const pattern = regularExpression(call);
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

/** Kusto's expressions are RE2: without look-around and back references, which JavaScript would accept. */
function regularExpression(call: Call): RegExp {
  const source = constantText(call, 0, 3);
  const [, flag = '', body = ''] = /^(?:\(\?(i)\))?([^]*)$/.exec(source) ?? [];
  if (/\(\?(?!:)|\\[1-9k]/.test(body)) {
    throw new KustoError(
      'InvalidQueryLanguage',
      call.at,
      'The regular expression of extract() uses look-around, named groups or back references. Use plain groups.',
    );
  }
  try {
    return new RegExp(body, `u${flag}`);
  } catch {
    // RegExp only tells that the expression is wrong, in words about JavaScript.
    throw new KustoError(
      'InvalidQueryLanguage',
      call.at,
      `'${source}' is not a regular expression. Check its brackets and escapes.`,
    );
  }
}

function constantText(call: Call, index: number, count: number): string {
  const { at, constant } = parameterAt(call, index, count);
  if (typeof constant === 'string') return constant;
  throw new KustoError('TypeMismatch', at, `${call.name}() needs a literal text here.`);
}
