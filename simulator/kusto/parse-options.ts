import type { TokenReader } from './token-reader';

/** The options between an operator and its operands, such as `kind=inner`: only those named in `known`. */
export function parseOptions(
  reader: TokenReader,
  known: readonly string[],
): ReadonlyMap<string, string> {
  const options = new Map<string, string>();
  while (reader.is('name') && known.includes(reader.next.text) && reader.peek(1).text === '=') {
    const { text } = reader.take();
    reader.take();
    options.set(text, reader.expect('name').text);
  }
  return options;
}
