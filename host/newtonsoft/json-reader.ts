import { deepestJson, tooDeepText } from './json-depth';
import { JsonPosition } from './json-position';
import { JsonProblem } from './json-problem';

export type JsonToken =
  | { readonly kind: 'start'; readonly type: 'Object' | 'Array' }
  | { readonly kind: 'end' }
  | { readonly kind: 'name'; readonly name: string }
  | { readonly kind: 'value'; readonly value: unknown };

type Expected = 'value' | 'member' | 'separator' | 'nothing';

const words: readonly (readonly [word: string, value: unknown, noun: string])[] = [
  ['true', true, 'boolean'],
  ['false', false, 'boolean'],
  ['null', null, 'null'],
  ['undefined', null, 'undefined'],
  ['NaN', 'NaN', 'NaN'],
  ['Infinity', 'Infinity', 'Infinity'],
  ['-Infinity', '-Infinity', '-Infinity'],
];

/** Looked for where the reader is. */
const patterns = {
  spaceAndComments: /(?:[\s\0]|\/\*[\s\S]*?\*\/|\/\/[^\n]*)*/y,
  name: /[\p{L}\p{Nd}_$]+/uy,
  number: /[-+a-fA-FxX.\d]+/y,
  endOfWord: /[\s\0,}\]]|\/[*/]|$/y,
  untilDoubleQuote: /[^"\\]*/y,
  untilSingleQuote: /[^'\\]*/y,
} as const;

const escapes: Readonly<Record<string, string>> = {
  ...{ b: '\b', t: '\t', n: '\n', f: '\f', r: '\r' },
  ...{ '\\': '\\', '"': '"', "'": "'", '/': '/' },
};

/**
 * Reads JSON token by token as Newtonsoft.Json does: single quotes, names without quotes, comments,
 * commas too many, and numbers in other bases are fine. Problems have its texts, which callers see.
 */
export class JsonReader {
  readonly position = new JsonPosition();
  readonly #text: string;
  #at = 0;
  #expected: Expected = 'value';
  #fresh = true;

  constructor(text: string) {
    this.#text = text;
  }

  /** The next token; undefined when the text is over. @throws JsonProblem */
  read(): JsonToken | undefined {
    for (;;) {
      this.#skip();
      if (this.#expected === 'separator') {
        const token = this.#afterValue();
        if (token !== undefined || this.#isOver) return token;
      } else {
        if (this.#isOver) return undefined;
        if (this.#expected === 'nothing') throw this.#surplus();
        return this.#expected === 'member' ? this.#member() : this.#value();
      }
    }
  }

  /** Nothing has been read of the innermost container yet. */
  get isFresh(): boolean {
    return this.#fresh;
  }

  /** The text ends behind a value, if not where the value should end. */
  get endsBehindValue(): boolean {
    return this.#expected === 'separator' || this.#expected === 'nothing';
  }

  problem(message: string, type?: JsonProblem['type']): JsonProblem {
    const { path, pathOfContainer } = this.position;
    const lines = this.#text.slice(0, this.#at).split(/\r\n|\r|\n/);
    const column = lines.at(-1)?.length ?? 0;
    const isStart = column === 0 && this.#expected === 'value' && this.position.depth === 0;
    const sentence = message.endsWith('.') ? message : `${message}.`;
    const where = `Path '${this.#fresh ? pathOfContainer : path}', line ${isStart ? 0 : lines.length}, position ${column}.`;
    return new JsonProblem(`${sentence} ${where}`, type);
  }

  get #isOver(): boolean {
    return this.#at >= this.#text.length;
  }

  get #here(): string {
    return this.#text.charAt(this.#at);
  }

  #surplus(): JsonProblem {
    return this.problem(
      `Additional text encountered after finished reading JSON content: ${this.#here}`,
    );
  }

  #afterValue(): JsonToken | undefined {
    const here = this.#here;
    if (here === '}') return this.#end('Object');
    if (here === ']') return this.#end('Array');
    if (here !== ',' && here !== '') {
      throw this.problem(`After parsing a value an unexpected character was encountered: ${here}`);
    }
    if (here === ',') {
      this.#at += 1;
      this.#expected = this.position.innermost === 'Object' ? 'member' : 'value';
    }
    return undefined;
  }

  #end(type: 'Object' | 'Array'): JsonToken {
    this.#at += 1;
    const closed = this.position.close();
    this.#fresh = false;
    if (closed !== type) {
      throw this.problem(`JsonToken End${type} is not valid for closing JsonType ${closed}`);
    }
    this.#behindValue();
    return { kind: 'end' };
  }

  #behindValue(): void {
    this.#expected = this.position.innermost === 'None' ? 'nothing' : 'separator';
  }

  #start(type: 'Object' | 'Array'): JsonToken {
    this.#at += 1;
    this.position.open(type);
    this.#fresh = true;
    if (this.position.depth > deepestJson) {
      throw this.problem(tooDeepText.slice(0, -1));
    }
    this.#expected = type === 'Object' ? 'member' : 'value';
    return { kind: 'start', type };
  }

  #member(): JsonToken {
    if (this.#here === '}') return this.#end('Object');
    const name = this.#name();
    this.#skip();
    if (this.#here !== ':') {
      const got = this.#isOver ? '\0' : this.#here;
      throw this.problem(
        `Invalid character after parsing property name. Expected ':' but got: ${got}`,
      );
    }
    this.#at += 1;
    this.position.name(name);
    this.#fresh = false;
    this.#expected = 'value';
    return { kind: 'name', name };
  }

  #name(): string {
    if (this.#here === '"' || this.#here === "'") return this.#string();
    const name = this.#take(patterns.name);
    if (name === '') {
      throw this.problem(`Invalid property identifier character: ${this.#here}`);
    }
    if (this.#isOver) throw this.problem('Unexpected end while parsing unquoted property name');
    if (/[\s:]/.test(this.#here)) return name;
    throw this.problem(`Invalid JavaScript property identifier character: ${this.#here}`);
  }

  #value(): JsonToken {
    const here = this.#here;
    if (here === '{') return this.#start('Object');
    if (here === '[') return this.#start('Array');
    if (here === ']') return this.#end('Array');
    // An element that is left out; the comma is read again.
    const value = here === ',' ? null : this.#scalar(here);
    this.position.element();
    this.#fresh = false;
    this.#behindValue();
    return { kind: 'value', value };
  }

  #scalar(here: string): unknown {
    if (here === '"' || here === "'") return this.#string();
    const word = words.find(([text]) => this.#beginsWith(text));
    if (word !== undefined) return this.#word(word);
    if (/[\d.-]/.test(here)) return this.#number();
    throw this.problem(`Unexpected character encountered while parsing value: ${here}`);
  }

  /** One letter tells the word, except that `n` and `-` may begin something else. */
  #beginsWith(word: string): boolean {
    const next = this.#text.charAt(this.#at + 1);
    if (this.#here !== word.charAt(0)) return false;
    if (word === 'null' || word === '-Infinity') {
      return next === word.charAt(1) || (next === '' && word === 'null');
    }
    return true;
  }

  #word([word, value, noun]: (typeof words)[number]): unknown {
    const text = this.#text.slice(this.#at, this.#at + word.length);
    if (text.length < word.length) {
      this.#at = this.#text.length;
      throw this.problem('Unexpected end when reading JSON');
    }
    let same = 0;
    while (same < word.length && text.charAt(same) === word.charAt(same)) same += 1;
    this.#at += same;
    if (same < word.length || !this.#isAt(patterns.endOfWord)) {
      throw this.problem(`Error parsing ${noun} value`);
    }
    return value;
  }

  #number(): number {
    const text = this.#take(patterns.number);
    if (!this.#isOver && !/[\s,}\])/]/.test(this.#here)) {
      throw this.problem(`Unexpected character encountered while parsing number: ${this.#here}`);
    }
    const value = numberOf(text);
    if (value === undefined) throw this.problem(`Input string '${text}' is not a valid number`);
    return value;
  }

  #string(): string {
    const quote = this.#here;
    let value = '';
    this.#at += 1;
    for (;;) {
      value += this.#take(quote === '"' ? patterns.untilDoubleQuote : patterns.untilSingleQuote);
      if (this.#isOver) throw this.#unterminated(quote);
      this.#at += 1;
      if (this.#text.charAt(this.#at - 1) === quote) return value;
      value += this.#escape(quote);
    }
  }

  #unterminated(quote: string): JsonProblem {
    this.#at = this.#text.length;
    return this.problem(`Unterminated string. Expected delimiter: ${quote}`);
  }

  #escape(quote: string): string {
    if (this.#isOver) throw this.#unterminated(quote);
    const letter = this.#here;
    this.#at += 1;
    if (letter !== 'u') {
      const meant = escapes[letter];
      if (meant === undefined) throw this.problem(`Bad JSON escape sequence: \\${letter}`);
      return meant;
    }
    const digits = this.#text.slice(this.#at, this.#at + 4);
    if (digits.length < 4) {
      throw this.problem('Unexpected end while parsing Unicode escape sequence');
    }
    if (!/^[\da-f]{4}$/i.test(digits)) {
      throw this.problem(`Invalid Unicode escape sequence: \\u${digits}`);
    }
    this.#at += 4;
    return String.fromCharCode(Number.parseInt(digits, 16));
  }

  #take(pattern: RegExp): string {
    pattern.lastIndex = this.#at;
    const text = pattern.exec(this.#text)?.[0] ?? '';
    this.#at += text.length;
    return text;
  }

  #isAt(pattern: RegExp): boolean {
    pattern.lastIndex = this.#at;
    return pattern.test(this.#text);
  }

  /** White space and comments. */
  #skip(): void {
    this.#take(patterns.spaceAndComments);
    if (this.#here !== '/') return;
    const next = this.#text.charAt(this.#at + 1);
    this.#at = next === '' || next === '*' ? this.#text.length : this.#at + 1;
    throw this.problem(
      next === '' || next === '*'
        ? 'Unexpected end while parsing comment'
        : `Error parsing comment. Expected: *, got ${next}`,
    );
  }
}

/** Hexadecimal and octal as well; undefined for what is no number. */
function numberOf(text: string): number | undefined {
  if (/^0x[\da-f]+$/i.test(text)) return Number(text);
  if (/^0[^.eE]/.test(text)) {
    return /^0[0-7]+$/.test(text) ? Number.parseInt(text, 8) : undefined;
  }
  return /^-?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i.test(text) ? Number(text) : undefined;
}
