import type { Json } from '../json';

/** The body of a request as JSON; undefined when it is none. */
export function parseBody(body: string): Json | undefined {
  try {
    return JSON.parse(body) as Json;
  } catch {
    return undefined; // not JSON: the caller says so
  }
}
