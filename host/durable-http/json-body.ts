import type { Exchange } from '../http/exchange';
import type { JsonProblem } from '../newtonsoft/json-problem';
import {
  type LenientResult,
  parseDocument,
  parseFirst,
  parseStrict,
} from '../newtonsoft/lenient-json';

/** The JSON text of a body, or why it is none. An empty body has no text. */
export type JsonBody = { readonly text: string | undefined } | { readonly problem: JsonProblem };

/** Whether the sender says that the body is JSON. */
export function isJsonType({ headers }: Exchange): boolean {
  return /^\s*application\/json\s*(?:;|$)/i.test(headers['content-type'] ?? '');
}

/** The body as the input of an orchestration; nothing but white space is none. */
export function toJsonInput(body: string): JsonBody {
  return body.trim() === '' ? { text: undefined } : toJson(body, parseDocument);
}

/** The body as what an event or a signal brings. */
export function toJsonContent(body: string): JsonBody {
  return toJson(body, parseFirst);
}

/** Numbers keep all their digits: JSON that is in order stays as it was sent. */
function toJson(body: string, parse: (text: string) => LenientResult): JsonBody {
  const strict = parseStrict(body);
  const result = strict ?? parse(body);
  if ('problem' in result) return result;
  if (result.value === Infinity || result.value === -Infinity) {
    return { text: JSON.stringify(String(result.value)) };
  }
  return { text: strict === undefined ? JSON.stringify(result.value) : body };
}
