import { decodePercent } from './percent-decoding';

/**
 * The path of a request as routes see it: decoded but for an encoded slash, without dot segments.
 * Undefined for a path that no server should take: one with a zero, or with characters beyond ASCII.
 */
export function decodePath(encoded: string): string | undefined {
  if (!/^\/[ -~]*$/.test(encoded)) return undefined;
  const decoded = decodePercent(encoded, ['%2f']);
  return decoded.includes('\0') ? undefined : removeDotSegments(decoded);
}

/** RFC 3986, 5.2.4 */
function removeDotSegments(path: string): string {
  const kept: string[] = [];
  const segments = path.slice(1).split('/');
  for (const [index, segment] of segments.entries()) {
    if (segment === '..') kept.pop();
    if (segment !== '.' && segment !== '..') kept.push(segment);
    else if (index === segments.length - 1) kept.push('');
  }
  return `/${kept.join('/')}`;
}

/** The path as ASP.NET Core writes it into an address: what is encoded already is not encoded again. */
export function encodePath(path: string): string {
  return path.replace(/%[0-9a-f]{2}|[^\w\-.~!$&'()*+,;=:@/]/giu, (text) =>
    text.length === 3 && text.startsWith('%') ? text : encodeURIComponent(text),
  );
}
