import fc from 'fast-check';

import type { Json, MigrationSnapshot } from '../../../../domain/migration/snapshot';
import {
  armCluster,
  azureIdentity,
  binding,
  clientIdOf,
  clusterId,
  credential,
  identityId,
  issuerOf,
  maker,
  managedIdentity,
  nmi,
  object,
  open,
  tenant,
} from './a-world';

const names = ['app', 'other', 'third'] as const;
const namespaces = ['shop', 'ops'] as const;
const accounts = ['default', 'app', 'app-other-id', 'wi-app-id'] as const;
const oneName = fc.constantFrom(...names);
const oneNamespace = fc.constantFrom(...namespaces);

const patience = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined, freq: 2 });

const workload = fc
  .record({
    kind: fc.constantFrom(
      'Deployment',
      'StatefulSet',
      'DaemonSet',
      'CronJob',
      'Job',
      'ReplicaSet',
      'Pod',
    ),
    name: fc.constantFrom('a', 'b', 'c', 'd'),
    namespace: oneNamespace,
    accountName: fc.constantFrom(...accounts),
    selector: fc.constantFrom('app-id', 'both', 'none', ''),
    use: fc.boolean(),
    hostNetwork: fc.boolean(),
    init: fc.boolean(),
    clientId: patience(fc.constantFrom(...names.map(clientIdOf), 'x')),
    inject: patience(fc.constantFrom('true', 'false')),
    mode: patience(fc.constantFrom('sdk', 'imds', 'auto', 'odd')),
    helm: fc.boolean(),
  })
  .map(({ kind, name, selector, use, hostNetwork, init, clientId, inject, mode, helm, ...rest }) =>
    maker(kind, name, {
      ...rest,
      labels: { aadpodidbinding: selector, ...(use && { 'azure.workload.identity/use': 'true' }) },
      annotations:
        inject === undefined ? {} : { 'azure.workload.identity/inject-proxy-sidecar': inject },
      metadata: {
        annotations: {
          ...(mode !== undefined && { 'steward.dev/auth-mode': mode }),
          ...(helm && { 'meta.helm.sh/release-name': 'r' }),
        },
        ...(helm && kind !== 'Pod' && { labels: { 'app.kubernetes.io/managed-by': 'Helm' } }),
      },
      pod: { hostNetwork, ...(init && { initContainers: [{ name: 'i' }] }) },
      container:
        clientId === undefined ? {} : { env: [{ name: 'AZURE_CLIENT_ID', value: clientId }] },
    }),
  );

const account = fc
  .record({
    name: fc.constantFrom(...accounts),
    namespace: oneNamespace,
    clientId: patience(fc.constantFrom(...names.map(clientIdOf), 'x')),
  })
  .map(({ name, namespace, clientId }) =>
    object('v1 ServiceAccount', name, {
      metadata: {
        namespace,
        ...(clientId !== undefined && {
          annotations: { 'azure.workload.identity/client-id': clientId },
        }),
      },
    }),
  );

const podIdentity = fc
  .record({
    name: oneName,
    namespace: oneNamespace,
    type: fc.constantFrom(0, 0, 0, 1),
    selector: fc.constantFrom('app-id', 'both'),
  })
  .map(({ name, namespace, type, selector }) => [
    // An application is another client than any managed identity.
    azureIdentity(name, { type, ...(type !== 0 && { clientID: `sp-${name}` }) }, { namespace }),
    binding(name, selector, { namespace }),
  ]);

/** Credentials up to the limit: filler, some that are wanted, some that are almost. */
const credentials = fc
  .record({
    filler: fc.constantFrom(0, 17, 18, 19, 20),
    known: fc.subarray(
      namespaces.flatMap((namespace) =>
        accounts.map((name) => `system:serviceaccount:${namespace}:${name}`),
      ),
    ),
    odd: fc.constantFrom({}, { audiences: ['x'] }, { issuer: issuerOf(1).slice(0, -1) }),
  })
  .map(({ filler, known, odd }) =>
    [
      ...known.map((subject, index) => credential(`known-${index}`, { subject, ...odd })),
      ...Array.from({ length: filler }, (_, index) =>
        credential(`f-${index}`, { subject: `f-${index}` }),
      ),
    ].slice(0, 20),
  );

const mode = fc.constantFrom<{ readonly properties: Json; readonly objects: readonly Json[] }>(
  { properties: {}, objects: [] },
  { properties: open, objects: [nmi()] },
  { properties: open, objects: [nmi({}, ['--operation-mode=managed'])] },
  { properties: open, objects: [] },
  { properties: {}, objects: [nmi()] },
);

const cluster = fc.record({
  mode,
  issuer: fc.boolean(),
  version: fc.constantFrom('v1.31.1', 'v1.33.2'),
  workloads: fc.array(workload, { maxLength: 7 }),
  accounts: fc.array(account, { maxLength: 4 }),
  identities: fc.array(podIdentity, { maxLength: 4 }),
  enforced: fc.boolean(),
});

/** Small fleets of one or two clusters that share identities. */
export const randomSnapshot: fc.Arbitrary<MigrationSnapshot> = fc
  .record({
    clusters: fc.array(cluster, { minLength: 1, maxLength: 2 }),
    credentials: fc.array(credentials, { minLength: 3, maxLength: 3 }),
    missing: patience(oneName),
  })
  .map(({ clusters, credentials: lists, missing }) => {
    const id = (index: number) => `${clusterId}${index}`;
    return {
      fleet: {
        subscriptions: [],
        clusters: clusters.map((one, index) => ({
          ...armCluster({
            properties: {
              oidcIssuerProfile: one.issuer
                ? { enabled: true, issuerURL: issuerOf(index + 1) }
                : { enabled: false },
              ...one.mode.properties,
            },
          }),
          id: id(index),
          name: `aks${index}`,
        })),
        identities: names
          .filter((name) => name !== missing)
          .map((name, index) =>
            managedIdentity(name, { federatedIdentityCredentials: lists[index] ?? [], tenant }),
          ),
        roleAssignments: [],
        vmss: [],
      },
      kubernetes: Object.fromEntries(
        clusters.map((one, index) => [
          id(index),
          {
            serverVersion: one.version,
            objects: [
              ...one.mode.objects,
              object('v1 Namespace', 'shop', {
                metadata: {
                  namespace: '',
                  labels: one.enforced ? { 'pod-security.kubernetes.io/enforce': 'baseline' } : {},
                },
              }),
              ...one.identities.flat(),
              ...one.accounts,
              ...one.workloads,
            ],
          },
        ]),
      ),
    };
  });

/** Anything that JSON can hold, most of it where something else is expected. */
export const randomObject: fc.Arbitrary<Json> = fc.letrec((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    fc.constantFrom<unknown>(
      null,
      true,
      0,
      -1,
      1501,
      '',
      'true',
      'x',
      'windows',
      identityId('app'),
      '25%',
    ),
    fc.array(tie('value'), { maxLength: 3 }),
    tie('object'),
  ),
  object: fc.dictionary(
    fc.constantFrom(
      ...[
        'metadata',
        'spec',
        'template',
        'labels',
        'annotations',
        'name',
        'namespace',
        'containers',
      ],
      ...['initContainers', 'env', 'valueFrom', 'ownerReferences', 'uid', 'controller', 'kind'],
      ...[
        'selector',
        'azureIdentity',
        'type',
        'resourceID',
        'clientID',
        'podLabels',
        'aadpodidbinding',
      ],
      ...['subjects', 'limits', 'hard', 'metrics', 'webhooks', 'clientConfig', 'volumes', 'csi'],
      ...['strategy', 'rollingUpdate', 'replicas', 'status', 'podIP', 'podIPs', 'tolerations'],
      ...[
        'nodeSelector',
        'os',
        'securityContext',
        'ports',
        'managedFields',
        'parameters',
        '__proto__',
      ],
      ...[
        'jobTemplate',
        'items',
        'imagePullSecrets',
        'data',
        'image',
        'args',
        'command',
        'constructor',
      ],
    ),
    tie('value'),
    { maxKeys: 6 },
  ),
})).object;
