import { AnswerTooLarge } from './transport';

/**
 * The text of a body, as long as it is not longer than `largest` bytes; a longer one is not read to its end.
 *
 * @throws AnswerTooLarge
 */
export async function readWithin(
  stream: NodeJS.ReadableStream | undefined,
  largest: number,
): Promise<string> {
  if (stream === undefined) return '';
  const chunks: Buffer[] = [];
  let size = 0;
  // Leaving the loop destroys the stream, and with it the connection.
  for await (const chunk of stream) {
    const bytes = Buffer.from(chunk);
    size += bytes.length;
    if (size > largest) throw new AnswerTooLarge(`an answer of more than ${largest} bytes`);
    chunks.push(bytes);
  }
  return Buffer.concat(chunks).toString();
}
