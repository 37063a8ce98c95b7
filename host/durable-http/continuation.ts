import type { Exchange } from '../http/exchange';

const header = 'x-ms-continuation-token';

/** How a page tells that there is another one. */
export function continuationHeaders(continuation: string | undefined): Record<string, string> {
  if (continuation === undefined) return {};
  return { [header]: Buffer.from(JSON.stringify({ after: continuation })).toString('base64') };
}

/** Where the page that is asked for begins: at the start, after an id, or nowhere. */
export type Continuation = { readonly after: string | undefined } | { readonly unreadable: true };

export function toContinuation({ headers }: Exchange): Continuation {
  const token = headers[header] ?? '';
  if (token === '') return { after: undefined };
  try {
    const { after } = JSON.parse(Buffer.from(token, 'base64').toString()) as { after?: unknown };
    return typeof after === 'string' ? { after } : { unreadable: true };
  } catch {
    return { unreadable: true };
  }
}
