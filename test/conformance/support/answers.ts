import { differenceOf, type Difference } from './difference';
import type { RecordedAnswer } from './recording';
import type { Templates } from './template';
import type { Answer } from './wire';

/** Headers that say nothing about what the host decided. */
const incidental = new Set([
  'server',
  'content-length',
  'transfer-encoding',
  'date',
  'connection',
  'keep-alive',
]);

/** Headers that would have been recorded if they had been sent. */
const telling = new Set([
  'content-type',
  'location',
  'retry-after',
  'www-authenticate',
  'set-cookie',
  'cache-control',
  'pragma',
  'etag',
  'allow',
  'webhook-allowed-origin',
  'x-ms-continuation-token',
]);

export function differenceOfAnswers(
  templates: Templates,
  expected: RecordedAnswer,
  actual: Answer,
): Difference | undefined {
  if (expected.status !== actual.status) {
    return { path: 'status', expected: expected.status, actual: actual.status };
  }
  return (
    differenceOfHeaders(templates, expected.headers, actual) ??
    differenceOfBodies(templates, expected, actual)
  );
}

function differenceOfHeaders(
  templates: Templates,
  expected: RecordedAnswer['headers'],
  actual: Answer,
): Difference | undefined {
  const recorded = new Map(
    Object.entries(expected).map(([name, value]) => [name.toLowerCase(), value]),
  );
  for (const [name, value] of recorded) {
    if (incidental.has(name)) continue;
    const sent = actual.headers.get(name);
    const found = differenceOf(templates, [value, sent], `header ${name}`);
    if (found) return found;
  }
  const more = [...actual.headers.keys()].find((name) => telling.has(name) && !recorded.has(name));
  return more === undefined
    ? undefined
    : { path: `header ${more}`, expected: 'not sent', actual: actual.headers.get(more) };
}

function differenceOfBodies(
  templates: Templates,
  expected: RecordedAnswer,
  actual: Answer,
): Difference | undefined {
  if (expected.base64 !== undefined) return differenceOfBytes(templates, expected.base64, actual);
  if ('json' in expected) return differenceOf(templates, [expected.json, actual.json()], 'json');
  return differenceOf(templates, [expected.body ?? '', actual.text()], 'body');
}

/** Inside base64 the recording holds the address of the host as it was. */
function differenceOfBytes(
  templates: Templates,
  expected: string,
  actual: Answer,
): Difference | undefined {
  const here = templates.fill('<HOST>');
  const bytes = Buffer.from(
    actual.bytes.toString('latin1').replaceAll(here, '127.0.0.1:7071'),
    'latin1',
  );
  const sized = /^<(\d+) bytes>$/.exec(expected);
  const same = sized ? bytes.length === Number(sized[1]) : bytes.toString('base64') === expected;
  return same ? undefined : { path: 'base64', expected, actual: bytes.toString('base64') };
}
