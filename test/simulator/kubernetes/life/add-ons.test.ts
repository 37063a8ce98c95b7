import { at, objectAt, objectsAt, textAt, withAt } from '../../../../simulator/json';
import type { Json, JsonObject } from '../../../../simulator/json';
import { drive } from '../../support/running';
import type { Driven } from '../../support/running';
import { codeOf } from '../../support/world';
import { clusterId, aCluster } from './a-world';

const version = '?api-version=2026-06-01';
const group = '/subscriptions/11111111-aaaa-4aaa-8aaa-111111111111/resourceGroups/rg-identities';
const identityId = (name: string) =>
  `${group}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/${name}`;

function anIdentity(name: string, clientId: string) {
  return {
    id: identityId(name),
    name,
    type: 'Microsoft.ManagedIdentity/userAssignedIdentities',
    location: 'westeurope',
    properties: { clientId, principalId: `principal-${name}`, tenantId: 't' },
  };
}

const feature = {
  id: '/subscriptions/11111111-aaaa-4aaa-8aaa-111111111111/providers/Microsoft.Features/providers/Microsoft.ContainerService/features/EnablePodIdentityPreview',
  properties: { state: 'Registered' },
  $truth: { effective: true },
};

const identity = { type: 'SystemAssigned', principalId: 'principal-cluster', tenantId: 't' };

const managedIdentityOperator = {
  id: `${group}/providers/Microsoft.Authorization/roleAssignments/0f0e0d0c-0000-4000-8000-000000000001`,
  name: '0f0e0d0c-0000-4000-8000-000000000001',
  type: 'Microsoft.Authorization/roleAssignments',
  properties: {
    scope: group,
    principalId: identity.principalId,
    principalType: 'ServicePrincipal',
    roleDefinitionId:
      '/providers/Microsoft.Authorization/roleDefinitions/f1a07417-d97a-45cb-824c-7a7467783830',
  },
};

async function anAzure(): Promise<Driven> {
  const azure = await drive({ scenario: { now: '2026-11-24T08:00:00Z' } });
  const resources = [
    ...aCluster().map((one) => (one.id === clusterId ? { ...one, identity } : one)),
    anIdentity('one', 'client-1'),
    anIdentity('two', 'client-2'),
    managedIdentityOperator,
    feature,
  ];
  await azure.control('PUT', 'world', { resources, kubernetes: { [clusterId]: {} } });
  azure.advanceMinutes(1);
  return azure;
}

async function put(azure: Driven, properties: JsonObject): Promise<number> {
  const { body } = await azure.arm('GET', `${clusterId}${version}`);
  const before = objectAt(body, 'properties');
  const wanted = {
    location: 'westeurope',
    identity: { type: 'SystemAssigned' },
    properties: { ...before, ...properties },
  };
  const reply = await azure.arm('PUT', `${clusterId}${version}`, { body: wanted });
  if (reply.status >= 400) throw new Error(JSON.stringify(codeOf(reply.body)));
  azure.advanceMinutes(10);
  return reply.status;
}

async function inside(azure: Driven, kind: string): Promise<readonly string[]> {
  const all = await azure.control('GET', 'kubernetes');
  return objectsAt(all, clusterId, 'objects')
    .filter((one) => one['kind'] === kind)
    .map(
      (one) =>
        `${textAt(one, 'metadata', 'namespace') ?? ''}/${textAt(one, 'metadata', 'name') ?? ''}`,
    )
    .sort();
}

async function object(azure: Driven, kind: string, name: string): Promise<JsonObject | undefined> {
  const all = await azure.control('GET', 'kubernetes');
  return objectsAt(all, clusterId, 'objects').find(
    (one) => one['kind'] === kind && textAt(one, 'metadata', 'name') === name,
  );
}

async function onScaleSets(azure: Driven): Promise<Json> {
  const world = (await azure.control('GET', 'world')) as Record<string, Json>;
  const sets = Object.values(world).filter((one) =>
    textAt(one, 'id')?.includes('/virtualMachineScaleSets/'),
  );
  return sets.map((one) => Object.keys(objectAt(one, 'identity', 'userAssignedIdentities')).sort());
}

const entry = (name: string, namespace = 'shop') => ({
  name: `${name}-id`,
  namespace,
  bindingSelector: name,
  identity: { resourceId: identityId(name), clientId: `client-${name === 'one' ? 1 : 2}` },
});

describe('workload identity on a cluster', () => {
  it('brings the webhook when the operation has ended, and takes it away', async () => {
    await using azure = await anAzure();

    await put(azure, {
      oidcIssuerProfile: { enabled: true },
      securityProfile: { workloadIdentity: { enabled: true } },
    });

    const { body } = await azure.arm('GET', `${clusterId}${version}`);
    expect(textAt(body, 'properties', 'oidcIssuerProfile', 'issuerURL')).toMatch(/^https:.*\/$/);
    expect(await object(azure, 'Deployment', 'azure-wi-webhook-controller-manager')).toMatchObject({
      metadata: { namespace: 'kube-system' },
      status: { readyReplicas: 2 },
    });
    const hooks = await object(
      azure,
      'MutatingWebhookConfiguration',
      'azure-wi-webhook-mutating-webhook-configuration',
    );
    const [hook] = objectsAt(hooks, 'webhooks');
    expect(textAt(hook, 'clientConfig', 'caBundle')).toMatch(/^LS0t/);
    expect(at(hook, 'clientConfig', 'service', 'namespace')).toBe('kube-system');

    await put(azure, { securityProfile: { workloadIdentity: { enabled: false } } });

    expect(await inside(azure, 'Deployment')).toEqual([]);
    expect(await inside(azure, 'MutatingWebhookConfiguration')).toEqual([]);
  });

  it('cannot take the issuer away again', async () => {
    await using azure = await anAzure();
    await put(azure, { oidcIssuerProfile: { enabled: true } });

    await expect(put(azure, { oidcIssuerProfile: { enabled: false } })).rejects.toThrow(
      'OIDCIssuerFeatureCannotBeDisabled',
    );
  });
});

describe('the pod-identity add-on on a cluster', () => {
  it('is mirrored inside: enabled, filled, with exceptions, emptied, disabled', async () => {
    await using azure = await anAzure();

    await put(azure, { podIdentityProfile: { enabled: true } });
    expect(await object(azure, 'DaemonSet', 'nmi')).toMatchObject({
      metadata: { namespace: 'kube-system', labels: { 'kubernetes.azure.com/managedby': 'aks' } },
      status: { numberReady: 3, desiredNumberScheduled: 3 },
    });
    expect(await inside(azure, 'CustomResourceDefinition')).toHaveLength(4);
    expect(await inside(azure, 'AzurePodIdentityException')).toEqual([
      'kube-system/aks-addon-exception',
    ]);

    const profile = { enabled: true, userAssignedIdentities: [entry('one'), entry('two')] };
    await put(azure, { podIdentityProfile: profile });
    expect(await inside(azure, 'AzureIdentity')).toEqual(['shop/one-id', 'shop/two-id']);
    expect(await inside(azure, 'AzureIdentityBinding')).toEqual([
      'shop/one-id-binding',
      'shop/two-id-binding',
    ]);
    expect(await onScaleSets(azure)).toEqual([
      [identityId('one'), identityId('two')],
      [identityId('one'), identityId('two')],
    ]);

    const userAssignedIdentityExceptions = [
      { name: 'agents', namespace: 'ops', podLabels: { app: 'agent' } },
    ];
    await put(azure, {
      podIdentityProfile: {
        ...profile,
        userAssignedIdentities: [entry('two')],
        userAssignedIdentityExceptions,
      },
    });
    expect(await inside(azure, 'AzureIdentity')).toEqual(['shop/two-id']);
    expect(await inside(azure, 'AzureIdentityBinding')).toEqual(['shop/two-id-binding']);
    expect(await object(azure, 'AzurePodIdentityException', 'agents')).toMatchObject({
      spec: { podLabels: { app: 'agent' } },
    });
    expect(await onScaleSets(azure)).toEqual([[identityId('two')], [identityId('two')]]);

    await put(azure, { podIdentityProfile: { enabled: false } });
    const kinds = [
      'DaemonSet',
      'AzureIdentity',
      'AzureIdentityBinding',
      'AzurePodIdentityException',
    ];
    for (const kind of [...kinds, 'CustomResourceDefinition', 'Pod']) {
      expect([kind, await inside(azure, kind)]).toEqual([kind, []]);
    }
    expect(await onScaleSets(azure)).toEqual([[], []]);
  });

  it('puts back what somebody changes in the cluster', async () => {
    await using azure = await anAzure();
    await put(azure, {
      podIdentityProfile: { enabled: true, userAssignedIdentities: [entry('one')] },
    });
    const all = await azure.control('GET', 'kubernetes');
    const content = objectAt(all, clusterId);

    const objects = objectsAt(content, 'objects')
      .filter((one) => one['kind'] !== 'AzureIdentity' && one['kind'] !== 'DaemonSet')
      .map((one) =>
        one['kind'] === 'AzureIdentityBinding' ? withAt(one, ['spec', 'selector'], 'mine') : one,
      );
    await azure.control('PUT', 'kubernetes', { [clusterId]: { objects } });
    azure.advanceMinutes(2);

    expect(await inside(azure, 'AzureIdentity')).toEqual(['shop/one-id']);
    expect(await object(azure, 'AzureIdentityBinding', 'one-id-binding')).toMatchObject({
      spec: { selector: 'one' },
    });
    expect(await object(azure, 'DaemonSet', 'nmi')).toMatchObject({ status: { numberReady: 3 } });
  });
});
