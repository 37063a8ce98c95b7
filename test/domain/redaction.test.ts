import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import fc from 'fast-check';

import { redact, redactFields, redacted } from '../../domain/redaction';

const jwt = 'eyJhbGciOiJSUzI1NiJ9.eyJhdWQiOiJjYW5hcnkifQ.c2lnbmF0dXJl-_x';
const kubeconfig = Buffer.from('apiVersion: v1\nkind: Config\ncanary').toString('base64');
const storageKey = `${'Canary12/+'.repeat(8)}Canary==`;
const functionKey = `${'canaryCANARY_0123-'.repeat(2)}abcdefAzFuX1y2z3==`;

describe('a text', () => {
  it.each([
    ['Authorization: Bearer canary-0123456789', `Authorization: Bearer ${redacted}`],
    ['sent with bearer canary.0123456789 to ARM', `sent with bearer ${redacted} to ARM`],
    [`no token: ${jwt} was refused`, `no token: ${redacted} was refused`],
    [
      'https://x.example/a?sv=1&sig=canary%2B&se=2',
      `https://x.example/a?sv=1&sig=${redacted}&se=2`,
    ],
    ['GET /api/v1/runs?code=canary-12 failed', `GET /api/v1/runs?code=${redacted} failed`],
    [
      'AccountName=a;AccountKey=canary==;EndpointSuffix=x',
      `AccountName=a;AccountKey=${redacted};EndpointSuffix=x`,
    ],
    ['InstrumentationKey=canary,rest', `InstrumentationKey=${redacted},rest`],
    ['{"clientSecret": "canary", "a": 1}', `{"clientSecret": "${redacted}", "a": 1}`],
    [String.raw`{\"access_token\":\"canary\"}`, String.raw`{\"access_token\":\"${redacted}\"}`],
    ["{'adminPassword':'canary pass'}", `{'adminPassword':'${redacted}'}`],
    ['client-key-data: LS0tLS1CRUdJTi1jYW5hcnk0', `client-key-data: ${redacted}`],
    [`{"kubeconfigs": [{"name":"a","value":"canary"}]}`, `{"kubeconfigs": "${redacted}"}`],
    [`the file ${kubeconfig}.`, `the file ${redacted}.`],
    [
      '-----BEGIN RSA PRIVATE KEY-----\ncanary\n-----END RSA PRIVATE KEY----- rest',
      `${redacted} rest`,
    ],
    ['-----BEGIN PRIVATE KEY-----\ncanary, cut off', redacted],
    ['https://me:canary@proxy.example/', `https://${redacted}@proxy.example/`],
    [
      'https://a.webhook.office.com/canary/b failed',
      `https://a.webhook.office.com/${redacted} failed`,
    ],
    ['https://hooks.slack.com/services/T/B/canary', `https://hooks.slack.com/${redacted}`],
    [`connecting with abc8Q~${'canary_x-0'.repeat(3)}abcd now`, `connecting with ${redacted} now`],
    [`the key ${storageKey} is old`, `the key ${redacted} is old`],
    [`with ${functionKey}`, `with ${redacted}`],
  ])('loses what is secret and nothing else: %s', (text, clean) => {
    expect(redact(text)).toBe(clean);
  });

  it.each([
    'no token: connect ECONNREFUSED 127.0.0.1:7072',
    'no token: unknown_error Status code: 500',
    'Key Vault: the identity may not read secrets',
    'AADSTS7000222: The provided client secret keys for app are expired.',
    'https://management.azure.com/subscriptions/00000000-0000-4000-8000-000000000001?api-version=2026-06-01',
    'The secret: unknown, the key: none',
  ])('without secrets stays as it is: %s', (text) => {
    expect(redact(text)).toBe(text);
  });

  it('that Azure writes stays as it is', () => {
    const path = join(__dirname, '../../simulator/data/errors.json');
    const messages = JSON.stringify(JSON.parse(readFileSync(path, 'utf8')));

    expect(redact(messages)).toBe(messages);
  });

  it('is clean once it was cleaned, whatever it is', () => {
    const part = fc.constantFrom(
      ...Array.from('?&=:;,"\'\\ {}[]'),
      'sig=',
      'key',
      'token',
      'Bearer ',
      jwt,
      'code',
    );
    const texts = fc.array(fc.oneof(part, fc.string({ maxLength: 8 })), { maxLength: 12 });

    fc.assert(
      fc.property(texts, (parts) => {
        const once = redact(parts.join(''));
        expect(redact(once)).toBe(once);
      }),
    );
  });

  it('of a megabyte is cleaned in a moment', () => {
    const text = 'token'.repeat(40_000) + '"key"'.repeat(40_000) + 'eyJ'.repeat(200_000);
    const began = performance.now();

    redact(text);

    expect(performance.now() - began).toBeLessThan(5_000);
  });
});

describe('fields', () => {
  it('under the name of a secret are hidden, texts under others are cleaned, numbers stay', () => {
    const fields = {
      accessToken: 'canary',
      tokens: 12,
      url: '/x?code=canary',
      rules: [`a ${jwt}`],
      on: true,
    };

    expect(redactFields(fields)).toEqual({
      accessToken: redacted,
      tokens: 12,
      url: `/x?code=${redacted}`,
      rules: [`a ${redacted}`],
      on: true,
    });
  });
});
