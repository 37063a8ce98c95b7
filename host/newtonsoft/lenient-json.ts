import { isTooDeep } from './json-depth';
import { JsonProblem } from './json-problem';
import { JsonReader, type JsonToken } from './json-reader';

/** JSON as the Durable extension reads it. */
export type LenientResult = { readonly value: unknown } | { readonly problem: JsonProblem };

/**
 * Reads a text that is one value, where comments, single quotes, names without quotes and trailing
 * commas are fine too.
 */
export function parseLenient(text: string): LenientResult {
  return parseStrict(text) ?? parseDocument(text);
}

/** Undefined for what is no plain JSON, or nested deeper than .NET reads. */
export function parseStrict(text: string): { readonly value: unknown } | undefined {
  try {
    const value = JSON.parse(text) as unknown;
    return isTooDeep(text) ? undefined : { value };
  } catch {
    return undefined;
  }
}

/** Reads a text that is one value: the input of an orchestration. */
export function parseDocument(text: string): LenientResult {
  return attempt(new JsonReader(text), (reader, first) => {
    const value = readTree(reader, first, () => endOfDocument(reader, first));
    reader.read();
    return value;
  });
}

/** Reads the value that a text begins with, whatever comes then: the body of an event or a signal. */
export function parseFirst(text: string): LenientResult {
  return attempt(new JsonReader(text), (reader, first) =>
    readTree(reader, first, (isFirst) => {
      const root = first.kind === 'start' ? first.type : 'Token';
      return reader.problem(
        isFirst
          ? `Error reading J${root} from JsonReader`
          : `Unexpected end of content while loading J${root}`,
      );
    }),
  );
}

function attempt(
  reader: JsonReader,
  read: (reader: JsonReader, first: JsonToken) => unknown,
): LenientResult {
  try {
    const first = reader.read();
    if (first === undefined) throw reader.problem('Error reading JToken from JsonReader');
    return { value: read(reader, first) };
  } catch (error) {
    if (error instanceof JsonProblem) return { problem: error };
    throw error;
  }
}

/** The extension does not notice everything that is missing at the end. */
function endOfDocument(reader: JsonReader, first: JsonToken): JsonProblem | undefined {
  const { depth, pathOfContainer } = reader.position;
  const isObject = first.kind === 'start' && first.type === 'Object';
  if (!reader.endsBehindValue && (depth > 1 || !isObject)) {
    const text = `Unexpected end when reading token. Path '${pathOfContainer}'.`;
    return new JsonProblem(text, 'JsonWriterException');
  }
  if (!isObject) return undefined;
  return reader.problem(
    reader.isFresh
      ? 'Unexpected end when reading JSON'
      : 'Unexpected end when deserializing object',
    'JsonSerializationException',
  );
}

/** Containers whose end has not been read, with the name of the member that comes next. */
interface Open {
  readonly value: unknown[] | Record<string, unknown>;
  name: string;
}

/**
 * Reads a value whose first token has been read. When the text is over, `missing` says what the
 * problem is, if that is one; it is told whether nothing else has been read.
 */
function readTree(
  reader: JsonReader,
  first: JsonToken,
  missing: (isFirst: boolean) => JsonProblem | undefined,
): unknown {
  const root: Open = { value: [], name: '' };
  const open = [root];
  let token: JsonToken | undefined = first;
  let count = 0;
  do {
    if (token === undefined) {
      const problem = missing(count === 1);
      if (problem !== undefined) throw problem;
      break;
    }
    accept(token, open);
    count += 1;
    token = open.length > 1 ? reader.read() : undefined;
  } while (open.length > 1);
  return (root.value as unknown[])[0];
}

function accept(token: JsonToken, open: Open[]): void {
  const innermost = open.at(-1);
  if (innermost === undefined) return;
  if (token.kind === 'name') innermost.name = token.name;
  else if (token.kind === 'end') open.pop();
  else {
    const value = token.kind === 'value' ? token.value : token.type === 'Array' ? [] : {};
    if (Array.isArray(innermost.value)) innermost.value.push(value);
    else setMember(innermost.value, innermost.name, value);
    if (token.kind === 'start') open.push({ value: value as Open['value'], name: '' });
  }
}

/** Also one that is called `__proto__`. */
function setMember(object: Record<string, unknown>, name: string, value: unknown): void {
  Object.defineProperty(object, name, {
    ...{ value, configurable: true, enumerable: true, writable: true },
  });
}
