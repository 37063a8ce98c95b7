import type { IncomingMessage } from 'node:http';

/** What the Functions host takes unless `FUNCTIONS_REQUEST_BODY_SIZE_LIMIT` says otherwise: 100 MiB. */
const standardBodyLimit = 104_857_600;

/** A setting that is no whole number counts as absent. */
export function toBodyLimit(setting: string | undefined): number {
  return /^\s*\d+\s*$/.test(setting ?? '') ? Number(setting) : standardBodyLimit;
}

/** A request body is larger than the host takes. */
export class BodyTooLarge extends Error {
  override readonly name = 'BodyTooLarge';
}

/**
 * The whole body of a request.
 * @throws BodyTooLarge beyond `limit` bytes. A caller that is still sending would not see the answer,
 * so as much again is read and dropped; then the connection is broken.
 */
export async function readBody(request: IncomingMessage, limit: number): Promise<Buffer> {
  const announced = Number(request.headers['content-length'] ?? 0);
  let parts: Buffer[] = [];
  let size = 0;
  for await (const part of request as AsyncIterable<Buffer>) {
    size += part.length;
    if (size > 2 * limit) break;
    if (size <= limit && announced <= limit) parts.push(part);
    else parts = [];
  }
  if (size > limit) throw new BodyTooLarge(`The request body is larger than ${limit} bytes.`);
  return Buffer.concat(parts, size);
}

/** The body as text, without a byte order mark. */
export async function readText(request: IncomingMessage, limit: number): Promise<string> {
  return (await readBody(request, limit)).toString('utf8').replace(/^\uFEFF/, '');
}
