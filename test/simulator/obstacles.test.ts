import denied from '../data/scenarios/denied.json';
import { at, objectsAt, textAt } from '../../simulator/json';
import type { Json, JsonObject } from '../../simulator/json';
import { drive } from './support/running';
import type { Driven } from './support/running';
import { clustersOf, codeOf, worldOf } from './support/world';

const aks = 'api-version=2026-06-01';

describe('clusters that cannot be changed', () => {
  let azure: Driven;
  beforeAll(async () => {
    azure = await drive({ scenario: denied });
  });
  afterAll(() => azure[Symbol.asyncDispose]());

  it('takes no write where policy denies it, and names the assignment', async () => {
    const cluster = await clusterUnder(azure, '/policyassignments/');

    const reply = await azure.arm('PUT', `${cluster.id}?${aks}`, { body: cluster });

    expect([reply.status, codeOf(reply.body)]).toEqual([403, 'RequestDisallowedByPolicy']);
    const [violation] = objectsAt(reply.body, 'error', 'additionalInfo');
    expect(textAt(violation, 'info', 'policyAssignmentId')).toContain('no-cluster-changes');
  });

  it.each(['PUT', 'PATCH', 'DELETE'])('takes no %s where a lock is', async (method) => {
    const cluster = await clusterUnder(azure, '/locks/');

    const reply = await azure.arm(method, `${cluster.id}?${aks}`, { body: cluster });

    expect([reply.status, codeOf(reply.body)]).toEqual([409, 'ScopeLocked']);
    expect((await azure.arm('GET', `${cluster.id}?${aks}`)).status).toBe(200);
  });

  it('starts no roll where a lock is', async () => {
    const cluster = await clusterUnder(azure, '/locks/');

    const reply = await roll(azure, cluster);

    expect([reply.status, codeOf(reply.body)]).toEqual([409, 'ScopeLocked']);
  });

  it('takes only a start while it is stopped', async () => {
    const [cluster] = await clustersOf(azure, (one) => powerOf(one) === 'Stopped');
    if (cluster === undefined) throw new Error('no stopped cluster');

    const write = await azure.arm('PUT', `${cluster.id}?${aks}`, { body: cluster });
    const rolled = await roll(azure, cluster);
    const started = await azure.arm('POST', `${cluster.id}/start?${aks}`);
    azure.advanceMinutes(5);
    const after = await azure.arm('GET', `${cluster.id}?${aks}`);

    expect([write.status, codeOf(write.body)]).toEqual([409, 'OperationNotAllowed']);
    expect([rolled.status, codeOf(rolled.body)]).toEqual([409, 'OperationNotAllowed']);
    expect(started.status).toBe(202);
    expect(powerOf(after.body)).toBe('Running');
  });

  it('fails a roll for which there are no cores, and leaves pool and cluster failed', async () => {
    const [cluster] = await clustersOf(azure, (one) => one['location'] === 'norwayeast');
    if (cluster === undefined) throw new Error('no cluster without cores');

    const started = await roll(azure, cluster);
    azure.advanceMinutes(60);
    const url = new URL(started.headers.get('azure-asyncoperation') ?? '');
    const operation = await azure.arm('GET', `${url.pathname}${url.search}`);
    const after = (await azure.arm('GET', `${cluster.id}?${aks}`)).body;

    expect(operation.body).toMatchObject({ status: 'Failed', error: { code: 'QuotaExceeded' } });
    expect(at(after, 'properties', 'provisioningState')).toBe('Failed');
    const [pool] = objectsAt(after, 'properties', 'agentPoolProfiles');
    expect(textAt(pool, 'status', 'provisioningError', 'code')).toBe('QuotaExceeded');
  });

  it('shows pool and cluster in order again once the failed roll is repeated and ends well', async () => {
    const [cluster] = await clustersOf(azure, isUnharmed);
    if (cluster === undefined) throw new Error('no cluster that can be changed');
    const error = { code: 'UpgradeFailed', message: 'Drain failed.' };
    await azure.control('POST', 'faults', [{ match: { path: cluster.id }, operation: { error } }]);
    const stateOf = async (): Promise<unknown> => {
      azure.advanceMinutes(90);
      const { body } = await azure.arm('GET', `${cluster.id}?${aks}`);
      const [pool] = objectsAt(body, 'properties', 'agentPoolProfiles');
      return [at(body, 'properties', 'provisioningState'), pool?.['provisioningState']];
    };

    await roll(azure, cluster);
    const failed = await stateOf();
    await roll(azure, cluster);
    const repaired = await stateOf();

    expect(failed).toEqual(['Failed', 'Failed']);
    expect(repaired).toEqual(['Succeeded', 'Succeeded']);
  });

  it('goes on showing a cluster as failed whose own write has failed, whatever its pools do', async () => {
    const [cluster] = await clustersOf(azure, isUnharmed);
    if (cluster === undefined) throw new Error('no cluster that can be changed');
    const error = { code: 'InternalOperationError', message: 'It broke.' };
    await azure.control('POST', 'faults', [{ match: { path: cluster.id }, operation: { error } }]);

    const write = await azure.arm('PUT', `${cluster.id}?${aks}`, {
      body: { location: cluster['location'] },
    });
    azure.advanceMinutes(90);
    await roll(azure, cluster);
    azure.advanceMinutes(90);
    const { body } = await azure.arm('GET', `${cluster.id}?${aks}`);

    expect(write.status).toBe(200);
    expect(at(body, 'properties', 'provisioningState')).toBe('Failed');
  });
});

function isUnharmed(cluster: JsonObject): boolean {
  return textAt(cluster, 'location') === 'eastus2';
}

async function clusterUnder(azure: Driven, kind: string): Promise<JsonObject & { id: string }> {
  const obstacle = Object.keys(await worldOf(azure)).find((id) => id.includes(kind)) ?? '';
  const scope = obstacle.slice(0, obstacle.indexOf('/providers/microsoft.authorization'));
  const [cluster] = await clustersOf(azure, ({ id }) =>
    typeof id === 'string' ? id.toLowerCase().startsWith(scope) : false,
  );
  if (cluster === undefined) throw new Error(`no cluster under ${scope}`);
  return cluster;
}

function roll(azure: Driven, cluster: JsonObject & { id: string }) {
  const [pool] = objectsAt(cluster, 'properties', 'agentPoolProfiles');
  const name = textAt(pool, 'name') ?? '';
  return azure.arm('POST', `${cluster.id}/agentPools/${name}/upgradeNodeImageVersion?${aks}`);
}

function powerOf(cluster: Json): string | undefined {
  return textAt(cluster, 'properties', 'powerState', 'code');
}
