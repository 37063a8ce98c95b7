import type { IncomingMessage } from 'node:http';

/** The whole body as text; undefined when it has more bytes than `largest`. */
export async function readBody(
  request: IncomingMessage,
  largest: number,
): Promise<string | undefined> {
  return (await readBytes(request, largest))?.toString('utf8');
}

/** The whole body; undefined when it has more bytes than `largest`. */
export async function readBytes(
  request: IncomingMessage,
  largest: number,
): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request) {
    const bytes = Buffer.from(chunk as Uint8Array);
    length += bytes.length;
    if (length <= largest) chunks.push(bytes);
  }
  return length > largest ? undefined : Buffer.concat(chunks);
}
