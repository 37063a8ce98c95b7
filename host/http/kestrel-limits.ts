import type { IncomingMessage } from 'node:http';

const requestLineBytes = 8192;
const headerBytes = 32_768;
const headerCount = 100;

/** What Node has to read so that these limits decide, not its own. */
export const maxHeaderSize = 2 * (requestLineBytes + headerBytes);

/** The status with which Kestrel refuses a request for its size; undefined if it takes it. */
export function refusalFor(request: IncomingMessage): 414 | 431 | undefined {
  const { method = '', url = '', httpVersion, rawHeaders } = request;
  const line = `${method} ${url} HTTP/${httpVersion}\r\n`;
  if (line.length > requestLineBytes) return 414;
  const names = rawHeaders.length / 2;
  const bytes = rawHeaders.reduce((sum, text) => sum + text.length + 2, 2);
  return names > headerCount || bytes > headerBytes ? 431 : undefined;
}

/** A request line whose method Node does not know */
const unknownMethod = /^[!#$%&'*+.^_`|~\w-]+ \/\S* HTTP\/1\.[01]\r\n/;

/** The status for what Node could not read. A method that nobody knows is one that nothing answers. */
export function statusForUnreadable(error: NodeJS.ErrnoException & { rawPacket?: Buffer }): number {
  if (error.code === 'HPE_HEADER_OVERFLOW') return 431;
  if (error.code === 'ERR_HTTP_REQUEST_TIMEOUT') return 408;
  const text = error.rawPacket?.toString('latin1') ?? '';
  return error.code === 'HPE_INVALID_METHOD' && unknownMethod.test(text) ? 404 : 400;
}
