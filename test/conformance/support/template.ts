import { createHash } from 'node:crypto';

/** What stands for the placeholders of a recording in this run. */
export interface World {
  readonly base: string;
  readonly rpc: string;
  readonly target: string;
  readonly routePrefix: string;
  readonly keys: Readonly<Record<string, string>>;
}

const zones: Readonly<Record<string, string>> = {
  Z: 'Z',
  ':offset': String.raw`[+-]\d\d:\d\d`,
  ':nozone': String.raw`(?!Z|[+-]\d)`,
};
const dateTime = String.raw`\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d`;
const guid = '[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}';
const placeholder =
  /<(BASE:https|BASE|HOST|RPC|TARGETHOST|TARGET|KEY:\w+|TIME:[\w:]+|GUID:\d+|HEX32:\d+|STACK|PATH|MACHINE|NUMBER|EPOCH|TOKEN)>/g;
const long = /^<LONG:(\d+) chars:(?:sha256 ([0-9a-f]+):)?([\s\S]*)>$/;

/** Texts of one recording: fills in what is sent, and tells whether what came back fits. */
export class Templates {
  readonly #world: World;
  readonly #startedAt = Date.now();
  /** Ids of this run by their placeholder, one to one */
  readonly #ids = new Map<string, string>();
  /** The last continuation token that was received */
  token = '';

  constructor(world: World) {
    this.#world = world;
  }

  /** The text to send. */
  fill(text: string): string {
    const repeated = long.exec(text);
    if (repeated) return (repeated[3] ?? '').charAt(0).repeat(Number(repeated[1]));
    return text
      .replaceAll('<TOKEN of the answer before>', this.token)
      .replace('<TIME:fracZ>', new Date(this.#startedAt - 1000).toISOString())
      .replace(
        placeholder,
        (whole, name: string) => this.#value(name) ?? this.#ids.get(whole) ?? whole,
      );
  }

  fillAll(value: unknown): unknown {
    if (typeof value === 'string') return this.fill(value);
    if (Array.isArray(value)) return value.map((item) => this.fillAll(item));
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(
      Object.entries(value).map(([name, item]) => [this.fill(name), this.fillAll(item)]),
    );
  }

  /** Whether a text of this run is the recorded one. */
  fits(expected: string, actual: string): boolean {
    const cut = long.exec(expected);
    if (cut) return this.#fitsLong(cut, actual);
    if (!expected.includes('<')) return expected === actual;
    const ids: string[] = [];
    const match = this.#pattern(expected, ids).exec(actual);
    return match !== null && ids.every((id, index) => this.#pair(id, match[index + 1] ?? ''));
  }

  /** Of a text beyond 3 000 characters, the recording keeps the length, a hash, and how it starts. */
  #fitsLong([, length = '', hash, start = '']: RegExpExecArray, actual: string): boolean {
    if (hash !== undefined) {
      const actualHash = createHash('sha256').update(actual).digest('hex');
      return actual.length === Number(length) && actualHash.startsWith(hash);
    }
    const withoutStacks = actual.replace(/(?:\\+n|\n)\s+at (?:(?!\\+[nr"]|\n|").)*/g, '');
    const near = Math.abs(withoutStacks.length - Number(length)) <= Number(length) * 0.08;
    const beginning = start.slice(0, 100).replace(/<[^>]*$/, '');
    return near && this.#pattern(beginning, [], '').test(actual);
  }

  #pattern(text: string, ids: string[], end = '$'): RegExp {
    let source = '';
    let from = 0;
    for (const match of text.matchAll(placeholder)) {
      const [whole, name = ''] = match;
      source += escape(text.slice(from, match.index)) + this.#patternOf(whole, name, ids);
      from = match.index + whole.length;
    }
    return new RegExp(`^${source}${escape(text.slice(from))}${end}`);
  }

  #patternOf(whole: string, name: string, ids: string[]): string {
    const value = this.#value(name);
    if (value !== undefined) return escape(value);
    if (/^(?:GUID|HEX32):/.test(name)) {
      ids.push(whole);
      return name.startsWith('GUID') ? `(${guid})` : '([0-9a-fA-F]{32})';
    }
    if (name.startsWith('TIME:')) return timePattern(name.slice(5));
    const patterns: Readonly<Record<string, string>> = {
      STACK: String.raw`[\s\S]*?`,
      PATH: String.raw`[^"'\s)]+`,
      MACHINE: String.raw`[^"\s]+`,
      TOKEN: String.raw`\S+`,
    };
    return patterns[name] ?? String.raw`-?\d+(?:\.\d+)?`;
  }

  #value(name: string): string | undefined {
    const { base, rpc, target, keys } = this.#world;
    const values: Readonly<Record<string, string>> = {
      BASE: base,
      'BASE:https': base.replace('http:', 'https:'),
      HOST: new URL(base).host,
      RPC: rpc,
      TARGET: target,
      TARGETHOST: new URL(target).host,
    };
    return name.startsWith('KEY:') ? keys[name.slice(4)] : values[name];
  }

  #pair(id: string, actual: string): boolean {
    const known = this.#ids.get(id);
    if (known !== undefined) return known === actual.toLowerCase();
    if ([...this.#ids.values()].includes(actual.toLowerCase())) return false;
    this.#ids.set(id, actual.toLowerCase());
    return true;
  }
}

function timePattern(form: string): string {
  if (form === 'http') return String.raw`\w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d GMT`;
  if (form === 'us') return String.raw`\d\d/\d\d/\d{4} \d\d:\d\d:\d\d(?: [+-]\d\d:\d\d)?`;
  const fraction = form.startsWith('frac') ? String.raw`\.\d+` : '';
  return `${dateTime}${fraction}${zones[form.replace(/^(?:frac|sec)/, '')] ?? ''}`;
}

function escape(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
}
