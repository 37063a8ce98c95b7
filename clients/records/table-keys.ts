import { createHash } from 'node:crypto';

// A key may have 1 KiB, and a character takes two bytes of it
// (https://learn.microsoft.com/rest/api/storageservices/understanding-the-table-service-data-model).
const longestKey = 512;
const digestLength = 64;

/**
 * The key of a row: sorted by it, rows stand in the order of the UTF-8 bytes of their ids, as SQLite sorts
 * them. What is no letter, digit, `-` or `_` becomes a mark and the byte in hexadecimal digits: keys take no
 * `/ \ # ?` and no control characters, and outside of ASCII nobody promises an order.
 *
 * An id too long for a key ends in its hash: it stands beside those that begin the same, in no set order.
 */
export function rowKeyOf(id: string): string {
  const bytes = Buffer.from(id).toString('latin1');
  const key = bytes.replace(/[^-0-9A-Z_a-z]/g, escaped);
  if (key.length <= longestKey) return key;
  const digest = createHash('sha256').update(id).digest('hex');
  return `${key.slice(0, longestKey - digestLength - 1)}~${digest}`;
}

// A mark stands where the bytes that it marks would, between the characters that stand for themselves.
const marks = [
  { upTo: ',', mark: '!' }, // before -
  { upTo: '/', mark: '.' }, // before 0
  { upTo: '@', mark: '=' }, // before A
  { upTo: '^', mark: '^' }, // before _
  { upTo: '`', mark: '`' }, // before a
] as const;

function escaped(byte: string): string {
  const mark = marks.find(({ upTo }) => byte <= upTo)?.mark ?? '~'; // behind z
  return mark + byte.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0');
}
