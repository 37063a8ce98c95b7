import { RefusedCall } from './http-failures';

/** What the Durable extension calls itself. */
const userAgent = 'Microsoft.Azure.WebJobs.Extensions.DurableTask/3.19.0';

/** Headers that .NET takes only together with a content. */
const ofContent =
  /^(?:allow|content-(?:disposition|encoding|language|length|location|md5|range)|expires|last-modified)$/i;

const token = /^[\w!#$%&'*+.^`|~-]+$/;

/**
 * The headers that are sent: the caller's, and what the extension adds where they say nothing; those of
 * the content last.
 * @throws RefusedCall
 */
export function headersToSend(
  headers: Readonly<Record<string, string>>,
  content: string | undefined,
): Record<string, string | number> {
  const { 'content-type': type, ...others } = lowerCase(headers);
  for (const name of Object.keys(others)) check(name);
  const named = { ...others, 'user-agent': others['user-agent'] ?? userAgent };
  if (content === undefined) return named;
  if (type !== undefined) checkType(type);
  return {
    ...named,
    'content-type': type ?? 'text/plain',
    'content-length': Buffer.byteLength(content),
  };
}

function lowerCase(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]),
  );
}

function check(name: string): void {
  if (!token.test(name)) {
    const message = `The header name '${name}' has an invalid format.`;
    throw new RefusedCall('System.FormatException', message);
  }
  if (!ofContent.test(name)) return;
  const use =
    'Make sure request headers are used with HttpRequestMessage, response headers with HttpResponseMessage, and content headers with HttpContent objects.';
  const message = `Misused header name, '${name}'. ${use}`;
  throw new RefusedCall('System.InvalidOperationException', message);
}

/** Nothing may come behind the type, not even its character set. */
function checkType(type: string): void {
  const [main = '', sub = '', more] = type.split('/');
  if (more === undefined && token.test(main) && token.test(sub)) return;
  const message = `The format of value '${type}' is invalid.`;
  throw new RefusedCall('System.FormatException', message);
}

/** Headers that .NET counts as those of the content, which the extension leaves out. */
const leftOut = /^(?:content-.*|allow|expires|last-modified)$/i;

/** Headers that .NET knows have its spelling; others keep that of the sender. */
const known =
  /^(?:accept-ranges|age|cache-control|connection|date|etag|keep-alive|location|pragma|proxy-authenticate|retry-after|server|set-cookie|trailer|transfer-encoding|upgrade|vary|via|warning|www-authenticate)$/i;

/** Of those, the ones that hold a list. */
const lists = /^(?:accept-ranges|connection|pragma|trailer|transfer-encoding|upgrade|vary|via)$/i;

/** The headers of an answer; one with several values has a list of them. */
export type AnswerHeaders = Readonly<Record<string, string | readonly string[]>>;

export function headersOfAnswer(rawHeaders: readonly string[]): AnswerHeaders {
  const headers = new Map<string, string[]>();
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const [raw = '', value = ''] = rawHeaders.slice(index, index + 2);
    if (leftOut.test(raw)) continue;
    const name = known.test(raw) ? spelled(raw) : raw;
    const values = lists.test(raw) ? value.split(',').map((part) => part.trim()) : [value];
    headers.set(name, [...(headers.get(name) ?? []), ...values]);
  }
  return Object.fromEntries(
    [...headers].map(([name, [first = '', ...more]]) => [
      name,
      more.length === 0 ? first : [first, ...more],
    ]),
  );
}

function spelled(name: string): string {
  if (name.toLowerCase() === 'etag') return 'ETag';
  if (name.toLowerCase() === 'www-authenticate') return 'WWW-Authenticate';
  return name.toLowerCase().replaceAll(/(?<=^|-)[a-z]/g, (letter) => letter.toUpperCase());
}
