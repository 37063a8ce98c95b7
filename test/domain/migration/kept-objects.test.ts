import { keptObject, nmiContainer } from '../../../domain/migration/kept-objects';
import type { Json } from '../../../domain/migration/snapshot';

const owner = (kind: string) => [{ kind, name: 'x', controller: true }];
const container = (more: object) => ({ containers: [{ name: 'app', image: 'app', ...more }] });
const pod = (metadata: object, spec: object = container({})): Json => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata,
  spec,
  status: { phase: 'Running', podIP: '10.0.0.1', conditions: [] },
});
const deployment = (env: readonly object[]): Json => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'x' },
  spec: { template: { spec: container({ env }) } },
});
interface WithTemplate {
  readonly template: {
    readonly spec: {
      readonly containers: readonly { readonly env: readonly { readonly value: string }[] }[];
    };
  };
}
const valuesIn = (kept: Json | undefined) =>
  ((kept?.['spec'] as WithTemplate).template.spec.containers[0]?.env ?? []).map(
    ({ value }) => value,
  );

describe('what is kept of an object', () => {
  it.each([
    ['DATABASE_PASSWORD', 'hunter2', '***'],
    ['CONNECTION', 'Server=db;Password=hunter2', '***'],
    ['AZURE_CLIENT_SECRET', 'hunter2', '***'],
    ['AZURE_CLIENT_SECRET', '22222222-2222-4222-8222-222222222222', '***'],
    ['EMPTY', '', ''],
    ['AZURE_CLIENT_ID', 'not a guid', 'not a guid'],
    ['AZURE_TENANT_ID', 'contoso.com', 'contoso.com'],
    ['MY_IDENTITY', '22222222-2222-4222-8222-222222222222', '22222222-2222-4222-8222-222222222222'],
    ['MY_IDENTITY', '/Subscriptions/x/y', '/Subscriptions/x/y'],
    ['FORCENAMESPACED', 'true', 'true'],
  ])('the variable %s=%s is %s', (name, value, expected) => {
    expect(valuesIn(keptObject(deployment([{ name, value }])))).toEqual([expected]);
  });

  it('no values of an applied configuration, and who wrote it without what', () => {
    const managedFields = [
      {
        manager: 'helm',
        operation: 'Update',
        apiVersion: 'v1',
        time: 't',
        fieldsV1: { 'f:spec': {} },
      },
    ];
    const annotations = {
      'kubectl.kubernetes.io/last-applied-configuration': '{"password":1}',
      other: 'kept',
    };
    const kept = keptObject({
      ...deployment([]),
      metadata: { name: 'x', annotations, managedFields },
    });

    expect(kept?.['metadata']).toEqual({
      name: 'x',
      annotations: { other: 'kept' },
      managedFields: [{ manager: 'helm', operation: 'Update' }],
    });
  });

  it.each<[string, Json, boolean]>([
    ['a pod of a Deployment', pod({ name: 'x', ownerReferences: owner('ReplicaSet') }), false],
    [
      'a pod of a Deployment with pod identity',
      pod({ name: 'x', labels: { aadpodidbinding: 'x' }, ownerReferences: owner('ReplicaSet') }),
      true,
    ],
    [
      'a pod of a Deployment with an empty label',
      pod({ name: 'x', labels: { aadpodidbinding: '' }, ownerReferences: owner('ReplicaSet') }),
      false,
    ],
    ['a pod of its own', pod({ name: 'x' }), true],
    [
      'a pod that is only owned',
      pod({ name: 'x', ownerReferences: [{ kind: 'ReplicaSet', name: 'x' }] }),
      true,
    ],
    [
      'a pod of a kind that is not read',
      pod({ name: 'x', ownerReferences: owner('Rollout') }),
      true,
    ],
    ['a static pod', pod({ name: 'x', ownerReferences: owner('Node') }), true],
    [
      'a pod of NMI',
      pod(
        { name: 'x', ownerReferences: owner('DaemonSet') },
        container({ image: 'registry.local/mirror/nmi:v1.8.17' }),
      ),
      true,
    ],
    [
      'a revision without pods',
      {
        kind: 'ReplicaSet',
        metadata: { name: 'x', ownerReferences: owner('Deployment') },
        spec: { replicas: 0 },
      },
      false,
    ],
    [
      'a revision with pods',
      {
        kind: 'ReplicaSet',
        metadata: { name: 'x', ownerReferences: owner('Deployment') },
        spec: { replicas: 1 },
      },
      true,
    ],
    [
      'a ReplicaSet of its own',
      { kind: 'ReplicaSet', metadata: { name: 'x' }, spec: { replicas: 0 } },
      true,
    ],
  ])('%s: %#', (_what, object, isKept) => {
    expect(keptObject(object) !== undefined).toBe(isKept);
  });

  it('of a revision who it belongs to, and not its template once more', () => {
    const metadata = { name: 'x', ownerReferences: owner('Deployment') };

    expect(
      keptObject({
        apiVersion: 'apps/v1',
        kind: 'ReplicaSet',
        metadata,
        spec: { replicas: 1, template: {} },
      }),
    ).toEqual({ apiVersion: 'apps/v1', kind: 'ReplicaSet', metadata });
  });

  it('of a pod its addresses, of other states nothing', () => {
    expect(keptObject(pod({ name: 'x' }))?.['status']).toEqual({
      phase: 'Running',
      podIP: '10.0.0.1',
    });
    expect(
      keptObject({
        kind: 'HorizontalPodAutoscaler',
        metadata: {},
        spec: { a: 1 },
        status: { b: 1 },
      }),
    ).toEqual({ kind: 'HorizontalPodAutoscaler', metadata: {}, spec: { a: 1 } });
  });

  it.each([
    ['mcr.microsoft.com/oss/azure/aad-pod-identity/nmi:v1.8.17', true],
    ['registry.local/nmi@sha256:0', true],
    ['nmi', true],
    ['registry.local/anmi:1', false],
    ['registry.local/nmi/other:1', false],
    [undefined, false],
  ])('an image tells whether a container is NMI: %s', (image, isNmi) => {
    expect(nmiContainer(pod({ name: 'x' }, container({ image }))) !== undefined).toBe(isNmi);
  });

  it.each([
    {},
    { kind: 'Pod' },
    { kind: 'Deployment', metadata: null, spec: null },
    { kind: 'Deployment', spec: { template: { spec: { containers: [{ env: 'x' }] } } } },
  ])('nothing breaks over %j', (object) => {
    expect(() => keptObject(object)).not.toThrow();
  });
});
