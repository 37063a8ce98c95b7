import { parseLenient } from '../newtonsoft/lenient-json';
import { isObject } from '../json';

/** Whether the Functions host reads a body of this type as JSON. */
export function isJsonType(contentType: string): boolean {
  return /^\s*(?:application\/(?:[\w.-]+\+)?json|text\/json)\s*(?:;|$)/i.test(contentType);
}

/**
 * The trigger data in the body of a request to run a function, `{"input": "<text>"}`; undefined for a
 * body that is nothing of the kind. Numbers and truth values are taken as texts.
 */
export function toRunInput(body: string): string | undefined {
  const parsed = parseLenient(body);
  if (!('value' in parsed) || !isObject(parsed.value)) return undefined;
  const found = Object.entries(parsed.value).find(([name]) => name.toLowerCase() === 'input');
  const input = found?.[1] ?? '';
  if (typeof input === 'string') return input;
  return typeof input === 'number' || typeof input === 'boolean' ? String(input) : undefined;
}
