import fc from 'fast-check';

import type { Driven } from './running';
import { misshapen } from './arm-shape';
import { everyRoute } from './every-route';
import { wireWorld } from './wire-world';

const methods = ['GET', 'PUT', 'PATCH', 'POST', 'DELETE', 'OPTIONS', 'PROPFIND'];
const oddSegments = [
  '__proto__',
  'constructor',
  'toString',
  '..%2F..',
  '%00',
  '%E0%A4',
  '%',
  '%F0%9F%92%A9',
  'providers',
  'subscriptions',
  '(a%2B)%2B$',
  'x'.repeat(300),
];
const oddBodies = [
  '{',
  '"text"',
  '[]',
  'null',
  '12',
  '1e999',
  '\u0000',
  '{"__proto__":{"polluted":true},"properties":{"__proto__":{"polluted":true}}}',
  '{"location":{},"tags":[],"identity":7,"properties":"x"}',
  '{"location":"westus2","properties":{"agentPoolProfiles":{}}}',
  '{"location":"westus2","properties":{"agentPoolProfiles":[null,1,{"name":{}}]}}',
  '{"location":"westus2","identity":{"type":"UserAssigned","userAssignedIdentities":[1]}}',
  '{"properties":{"maintenanceWindow":null,"audiences":[null],"managedIdentity":[]}}',
  '['.repeat(100_000),
];
const oddQueries = [
  '',
  '?',
  '?api-version',
  '?api-version=2026-06-01',
  '?api-version=2026-06-01&api-version=x',
  '?api-version=2026-06-01&$top=-1&$skiptoken=-5',
  '?api-version=2026-06-01&$top=1e9&$skiptoken=NaN',
  "?api-version=2026-06-01&$filter=principalId eq '",
  '?api-version=%00&&&=',
];
const oddHeaders: readonly Readonly<Record<string, string>>[] = [
  {},
  { 'if-match': '"' },
  { 'if-match': '*', 'if-none-match': '*' },
  { authorization: 'Bearer a.b.c' },
  { authorization: 'Basic x' },
  { 'x-forwarded-host': 'a b/c' },
  { 'x-ms-correlation-request-id': '\t' },
];

const path = fc.oneof(
  fc.constantFrom(...everyRoute.map((route) => route.path)),
  fc
    .tuple(fc.constantFrom(...everyRoute.map((route) => route.path)), fc.nat(), oddSegment())
    .map(([known, index, odd]) => replaceSegment(known, index, odd)),
  fc.array(oddSegment(), { maxLength: 8 }).map((segments) => `/${segments.join('/')}`),
);
const request = fc.record({
  method: fc.constantFrom(...methods),
  path,
  query: fc.constantFrom(...oddQueries),
  headers: fc.constantFrom(...oddHeaders),
  body: fc.oneof(fc.constantFrom(...oddBodies), fc.json(), fc.constant(undefined)),
});

/** Sends odd requests; fails on the first answer that is not as Azure's. */
export async function sendMalformed(azure: Driven, runs: number): Promise<void> {
  await azure.control('PUT', 'world', wireWorld);
  const property = fc.asyncProperty(request, async ({ method, path: on, query, headers, body }) => {
    const sent = method === 'GET' ? {} : { body };
    const reply = await azure.arm(method, `${on}${query}`, { headers, ...sent, anyShape: true });
    const wrong = misshapen(reply);
    if (wrong !== undefined) throw new Error(wrong);
  });
  await fc.assert(property, { numRuns: runs });
}

function oddSegment(): fc.Arbitrary<string> {
  return fc.oneof(
    fc.constantFrom(...oddSegments),
    fc
      .string({ unit: 'binary', maxLength: 20 })
      .map((text) => encodeURIComponent(wellFormed(text))),
  );
}

function wellFormed(text: string): string {
  return text.toWellFormed();
}

function replaceSegment(known: string, index: number, odd: string): string {
  const segments = known.split('/');
  segments[index % segments.length] = odd;
  return segments.join('/').replace(/^(?!\/)/, '/');
}
