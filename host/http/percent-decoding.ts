const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/**
 * Decodes percent-encoded UTF-8. What is none stays as it is, as .NET does it, and so do the codes in
 * `kept` (lower case).
 */
export function decodePercent(text: string, kept: readonly string[] = []): string {
  return text.replace(/(?:%[0-9a-f]{2})+/gi, (run) => decodeRun(run.match(/%../g) ?? [], kept));
}

function decodeRun(codes: readonly string[], kept: readonly string[]): string {
  let decoded = '';
  let at = 0;
  while (at < codes.length) {
    const first = codes[at] ?? '';
    const sequence = codes.slice(at, at + lengthOf(toByte(first)));
    const character = kept.includes(first.toLowerCase()) ? undefined : toCharacter(sequence);
    decoded += character ?? first;
    at += character === undefined ? 1 : sequence.length;
  }
  return decoded;
}

/** How many bytes a character has that begins with this one. */
function lengthOf(byte: number): number {
  if (byte < 0xe0) return byte < 0x80 ? 1 : 2;
  return byte < 0xf0 ? 3 : 4;
}

function toCharacter(sequence: readonly string[]): string | undefined {
  try {
    return utf8.decode(Uint8Array.from(sequence, toByte));
  } catch {
    return undefined;
  }
}

function toByte(code: string): number {
  return Number.parseInt(code.slice(1), 16);
}
