import { onlyParameter, parameterAt, parametersOf, typed } from './call';
import type { Call, ScalarFunction } from './call';
import { kustoRegExp } from './regular-expression';
import type { Scalar } from './scalar';
import { constantText, textReader } from './text-functions';

/** Functions that measure, cut and replace texts. */
export const textPartFunctions: ReadonlyMap<string, ScalarFunction> = new Map([
  ['strlen', strlen],
  ['string_size', stringSize],
  ['substring', substring],
  ['indexof', indexOf],
  ['replace_string', replaceString],
  ['replace_regex', replaceRegex],
  ['replace', replaceRegex],
  ['trim', trim],
  ['countof', countOf],
  ['strcat_delim', strcatDelimited],
  ['parse_version', parseVersion],
]);

function textOf(call: Call, index: number, count: number): ReturnType<typeof textReader> {
  return textReader(typed(parameterAt(call, index, count), 'string'));
}

function strlen(call: Call): Scalar {
  const read = textReader(typed(onlyParameter(call), 'string'));
  return { type: 'number', evaluate: (evaluation) => Array.from(read(evaluation)).length };
}

/** In bytes of UTF-8. */
function stringSize(call: Call): Scalar {
  const read = textReader(typed(onlyParameter(call), 'string'));
  return { type: 'number', evaluate: (evaluation) => Buffer.byteLength(read(evaluation)) };
}

/** `substring(text, start, length)`; a negative start counts from the end. */
function substring(call: Call): Scalar {
  const [source, from, length] = parametersOf(call, 2, 3);
  if (source === undefined || from === undefined) throw new Error('substring() has no arguments.');
  const read = textReader(typed(source, 'string'));
  const start = typed(from, 'number');
  const most = length === undefined ? undefined : typed(length, 'number');
  return {
    type: 'string',
    evaluate: (evaluation) => {
      const tail = read(evaluation).slice(Number(start.evaluate(evaluation)));
      return most === undefined ? tail : tail.slice(0, Number(most.evaluate(evaluation)));
    },
  };
}

function indexOf(call: Call): Scalar {
  const read = textOf(call, 0, 2);
  const part = textOf(call, 1, 2);
  return {
    type: 'number',
    evaluate: (evaluation) => read(evaluation).indexOf(part(evaluation)),
  };
}

function replaceString(call: Call): Scalar {
  const [read, part, other] = [textOf(call, 0, 3), textOf(call, 1, 3), textOf(call, 2, 3)];
  return {
    type: 'string',
    evaluate: (evaluation) => {
      const wanted = part(evaluation);
      const text = read(evaluation);
      return wanted === '' ? text : text.split(wanted).join(other(evaluation));
    },
  };
}

/** `replace_regex(text, pattern, other)`, and its old form `replace(pattern, other, text)`. */
function replaceRegex(call: Call): Scalar {
  const [text, pattern, other] = call.name === 'replace' ? [2, 0, 1] : [0, 1, 2];
  const read = textOf(call, text, 3);
  const source = constantText(call, pattern, 3);
  const wanted = kustoRegExp(source, { at: call.at, user: `${call.name}()`, flags: 'g' });
  // Kusto writes \1 for a group, JavaScript $1.
  const replacement = constantText(call, other, 3)
    .replaceAll('$', '$$$$')
    .replace(/\\(\d)/g, (_, group: string) => (group === '0' ? '$&' : `$${group}`));
  return {
    type: 'string',
    evaluate: (evaluation) => read(evaluation).replace(wanted, replacement),
  };
}

/** `trim(pattern, text)`: without what matches at either end. */
function trim(call: Call): Scalar {
  const source = constantText(call, 0, 2);
  const read = textOf(call, 1, 2);
  const user = 'trim()';
  const start = kustoRegExp(`^(?:${source})`, { at: call.at, user });
  const end = kustoRegExp(`(?:${source})$`, { at: call.at, user });
  return {
    type: 'string',
    evaluate: (evaluation) => read(evaluation).replace(start, '').replace(end, ''),
  };
}

function countOf(call: Call): Scalar {
  const read = textOf(call, 0, 2);
  const part = textOf(call, 1, 2);
  return {
    type: 'number',
    evaluate: (evaluation) => {
      const wanted = part(evaluation);
      return wanted === '' ? 0 : read(evaluation).split(wanted).length - 1;
    },
  };
}

/** `strcat_delim(delimiter, part, …)`. */
function strcatDelimited(call: Call): Scalar {
  const [delimiter, ...parts] = parametersOf(call, 2, 64).map(({ scalar }) => textReader(scalar));
  return {
    type: 'string',
    evaluate: (evaluation) =>
      parts.map((read) => read(evaluation)).join(delimiter?.(evaluation) ?? ''),
  };
}

/**
 * `parse_version('1.33.4')`: a number that orders versions of up to four parts below 10,000; null for other texts.
 * Kusto's number is a larger one of the same order.
 */
function parseVersion(call: Call): Scalar {
  const read = textReader(typed(onlyParameter(call), 'string'));
  return {
    type: 'number',
    evaluate: (evaluation) => {
      const text = read(evaluation);
      if (!/^\d{1,3}(?:\.\d{1,4}){0,3}$/.test(text)) return null;
      const [first = 0, ...rest] = text.split('.').map(Number);
      return [0, 1, 2].reduce((sum, index) => sum * 10_000 + (rest[index] ?? 0), first);
    },
  };
}
