import fc from 'fast-check';

import { at, objectsAt, textAt } from '../../../simulator/json';
import { misshapen } from '../support/arm-shape';
import { drive } from '../support/running';
import type { Reply } from '../support/running';
import { applicationOf, guid } from './a-directory';

const segment = fc.oneof(
  fc.constantFrom(
    ...['servicePrincipals', 'applications', 'directoryObjects', 'getMemberGroups', '$batch'],
    ...[guid('2'), guid('9'), '__proto__', 'constructor', '%00', '%E0%A4', '%', '..%2F..', ''],
    ...[`servicePrincipals(appId='${guid('1')}')`, `applications(appId='${guid('1')}')`],
    ...["servicePrincipals(appId='')", "applications(appId='a''')", 'servicePrincipals((', "x('')"],
  ),
  fc.string({ maxLength: 6 }).map(encodeURIComponent),
);
const path = fc.array(segment, { maxLength: 4 }).map((segments) => `/${segments.join('/')}`);
const query = fc.constantFrom(
  ...[
    '',
    '?',
    '?$select=id',
    '?$select=',
    '?$select=,',
    '?$select=__proto__',
    '?$select=constructor',
  ],
  ...['?$select=%00', '?$expand=x', '?$top=1', '?x=%zz', '?$select=id&$select=appId', '?a?b'],
);
const part = fc.record(
  {
    id: fc.oneof(fc.string(), fc.json()),
    method: fc.constantFrom('GET', 'POST', 'get', '', 'X'),
    url: fc.tuple(path, query).map(([on, ask]) => `${on}${ask}`),
    headers: fc.constantFrom<unknown>({ 'Content-Type': 'application/json' }, null, [], 'x'),
    body: fc.constantFrom<unknown>({ securityEnabledOnly: true }, null, [], 7),
  },
  { requiredKeys: [] },
);
const body = fc.oneof(
  fc.json(),
  fc.constantFrom('', '{', '{"securityEnabledOnly":false}', '['.repeat(100_000), '{"__proto__":1}'),
  fc
    .array(fc.oneof(part, fc.jsonValue()), { maxLength: 4 })
    .map((requests) => JSON.stringify({ requests })),
);
const request = fc.record({
  method: fc.constantFrom('GET', 'POST', 'PATCH', 'DELETE', 'OPTIONS'),
  path: fc.oneof(path, fc.constant('/$batch')),
  query,
  body,
});

/** What is wrong with an answer of Graph. */
function flawIn({ status, body: answer }: Pick<Reply, 'status' | 'body'>): string | undefined {
  const error = at(answer, 'error');
  const anonymous = status >= 400 && textAt(error, 'innerError', 'request-id') === undefined;
  const secret = JSON.stringify(answer).includes('5ecret') ? 'tells a secret' : undefined;
  return (
    misshapen({ status, body: answer, headers: new Headers() }) ??
    (anonymous ? `has no inner error: ${JSON.stringify(answer)}` : secret)
  );
}

it('answers whatever bytes come in the form of Graph', async () => {
  await using azure = await drive();
  await azure.control('PUT', 'world', {
    resources: [applicationOf('app', { clientId: guid('1'), principalId: guid('2') })],
  });

  const property = fc.asyncProperty(
    request,
    async ({ method, path: on, query: ask, body: sent }) => {
      const options = method === 'GET' ? {} : { body: sent };
      const reply = await azure.arm(method, `/v1.0${on}${ask}`, { ...options, anyShape: true });
      const parts = objectsAt(reply.body, 'responses').map((one) => ({
        status: Number(one['status']),
        body: one['body'] ?? null,
      }));

      expect([reply, ...parts].map(flawIn).filter(Boolean)).toEqual([]);
    },
  );
  await fc.assert(property, { numRuns: 400, seed: 3 });
});
