/** How a page tells that there is another one. */
export function continuationHeaders(continuation: string | undefined): Record<string, string> {
  return continuation === undefined ? {} : { 'x-ms-continuation-token': continuation };
}
