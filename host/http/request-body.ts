import type { IncomingMessage } from 'node:http';

/** What the Functions host takes unless `FUNCTIONS_REQUEST_BODY_SIZE_LIMIT` says otherwise: 100 MiB. */
export const standardBodyLimit = 104_857_600;

/** A request body is larger than the host takes. What is left of it is read and thrown away. */
export class BodyTooLarge extends Error {
  override readonly name = 'BodyTooLarge';
}

/**
 * The whole body of a request.
 * @throws BodyTooLarge beyond `limit` bytes
 */
export async function readBody(request: IncomingMessage, limit: number): Promise<Buffer> {
  if (Number(request.headers['content-length'] ?? 0) > limit) throw tooLarge(request, limit);
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of request as AsyncIterable<Buffer>) {
    size += part.length;
    if (size > limit) throw tooLarge(request, limit);
    parts.push(part);
  }
  return Buffer.concat(parts, size);
}

/** The body as text, without a byte order mark. */
export async function readText(request: IncomingMessage, limit: number): Promise<string> {
  return (await readBody(request, limit)).toString('utf8').replace(/^\uFEFF/, '');
}

/** A caller that is still sending would not see the answer if the connection broke at once. */
function tooLarge(request: IncomingMessage, limit: number): BodyTooLarge {
  request.resume();
  return new BodyTooLarge(`The request body is larger than ${limit} bytes.`);
}
