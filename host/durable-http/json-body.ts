import type { Exchange } from '../http/exchange';
import { parseLenient } from './lenient-json';

/** The JSON text of a body, or why it is none. An empty body has no text. */
export type JsonBody =
  { readonly text: string | undefined } | { readonly problem: string; readonly cutOff: boolean };

/** Numbers keep all their digits: JSON that is in order stays as it was sent. */
export function toJsonBody(body: string): JsonBody {
  if (body === '') return { text: undefined };
  const result = parseLenient(body);
  if ('problem' in result) return result;
  if (result.value === Infinity || result.value === -Infinity) {
    return { text: JSON.stringify(String(result.value)) };
  }
  return { text: isStrict(body) ? body : JSON.stringify(result.value) };
}

/** Whether the sender says that the body is JSON. */
export function isJsonType({ headers }: Exchange): boolean {
  return /^\s*application\/json\s*(?:;|$)/i.test(headers['content-type'] ?? '');
}

function isStrict(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
