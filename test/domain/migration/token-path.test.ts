import { MigrationOptions } from '../../../domain/migration/options';
import {
  env,
  migratedWorld,
  otherClientId,
  planOf,
  workloadOf,
  clientId,
  credential,
  object,
} from './support/a-world';
import type { World } from './support/a-world';

const key = 'shop/Deployment/app';
const declared = (mode: string): World => ({ options: { authMode: { [key]: mode } } });
const noted = (mode: string): World => ({
  metadata: { annotations: { 'steward.dev/auth-mode': mode } },
});
const onNodes: World = { pod: { hostNetwork: true } };
const inject = 'azure.workload.identity/inject-proxy-sidecar';
const planned = (world: World) => workloadOf(planOf(world));

describe('how a workload gets tokens', () => {
  it.each<[string, World, object]>([
    ['nobody has said', onNodes, { status: 'needs-input', delivery: 'none', auth: 'none' }],
    [
      'it wants IMDS',
      { ...onNodes, ...declared('imds') },
      { status: 'blocked', delivery: 'none', auth: 'none' },
    ],
    [
      'it has an SDK',
      { ...onNodes, ...declared('sdk') },
      { status: 'ready', delivery: 'patch', auth: 'direct' },
    ],
    ['it says itself that it wants IMDS', { ...onNodes, ...noted('imds') }, { status: 'blocked' }],
    ['it says what nobody understands', { ...onNodes, ...noted('SDK') }, { status: 'needs-input' }],
    ['all have an SDK', { ...onNodes, options: { authModeDefault: 'sdk' } }, { auth: 'direct' }],
    [
      'all have an SDK, but not this one',
      { ...onNodes, ...noted('auto'), options: { authModeDefault: 'sdk' } },
      { status: 'needs-input' },
    ],
    [
      'a person says other than the workload',
      { ...onNodes, ...noted('imds'), ...declared('sdk') },
      { auth: 'direct' },
    ],
  ])('is decided where the sidecar cannot be: %s', (_case, world, expected) => {
    expect(planned(world)).toMatchObject(expected);
  });

  it('names everything that keeps the sidecar out', () => {
    const world: World = {
      pod: { hostNetwork: true, os: { name: 'windows' }, securityContext: { runAsUser: 1501 } },
      namespaceMetadata: {
        labels: { 'control-plane': 'x', 'pod-security.kubernetes.io/enforce': 'baseline' },
      },
    };

    expect(planned(world).codes).toEqual([
      'ADMISSION_EXCLUDED_NAMESPACE',
      'HOST_NETWORK',
      'PROXY_UID_COLLISION',
      'PSA_ENFORCE',
      'WINDOWS',
    ]);
  });

  it.each<[string, World, object]>([
    ['nobody has said', {}, { status: 'needs-input', auth: 'none' }],
    ['IMDS', { options: { authModeDefault: 'imds' } }, { status: 'blocked', auth: 'none' }],
    [
      'SDK',
      { options: { authModeDefault: 'sdk' } },
      { status: 'ready', auth: 'static', codes: ['ADMISSION_EXCLUDED_NAMESPACE'] },
    ],
  ])('in a namespace without the webhook: %s', (_case, world, expected) => {
    expect(planned({ ...world, namespace: 'kube-system' })).toMatchObject(expected);
  });

  it('takes the first free port', () => {
    const ports = (...numbers: readonly number[]): World => ({
      container: { ports: numbers.map((containerPort) => ({ containerPort })) },
    });
    const port = 'azure.workload.identity/proxy-sidecar-port';

    expect(planned(ports(8010)).templatePatch?.annotations).toEqual({ [inject]: 'true' });
    expect(planned(ports(8000)).templatePatch?.annotations[port]).toBe('8010');
    expect(planned(ports(8000, 8010, 8030)).templatePatch?.annotations[port]).toBe('8020');
  });

  it('takes out an annotation whose presence injects the sidecar', () => {
    const sdk = { options: { authModeDefault: 'sdk' } };

    expect(planned({ ...sdk, annotations: { [inject]: 'true' } }).templatePatch).toEqual({
      labels: { 'azure.workload.identity/use': 'true' },
      annotations: {},
      removeAnnotations: [inject],
    });
    expect(planned({ annotations: { [inject]: 'false' } }).templatePatch).toMatchObject({
      annotations: { [inject]: 'true' },
      removeAnnotations: [],
    });
  });

  it.each<[string, World, object]>([
    ['direct', migratedWorld, { status: 'migrated', auth: 'direct', codes: [] }],
    [
      'by the sidecar',
      { ...migratedWorld, annotations: { [inject]: 'false' } },
      { status: 'migrated', auth: 'sidecar', codes: [] },
    ],
    [
      'on the host network, as its template says',
      { ...migratedWorld, ...onNodes },
      { status: 'migrated', auth: 'direct' },
    ],
    [
      'for several',
      { ...migratedWorld, second: true, ...env({ name: 'AZURE_CLIENT_ID', value: otherClientId }) },
      { status: 'needs-approval' },
    ],
    [
      'not by the sidecar that it needs',
      { ...migratedWorld, options: { authModeDefault: 'imds' } },
      { status: 'ready', codes: ['PARTIALLY_MIGRATED'] },
    ],
    [
      'where the webhook does not come',
      { ...migratedWorld, namespaceMetadata: { labels: { 'control-plane': 'x' } } },
      { status: 'needs-input' },
    ],
    [
      'not as the account that would be right',
      {
        labels: migratedWorld.labels ?? {},
        accountName: 'default',
        credentials: [credential('old', { subject: 'system:serviceaccount:shop:wi-app-id' })],
        objects: [
          object('v1 ServiceAccount', 'wi-app-id', {
            metadata: { annotations: { 'azure.workload.identity/client-id': clientId } },
          }),
        ],
      },
      { status: 'ready', serviceAccount: 'wi-app-id', delivery: 'patch' },
    ],
    [
      'with a selector that keeps the old label',
      {
        ...migratedWorld,
        spec: {
          selector: { matchLabels: { aadpodidbinding: 'app-id' } },
          strategy: { type: 'Recreate' },
        },
      },
      { status: 'migrated', codes: ['LABEL_IN_SELECTOR'] },
    ],
  ])('is seen in what is migrated: %s', (_case, world, expected) => {
    expect(planned(world)).toMatchObject(expected);
  });
});

describe('the options of a migration', () => {
  it('are refused where nobody knows them', () => {
    expect(MigrationOptions.safeParse({ authmode: {} }).success).toBe(false);
    expect(MigrationOptions.safeParse({ soakHours: 1 }).success).toBe(false);
  });

  it('do not take members of objects for workloads', () => {
    const world: World = { metadata: { name: 'constructor' } };

    expect(workloadOf(planOf(world), 'constructor')).toMatchObject({
      status: 'ready',
      auth: 'sidecar',
    });
  });
});
