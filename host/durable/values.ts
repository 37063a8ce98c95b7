/**
 * JSON text of an orchestrator's value; what JSON cannot say is `null`.
 */
export function jsonText(value: unknown): string {
  return textOrUndefined(value) ?? 'null';
}

/** `JSON.stringify` has no text for functions and `undefined`. */
function textOrUndefined(value: unknown): string | undefined {
  const text: unknown = JSON.stringify(value);
  return typeof text === 'string' ? text : undefined;
}

/** Whether a text is JSON. */
export function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** A text that should be JSON, as the value it is shown as: a text that is no JSON stands for itself. */
export function shownValue(text: string | undefined): unknown {
  if (text === undefined) return null;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}

/**
 * What an activity's handler is given for an input (JSON text): the worker parses it again, except
 * for booleans, which .NET writes with a capital letter.
 */
export function activityTrigger(input: string | undefined): { string?: string } {
  if (input === undefined) return {};
  const value = JSON.parse(input) as unknown;
  if (value === null) return {};
  if (typeof value === 'boolean') return { string: value ? 'True' : 'False' };
  return { string: input };
}

/** The 64 bits that are left of a number that .NET reads as a long. */
const asLong = (value: number): string => BigInt.asIntN(64, BigInt(value)).toString();

/** JSON text that the history keeps of what an activity returned; null for nothing. */
export function activityResult(value: unknown): string | null {
  if (value === undefined || value === null) return null;
  if (ArrayBuffer.isView(value)) {
    const bytes = Buffer.from(value.buffer, value.byteOffset, value.byteLength);
    return JSON.stringify(bytes.toString('base64'));
  }
  if (typeof value !== 'number') return textOrUndefined(value) ?? null;
  if (!Number.isFinite(value)) return JSON.stringify(String(value));
  return Number.isInteger(value) && !Number.isSafeInteger(value)
    ? asLong(value)
    : JSON.stringify(value);
}

const referenceText =
  'Additional content found in JSON reference object. A JSON reference object should only have a $ref property.';

/** Where .NET stops reading a value: an object with a key `$ref` is a reference to it. */
function unreadablePath(value: unknown, path: string): string | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const keys = Object.keys(value);
  const inside = (key: string): string =>
    Array.isArray(value) ? `${path}[${key}]` : [...(path === '' ? [] : [path]), key].join('.');
  if (keys.includes('$ref')) return inside(keys.find((key) => !key.startsWith('$')) ?? '$ref');
  for (const [key, child] of Object.entries(value)) {
    const found = unreadablePath(child, inside(key));
    if (found !== undefined) return found;
  }
  return undefined;
}

/** What .NET says about a value it cannot read; undefined if it can. */
export function unreadable(value: unknown, path: string): string | undefined {
  const at = unreadablePath(value, path);
  return at === undefined ? undefined : `${referenceText} Path '${at}'.`;
}

/** The same for a text that .NET reads by itself, where it knows the position as well. */
export function unreadableText(value: unknown): string | undefined {
  const at = unreadablePath(value, '');
  if (at === undefined) return undefined;
  const token = `"${at.slice(at.lastIndexOf('.') + 1)}":`;
  const position = JSON.stringify(value).indexOf(token) + token.length;
  return `${referenceText} Path '${at}', line 1, position ${position}.`;
}

/** Whole KiB that a text takes up as UTF-16. */
export function utf16KiB(text: string): number {
  return Math.floor((text.length * 2) / 1024);
}

/** What custom status may take up. */
export const customStatusLimitKiB = 16;
