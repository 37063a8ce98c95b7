import { deepestJson, isTooDeep, tooDeepText } from './json-depth';

/**
 * JSON as the Durable extension reads it (Newtonsoft.Json): single quotes, names without quotes,
 * comments and trailing commas are fine too. Errors have its texts, which callers see.
 */
export type LenientResult =
  { readonly value: unknown } | { readonly problem: string; readonly cutOff: boolean };

export function parseLenient(text: string): LenientResult {
  try {
    const value = JSON.parse(text) as unknown;
    if (!isTooDeep(text)) return { value };
  } catch {
    // Read again, for what is more than JSON and for the text of the error.
  }
  return new Reader(text).read();
}

class JsonProblem extends Error {
  readonly cutOff: boolean;
  constructor(message: string, cutOff: boolean) {
    super(message);
    this.cutOff = cutOff;
  }
}

const literals: Readonly<Record<string, unknown>> = {
  true: true,
  false: false,
  null: null,
  undefined: null,
  NaN: 'NaN',
  Infinity: 'Infinity',
  '-Infinity': '-Infinity',
};

class Reader {
  readonly #text: string;
  #at = 0;
  readonly #path: (string | number)[] = [];

  constructor(text: string) {
    this.#text = text;
  }

  read(): LenientResult {
    try {
      this.#skip();
      if (this.#at >= this.#text.length) {
        throw new JsonProblem(
          "Error reading JToken from JsonReader. Path '', line 0, position 0.",
          false,
        );
      }
      const value = this.#value();
      this.#skip();
      if (this.#at < this.#text.length) {
        throw this.#problem(
          `Additional text encountered after finished reading JSON content: ${this.#here()}`,
        );
      }
      return { value };
    } catch (error) {
      if (error instanceof JsonProblem) return { problem: error.message, cutOff: error.cutOff };
      throw error;
    }
  }

  #value(): unknown {
    this.#skip();
    const start = this.#here();
    if (start === '{') return this.#object();
    if (start === '[') return this.#array();
    if (start === '"' || start === "'") return this.#string();
    return this.#scalar();
  }

  #object(): Record<string, unknown> {
    const value: [string, unknown][] = [];
    this.#open();
    for (;;) {
      this.#skip();
      if (this.#take('}')) return Object.fromEntries(value);
      if (this.#at >= this.#text.length) throw this.#end('object');
      const name = this.#name();
      this.#skip();
      if (!this.#take(':')) {
        if (this.#at >= this.#text.length) throw this.#end('object');
        const got = this.#here();
        throw this.#problem(
          `Invalid character after parsing property name. Expected ':' but got: ${got}`,
        );
      }
      this.#path.push(name);
      this.#skip();
      if (this.#at >= this.#text.length) throw this.#end('object');
      value.push([name, this.#value()]);
      this.#path.pop();
      this.#separator('}', 'object');
    }
  }

  #array(): unknown[] {
    const value: unknown[] = [];
    this.#open();
    for (;;) {
      this.#skip();
      if (this.#take(']')) return value;
      if (this.#at >= this.#text.length) throw this.#end('array');
      this.#path.push(value.length);
      value.push(this.#value());
      this.#path.pop();
      this.#separator(']', 'array');
    }
  }

  /** The path has a step for each object and array around this place. */
  #open(): void {
    this.#at += 1;
    if (this.#path.length < deepestJson) return;
    const path = this.#path.map(toStep).join('').replace(/^\./, '');
    throw new JsonProblem(`${tooDeepText} Path '${path}', ${this.#place()}.`, false);
  }

  #separator(close: string, kind: string): void {
    this.#skip();
    if (this.#take(',') || this.#here() === close) return;
    if (this.#at >= this.#text.length) throw this.#end(kind);
    const got = this.#here();
    throw this.#problem(`After parsing a value an unexpected character was encountered: ${got}`);
  }

  #name(): string {
    if (this.#here() === '"' || this.#here() === "'") return this.#string();
    const [name = ''] = /^[\w$]+/.exec(this.#text.slice(this.#at)) ?? [];
    if (name === '') {
      throw this.#problem(`Invalid property identifier character: ${this.#here()}`);
    }
    this.#at += name.length;
    if (this.#at >= this.#text.length) {
      throw this.#problem('Unexpected end while parsing unquoted property name', true);
    }
    return name;
  }

  #string(): string {
    const quote = this.#here();
    const end = new RegExp(`(?<!\\\\)(?:\\\\\\\\)*${quote}`).exec(this.#text.slice(this.#at + 1));
    if (!end) {
      this.#at = this.#text.length;
      throw this.#problem(`Unterminated string. Expected delimiter: ${quote}`, true);
    }
    const length = end.index + end[0].length - 1;
    const body = this.#text.slice(this.#at + 1, this.#at + 1 + length);
    this.#at += length + 2;
    const unquoted = quote === "'" ? body.replaceAll("\\'", "'").replace(/(?<!\\)"/g, '\\"') : body;
    try {
      return String(JSON.parse(`"${unquoted.replace(/[\n\r\t]/g, escapeControl)}"`));
    } catch {
      throw this.#problem('Bad JSON escape sequence');
    }
  }

  #scalar(): unknown {
    const [word = ''] = /^[^\s,:{}[\]"']+/.exec(this.#text.slice(this.#at)) ?? [];
    if (Object.hasOwn(literals, word) || /^-?\d+(?:\.\d*)?(?:e[+-]?\d+)?$/i.test(word)) {
      this.#at += word.length;
      return Object.hasOwn(literals, word) ? literals[word] : Number(word);
    }
    throw this.#problem(`Unexpected character encountered while parsing value: ${this.#here()}`);
  }

  #skip(): void {
    const rest = this.#text.slice(this.#at);
    this.#at += /^(?:\s|\/\*[\s\S]*?\*\/|\/\/[^\n]*)*/.exec(rest)?.[0].length ?? 0;
  }

  #take(character: string): boolean {
    if (this.#here() !== character) return false;
    this.#at += 1;
    return true;
  }

  #here(): string {
    return this.#text.charAt(this.#at);
  }

  #end(kind: string): JsonProblem {
    return this.#problem(`Unexpected end when deserializing ${kind}`, true);
  }

  /** A text that is wrong from its first character on is on line 0. */
  #problem(message: string, cutOff = false): JsonProblem {
    const path = this.#path.filter((step) => typeof step === 'string').join('.');
    return new JsonProblem(`${message}. Path '${path}', ${this.#place()}.`, cutOff);
  }

  #place(): string {
    const before = this.#text.slice(0, this.#at);
    const line = this.#at === 0 ? 0 : before.split('\n').length;
    return `line ${line}, position ${this.#at - (before.lastIndexOf('\n') + 1)}`;
  }
}

/** One step of a path: a name with unusual characters stands in brackets. */
function toStep(step: string | number): string {
  if (typeof step === 'number') return `[${step}]`;
  return /[\s.'"/()[\]\\]/.test(step) ? `['${step}']` : `.${step}`;
}

function escapeControl(character: string): string {
  return JSON.stringify(character).slice(1, -1);
}
