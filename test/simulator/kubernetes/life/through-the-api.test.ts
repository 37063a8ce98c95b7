import { at, objectsAt, textAt } from '../../../../simulator/json';
import type { JsonObject } from '../../../../simulator/json';
import { aDeployment, aPod, enter, inside as insideOf } from '../a-migration-cluster';
import type { Inside } from '../a-migration-cluster';

const wi = 'azure.workload.identity';
const clientId = '7dd5a9b7-cc5c-4f11-85e0-66ff03b81600';
const properties = {
  agentPoolProfiles: [{ name: 'system', count: 3, osType: 'Linux' }],
  oidcIssuerProfile: { enabled: true, issuerURL: 'https://issuer/' },
  securityProfile: { workloadIdentity: { enabled: true } },
};
const account = {
  ...{ apiVersion: 'v1', kind: 'ServiceAccount' },
  metadata: { name: 'app', namespace: 'default', annotations: { [`${wi}/client-id`]: clientId } },
};

async function aCluster(): Promise<Inside> {
  const inside = await enter({
    properties,
    objects: [account],
    scenario: { now: '2026-11-24T08:00:00Z' },
  });
  inside.azure.advanceMinutes(1);
  return inside;
}

const labelled = (pod: object): object => {
  const { metadata } = pod as { metadata: object };
  return { ...pod, metadata: { ...metadata, labels: { [`${wi}/use`]: 'true' } } };
};

describe('a cluster reached through its API server', () => {
  it('shows a pod as it would be born, and keeps nothing', async () => {
    await using inside = await aCluster();

    const pod = labelled(
      aPod('rehearsal', { serviceAccountName: 'app', containers: [{ name: 'app', image: 'x' }] }),
    );
    const { status, body } = await inside.send(
      'POST /api/v1/namespaces/default/pods?dryRun=All',
      pod,
    );
    inside.azure.advanceMinutes(1);

    expect(status).toBe(201);
    const [container] = objectsAt(body, 'spec', 'containers');
    expect(objectsAt(container, 'env')).toContainEqual({
      name: 'AZURE_CLIENT_ID',
      value: clientId,
    });
    expect(objectsAt(await inside.get('/api/v1/namespaces/default/pods'), 'items')).toEqual([]);
  });

  it('refuses what the webhook refuses', async () => {
    await using inside = await aCluster();
    const spec = {
      serviceAccountName: 'app',
      hostNetwork: true,
      containers: [{ name: 'app', image: 'x' }],
    };
    const pod = labelled(aPod('p', spec)) as { metadata: JsonObject };
    const annotations = { [`${wi}/inject-proxy-sidecar`]: 'false' };
    const body = { ...pod, metadata: { ...pod.metadata, annotations } };

    const answer = await inside.send('POST /api/v1/namespaces/default/pods', body);

    expect([answer.status, textAt(answer.body, 'message')]).toEqual([
      400,
      'admission webhook "mutation.azure-workload-identity.io" denied the request: hostNetwork is set to true, cannot inject proxy sidecar',
    ]);
  });

  it('rolls a deployment out, and replaces a pod that is deleted', async () => {
    await using inside = await aCluster();
    const deployment = '/apis/apps/v1/namespaces/default/deployments';

    await inside.send(`POST ${deployment}`, aDeployment('web'));
    inside.azure.advanceMinutes(1);
    expect(await inside.get(`${deployment}/web`)).toMatchObject({
      metadata: { generation: 1 },
      status: { observedGeneration: 1, readyReplicas: 2, updatedReplicas: 2 },
    });
    const patch = { spec: { template: { metadata: { labels: { turn: 'two' } } } } };
    await inside.send(`PATCH ${deployment}/web`, patch, 'application/merge-patch+json');
    inside.azure.advanceMinutes(1);

    const pods = async () =>
      objectsAt(await inside.get('/api/v1/namespaces/default/pods'), 'items');
    expect((await pods()).map((pod) => at(pod, 'metadata', 'labels', 'turn'))).toEqual([
      'two',
      'two',
    ]);
    expect(await inside.get(`${deployment}/web`)).toMatchObject({
      status: { observedGeneration: 2, updatedReplicas: 2, replicas: 2 },
    });
    const name = textAt((await pods())[0], 'metadata', 'name') ?? '';
    expect((await inside.send(`DELETE /api/v1/namespaces/default/pods/${name}`)).status).toBe(200);
    inside.azure.advanceMinutes(1);

    const names = (await pods()).map((pod) => textAt(pod, 'metadata', 'name'));
    expect(names).toHaveLength(2);
    expect(names).not.toContain(name);
  });

  it.each([1, 2])(
    'replaces an evicted pod while a budget allows it: %i at least',
    async (minAvailable) => {
      await using inside = await aCluster();
      await inside.send('POST /apis/apps/v1/namespaces/default/deployments', aDeployment('web'));
      const selector = { matchLabels: { app: 'web' } };
      await inside.send('POST /apis/policy/v1/namespaces/default/poddisruptionbudgets', {
        ...{ apiVersion: 'policy/v1', kind: 'PodDisruptionBudget' },
        ...{ metadata: { name: 'web' }, spec: { minAvailable, selector } },
      });
      inside.azure.advanceMinutes(1);
      const pods = async () =>
        objectsAt(await inside.get('/api/v1/namespaces/default/pods'), 'items').map(
          (pod) => textAt(pod, 'metadata', 'name') ?? '',
        );
      const before = await pods();

      const [name = ''] = before;
      const eviction = { apiVersion: 'policy/v1', kind: 'Eviction', metadata: { name } };
      const path = `/api/v1/namespaces/default/pods/${name}/eviction`;
      const { status } = await inside.send(`POST ${path}`, eviction);
      inside.azure.advanceMinutes(1);

      expect(status).toBe(minAvailable === 1 ? 201 : 429);
      expect(await pods()).toHaveLength(2);
      expect((await pods()).includes(name)).toBe(minAvailable === 2);
    },
  );

  it('has what ARM says as soon as somebody looks, where nobody ever put anything in', async () => {
    const resources = [
      {
        id: '/subscriptions/1/resourceGroups/g/providers/Microsoft.ContainerService/managedClusters/c',
        name: 'c',
        location: 'westeurope',
        properties: {
          ...properties,
          provisioningState: 'Succeeded',
          podIdentityProfile: { enabled: true },
        },
      },
    ];
    await using first = await enter();
    await first.azure.control('PUT', 'world', { resources });
    first.azure.advanceMinutes(60);
    expect(await first.azure.control('GET', 'kubernetes')).toEqual({});
    await using inside = await insideOf(first.azure, resources[0]?.id ?? '');

    await inside.get('/api/v1/namespaces');
    inside.azure.advanceMinutes(1);

    const sets = await inside.get('/apis/apps/v1/namespaces/kube-system/daemonsets');
    expect(objectsAt(sets, 'items')).toMatchObject([
      { metadata: { name: 'nmi' }, status: { numberReady: 3 } },
    ]);
  });
});

describe('the probe', () => {
  it('is begun, read and reset through the control surface', async () => {
    await using inside = await aCluster();
    const { azure } = inside;
    const template = aDeployment('web') as { spec: { template: { metadata: { labels: object } } } };
    const labels = { app: 'web', [`${wi}/use`]: 'true' };
    const spec = {
      ...template.spec,
      template: { ...template.spec.template, metadata: { labels } },
    };
    await inside.send('POST /apis/apps/v1/namespaces/default/deployments', { ...template, spec });
    azure.advanceMinutes(5);
    expect(await azure.control('GET', 'probes')).toEqual({ workloads: [], gaps: [] });

    await azure.control('PATCH', 'behaviour', { kubernetes: { probe: true } });
    await azure.control('PATCH', 'behaviour', { kubernetes: { probe: true } });
    azure.advanceMinutes(5);
    expect(await azure.control('GET', 'probes')).toMatchObject({
      workloads: [{ workload: 'default/Deployment/web', asked: 10 }],
    });
    await azure.control('DELETE', 'probes');
    azure.advanceMinutes(1);
    expect(await azure.control('GET', 'probes')).toMatchObject({ workloads: [{ asked: 2 }] });
    await azure.control('PATCH', 'behaviour', { kubernetes: { probe: false } });
    azure.advanceMinutes(10);

    expect(await azure.control('GET', 'probes')).toMatchObject({ workloads: [{ asked: 2 }] });
  });
});
