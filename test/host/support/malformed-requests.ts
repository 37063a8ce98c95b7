import fc from 'fast-check';

import type { HostKeys } from '../../../host/http/keys';
import type { RawRequest } from './raw-http';

const deep = (depth: number): string => '['.repeat(depth) + ']'.repeat(depth);

const huge = fc.constantFrom('x'.repeat(9000), 'y'.repeat(20_000), '%41'.repeat(2000));
const small = fc.constantFrom(
  ...['', '%', '%zz', '%00', '%2F', '%2e%2e', '..', '../../etc/passwd', '%E0%A4%A', '%ff', 'ü'],
  ...[
    '__proto__',
    'constructor',
    '@Box@x',
    '@',
    '{id}',
    "'%20OR%201=1%20--",
    '\\',
    '%23',
    '%0d%0a',
  ],
  ...['a'.repeat(300), ';'.repeat(500), '%F0%9F%98%80', '%ED%A0%80', '+', '*', '%252F', 'a%00b'],
);
const junk = fc.oneof(
  { weight: 20, arbitrary: small },
  { weight: 1, arbitrary: huge },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 30 }) },
);
const word = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom('1', 'one', 'first', 'waiter', 'Box', 'onEvent', 'go') },
  { weight: 2, arbitrary: junk },
);

const paths = [
  '/',
  '/api/echo/{}/{}',
  '/api/files/{}/{}',
  '/api/locked',
  '/api/{}',
  '/{}',
  '/admin/host/ping',
  '/admin/host/status',
  '/admin/host/keys/{}',
  '/admin/functions/{}',
  '/admin/functions/{}/status',
  '/admin/{}/{}',
  '/runtime/webhooks/{}/{}',
  '/runtime/webhooks/eventgrid?functionName={}',
  '/runtime/webhooks/eventgrid?functionName=onEvent',
  '/runtime/webhooks/durabletask/instances',
  '/runtime/webhooks/durabletask/instances/{}',
  '/runtime/webhooks/durabletask/instances/{}/{}',
  '/runtime/webhooks/durabletask/instances/first/raiseEvent/{}',
  '/runtime/webhooks/durabletask/instances/{}/terminate',
  '/runtime/webhooks/durabletask/orchestrators/waiter/{}',
  '/runtime/webhooks/durabletask/orchestrators/{}',
  '/runtime/webhooks/durabletask/entities/Box/{}',
  '/runtime/webhooks/durabletask/entities/{}',
  '/rpc/{}/durabletask/instances/{}',
];

const target = fc
  .tuple(fc.constantFrom(...paths), fc.array(word, { minLength: 2, maxLength: 2 }))
  .map(([path, words]) => {
    let next = 0;
    return path.replaceAll('{}', () => words[next++] ?? '');
  });

const names = [
  'top',
  'showInput',
  'showHistory',
  'createdTimeFrom',
  'createdTimeTo',
  'op',
  'reason',
];
const moreNames = [
  'runtimeStatus',
  'instanceIdPrefix',
  'taskHub',
  'connection',
  'fetchState',
  'code',
];
const query = fc
  .array(
    fc.tuple(
      fc.constantFrom(...names, ...moreNames, 'lastOperationTimeFrom', '__proto__', ''),
      fc.oneof(
        junk,
        fc.constantFrom('-1', '0', '1e999', '9'.repeat(400), 'true', 'NaN', '2020-01'),
      ),
    ),
    { maxLength: 3 },
  )
  .map((pairs) => pairs.map(([name, value]) => `${name}=${value}`).join('&'));

const body = fc.oneof(
  fc.constantFrom(
    ...['', '{', '[', '"', 'null', '1e400', '{"a":1', "{'__proto__':{'admin':true}}", '\ufeff{}'],
    ...['{"__proto__":{"admin":true}}', '{"constructor":{"prototype":{"x":1}}}', '[null]', '[[]]'],
    ...[deep(60), deep(70), deep(3000), deep(50_000), `[{"data":${deep(100)}}]`],
    ...[`"${'x'.repeat(70_000)}"`, `[${'1,'.repeat(20_000)}1]`, `'${'\\'.repeat(5000)}`],
    ...['{"input":1}', '{"input":"[[["}', '[{"id":"1","data":{"__proto__":{"x":1}}}]'],
  ),
  fc.string({ unit: 'binary', maxLength: 200 }),
  fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes).toString('latin1')),
);

const plainHeader = fc.constantFrom(
  ...['content-type: application/json', 'content-type: ;;;', 'content-type: text/plain'],
  ...['aeg-event-type: Notification', 'aeg-event-type: SubscriptionValidation', 'Cookie: ;=;='],
  ...['x-ms-continuation-token: %%%', 'x-ms-continuation-token: 9', 'X-Forwarded-Proto: js'],
  ...['WebHook-Request-Origin: \u00e9', '__proto__: 1', 'Host: evil.example', 'Host: x:99999'],
  ...['Connection: upgrade', 'Upgrade: websocket', 'Expect: 100-continue', 'Range: bytes=5-1'],
);
const badHeader = fc.oneof(
  fc.constantFrom(
    ...['Host: a b', 'Host:', 'Host: [', 'Host: é', 'Host: a,b'],
    ...['no colon', ': no name', 'bad name : 1', 'x-nul: \0', 'x-wrong: \ufffd'],
    ...['Expect: nothing'],
    ...['Transfer-Encoding: chunked', 'Transfer-Encoding: gzip, chunked', 'Content-Length: 5'],
    ...['Content-Length: -1', 'Content-Length: 1e3', 'x-functions-key: nobody', ' folded: 1'],
  ),
  fc.constantFrom(20_000, 70_000).map((size) => `x-large: ${'v'.repeat(size)}`),
  fc.constantFrom(50, 2500).map((count) => 'x-many: 1\r\n'.repeat(count).trimEnd()),
);

const header = fc.oneof(
  { weight: 12, arbitrary: plainHeader },
  { weight: 1, arbitrary: badHeader },
);

/** How the length of a body is told: truly, wrongly, in chunks, or not at all. */
function framed(text: string, how: string): { headers: string[]; body: string } {
  const length = Buffer.byteLength(text, 'latin1');
  const size = length.toString(16);
  switch (how) {
    case 'length':
      return { headers: [`Content-Length: ${length}`], body: text };
    case 'short':
      return { headers: [`Content-Length: ${Math.floor(length / 2)}`], body: text };
    case 'long':
      return { headers: [`Content-Length: ${length + 7}`], body: text };
    case 'chunks':
      return {
        headers: ['Transfer-Encoding: chunked'],
        body: `${length > 0 ? `${size}\r\n${text}\r\n` : ''}0\r\n\r\n`,
      };
    case 'bad chunks':
      return { headers: ['Transfer-Encoding: chunked'], body: `zz\r\n${text}\r\n-1\r\n` };
    case 'both':
      return {
        headers: [`Content-Length: ${length}`, 'Transfer-Encoding: chunked'],
        body: `${size}\r\n${text}\r\n0\r\n\r\n`,
      };
    default:
      return { headers: [], body: text };
  }
}

const framing = fc.oneof(
  { weight: 4, arbitrary: fc.constant('length') },
  {
    weight: 1,
    arbitrary: fc.constantFrom('short', 'long', 'chunks', 'bad chunks', 'both', 'none'),
  },
);
const method = fc.oneof(
  { weight: 9, arbitrary: fc.constantFrom('GET', 'POST', 'PUT', 'DELETE', 'OPTIONS', 'HEAD') },
  { weight: 1, arbitrary: fc.constantFrom('PATCH', 'TRACE', 'CONNECT', 'get', 'FOO', '', 'PRI') },
);

/** Requests of all kinds for all routes of the app `targets`, with a key of the host or without. */
export function malformedRequest(keys: HostKeys): fc.Arbitrary<RawRequest> {
  const key = fc.constantFrom(
    undefined,
    'wrong',
    keys.master,
    keys.master,
    keys.master,
    keys.systemKeys['durabletask_extension'],
    keys.systemKeys['eventgrid_extension'],
  );
  const headers = fc.array(header, { maxLength: 3 });
  const then = fc.oneof(
    { weight: 6, arbitrary: fc.constant('end' as const) },
    { weight: 1, arbitrary: fc.constantFrom('break' as const, 'wait' as const) },
  );
  const version = fc.oneof(
    { weight: 15, arbitrary: fc.constant('1.1') },
    { weight: 1, arbitrary: fc.constantFrom('1.0', '9.9', '2.0') },
  );
  return fc
    .tuple(method, target, query, key, headers, body, framing, then, version)
    .map(([verb, path, search, code, more, text, how, after, number]) => {
      const { headers: lengths, body: sent } = framed(text, how);
      const mark = path.includes('?') ? '&' : '?';
      const lines = [
        `${verb} ${path}${search === '' ? '' : mark + search} HTTP/${number}`,
        ...(more.some((line) => line.startsWith('Host:')) ? [] : ['Host: localhost']),
        ...(code === undefined ? [] : [`x-functions-key: ${code}`]),
        ...more,
        ...lengths,
      ];
      return { bytes: Buffer.from(`${lines.join('\r\n')}\r\n\r\n${sent}`, 'latin1'), then: after };
    });
}
