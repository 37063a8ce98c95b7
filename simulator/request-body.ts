import { isObject } from './json';
import type { Json } from './json';

const deepest = 128; // levels; the JSON reader of ARM's .NET front end stops there

/**
 * The JSON of a request; undefined when it has none. What only the world may know is taken out.
 * @throws SyntaxError for anything else, and for nesting that no service reads.
 */
export function parseBody(text: string): Json | undefined {
  if (text.trim() === '') return undefined;
  if (depthOf(text) > deepest) {
    throw new SyntaxError(`The reader's MaxDepth of ${deepest} has been exceeded.`);
  }
  const body = JSON.parse(text) as Json;
  if (!isObject(body)) return body;
  const hidden = new Set(['$truth', '__proto__']);
  return Object.fromEntries(Object.entries(body).filter(([name]) => !hidden.has(name)));
}

/** How deeply a JSON text nests, read without recursion. */
function depthOf(text: string): number {
  let depth = 0;
  let most = 0;
  for (const [token] of text.matchAll(/"(?:[^"\\]|\\.)*"|[[\]{}]/g)) {
    if (token === '[' || token === '{') most = Math.max(most, (depth += 1));
    else if (token === ']' || token === '}') depth -= 1;
  }
  return most;
}
