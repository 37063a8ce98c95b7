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

/** Whole KiB that a text takes up as UTF-16. */
export function utf16KiB(text: string): number {
  return Math.floor((text.length * 2) / 1024);
}

/** What custom status may take up. */
export const customStatusLimitKiB = 16;
