import * as fc from 'fast-check';

import type { TemplatePatch } from '../../../domain/migration/document';
import { patchTemplate, revertTemplate } from '../../../domain/migration/template';
import type { Json } from '../../../domain/migration/snapshot';

const proxyInit = { name: 'azwi-proxy-init', image: 'mcr.example/proxy-init:1' };

const names = fc.constantFrom('app', 'side', 'azure.workload.identity/use', 'team', 'x');
const labels = fc.dictionary(names, fc.constantFrom('true', 'false', 'a', ''));
const variable = fc.record({
  name: fc.constantFrom('AZURE_CLIENT_ID', 'AZURE_TENANT_ID', 'HOME'),
  value: fc.constantFrom('one', 'two'),
});
const container = fc.record(
  {
    name: fc.constantFrom('main', 'second', 'azwi-proxy-init'),
    env: fc.uniqueArray(variable, { selector: ({ name }) => name, maxLength: 3 }),
    volumeMounts: fc.constantFrom([], [{ name: 'data', mountPath: '/data' }]),
  },
  { requiredKeys: ['name'] },
);
const containers = (minLength: number) =>
  fc.uniqueArray(container, { selector: ({ name }) => name, minLength, maxLength: 3 });
const template: fc.Arbitrary<Json> = fc.record({
  metadata: fc.record(
    { annotations: labels, name: fc.constant('t'), labels },
    { requiredKeys: [] },
  ),
  spec: fc.record(
    {
      serviceAccountName: fc.constantFrom('default', 'orders'),
      serviceAccount: fc.constantFrom('default', 'orders'),
      initContainers: containers(0),
      containers: containers(1),
      volumes: fc.constantFrom([], [{ name: 'data', emptyDir: {} }]),
    },
    { requiredKeys: ['containers'] },
  ),
});
const patch: fc.Arbitrary<TemplatePatch> = fc.record(
  {
    labels: fc.constantFrom({ 'azure.workload.identity/use': 'true' }),
    annotations: fc.constantFrom({}, { 'azure.workload.identity/inject-proxy-sidecar': 'true' }),
    removeAnnotations: fc.constantFrom([], ['team', 'x']),
    serviceAccountName: fc.constantFrom('wi-orders', 'orders'),
    pinProxyInit: fc.boolean(),
    staticInjection: fc.constant({
      env: { AZURE_CLIENT_ID: 'one', AZURE_AUTHORITY_HOST: 'https://login.example/' },
      mountPath: '/var/run/secrets/azure/tokens',
      audience: 'api://AzureADTokenExchange',
      expirationSeconds: 3600,
    }),
  },
  { requiredKeys: ['labels', 'annotations', 'removeAnnotations'] },
);

describe('a template', () => {
  it('is itself again, byte for byte, when its patch is taken back', () => {
    fc.assert(
      fc.property(template, patch, (before, wanted) => {
        const after = patchTemplate(before, wanted, proxyInit);

        expect(JSON.stringify(revertTemplate(after, before, wanted))).toBe(JSON.stringify(before));
      }),
      { numRuns: 2000 },
    );
  });

  it('is changed no more when it is patched again', () => {
    fc.assert(
      fc.property(template, patch, (before, wanted) => {
        const after = patchTemplate(before, wanted, proxyInit);

        expect(JSON.stringify(patchTemplate(after, wanted, proxyInit))).toBe(JSON.stringify(after));
      }),
    );
  });

  it('keeps what somebody else has changed since, when its patch is taken back', () => {
    const before = {
      metadata: { labels: { app: 'orders' } },
      spec: { serviceAccountName: 'default', containers: [{ name: 'main', image: 'orders:1' }] },
    };
    const wanted: TemplatePatch = {
      labels: { 'azure.workload.identity/use': 'true' },
      annotations: { 'azure.workload.identity/inject-proxy-sidecar': 'true' },
      removeAnnotations: [],
      serviceAccountName: 'wi-orders',
    };
    const after = patchTemplate(before, wanted);
    const released = {
      ...after,
      metadata: {
        ...(after['metadata'] as Json),
        labels: { app: 'orders', release: '2', 'azure.workload.identity/use': 'true' },
      },
      spec: { ...(after['spec'] as Json), containers: [{ name: 'main', image: 'orders:2' }] },
    };

    expect(revertTemplate(released, before, wanted)).toEqual({
      metadata: { labels: { app: 'orders', release: '2' } },
      spec: { serviceAccountName: 'default', containers: [{ name: 'main', image: 'orders:2' }] },
    });
  });

  it('keeps an account that somebody else has given it since', () => {
    const before = { metadata: {}, spec: { serviceAccountName: 'a', containers: [] } };
    const wanted = { labels: {}, annotations: {}, removeAnnotations: [], serviceAccountName: 'b' };

    const live = { metadata: {}, spec: { serviceAccountName: 'c', containers: [] } };

    expect(revertTemplate(live, before, wanted)).toEqual(live);
  });
});
