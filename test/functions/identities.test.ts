import type { IdentityEntry } from '../../domain/identities/inventory';
import { clusterKey } from '../../domain/ids';
import { getIdentities } from '../../functions/clusters';
import { getPermissions } from '../../functions/permissions';
import { getUndo } from '../../functions/runs';
import { armId, clusterId, nodeSubnet, subscriptionId } from '../support/clusters';
import { answerOf } from '../support/http';
import { aBackend, aRunRecord } from '../support/services';

const key = clusterKey(clusterId);
const entry: IdentityEntry = {
  key: 'controlPlane',
  kind: 'userAssigned',
  purpose: 'control plane',
  madeBy: 'you',
  resourceId: '/id',
  objectId: 'o',
  needs: [
    {
      requirement: 'RR-SUBNET',
      role: 'Network Contributor',
      scope: nodeSubnet,
      state: 'missing',
      why: ['agentPoolProfiles[system].vnetSubnetID'],
      leastPrivilege: [],
    },
  ],
  excess: [{ kind: 'tooBroad', assignment: 'a', role: 'Owner', scope: '/subscriptions/1' }],
  federatedCredentials: [{ name: 'f', issuer: 'https://i/', subject: 'system:x' }],
};

async function withIdentities() {
  const backend = aBackend();
  const evaluatedAt = '2026-11-24T08:00:00Z';
  await backend.records.put('identities', key, {
    id: key,
    armId,
    evaluatedAt,
    identities: [entry],
  });
  return backend;
}

describe('GET clusters/{id}/identities', () => {
  it('shows who the cluster is, and when that was seen', async () => {
    const { services } = await withIdentities();

    const { body } = await answerOf((request) => getIdentities(request, services), {
      params: { id: key },
    });

    expect(body).toEqual({ id: key, armId, evaluatedAt: '2026-11-24T08:00:00Z', items: [entry] });
  });

  it('is a document for people where that is asked for', async () => {
    const { services } = await withIdentities();
    const request = { query: { get: () => 'markdown' }, params: { id: key } };

    const { headers, body } = await getIdentities(request as never, services);

    expect(headers).toEqual({ 'content-type': 'text/markdown; charset=utf-8' });
    expect(body).toContain('# Identities of aks-orders');
    expect(body).toContain(`| RR-SUBNET | Network Contributor | \`${nodeSubnet}\` | missing |`);
    expect(body).toContain('| Owner | `/subscriptions/1` | tooBroad |');
    expect(body).toContain('| f | https://i/ | system:x |');
  });

  it.each([
    ['of a cluster that nobody knows', { params: { id: 'c_0' } }, 404],
    ['in another format', { params: { id: key }, query: { format: 'pdf' } }, 400],
  ])('is refused %s', async (_case, parts, status) => {
    const { services } = await withIdentities();

    expect(await answerOf((request) => getIdentities(request, services), parts)).toMatchObject({
      status,
    });
  });
});

describe('GET permissions', () => {
  it('names the actions that each capability lacks, scope by scope', async () => {
    const { services, records } = aBackend({
      ownPermissions: (scopes) =>
        Promise.resolve(
          scopes.map((scope) => ({
            scope,
            permissions: [
              {
                actions: scope.includes('/resourceGroups/') ? ['*'] : ['*/read'],
                notActions: ['Microsoft.Authorization/*/write'],
                dataActions: [],
                notDataActions: [],
              },
            ],
          })),
        ),
    });
    await records.put('cluster', key, {
      ...{ id: key, clusterId, armId, name: 'aks-orders', location: 'x', resourceUid: 'u' },
      ...{ status: 'ok', findings: [], unknown: [], evaluatedAt: '', cause: '' },
    });

    const { body } = await answerOf((request) => getPermissions(request, services));

    const found = body['capabilities'] as { name: string }[];
    const subscription = `/subscriptions/${subscriptionId}`;
    expect(found.find(({ name }) => name === 'report')).toMatchObject({ state: 'granted' });
    expect(found.find(({ name }) => name === 'nodeImages')).toMatchObject({
      state: 'partly',
      scopes: [
        {
          scope: subscription,
          missing: [
            'Microsoft.ContainerService/managedClusters/agentPools/upgradeNodeImageVersion/action',
          ],
        },
        { scope: `${subscription}/resourceGroups/rg-orders`, missing: [] },
      ],
    });
    expect(found.find(({ name }) => name === 'roles')).toMatchObject({
      state: 'missing',
      scopes: [{}, { missing: ['Microsoft.Authorization/roleAssignments/write'] }],
    });
  });
});

describe('GET runs/{id}/undo', () => {
  it('shows what was there before each change', async () => {
    const { services, records } = aBackend();
    const entries = [{ action: 'createIdentity', target: '/id', before: null }] as const;
    await records.put('run', 'run_1', aRunRecord());
    await records.put('run', 'run_2', aRunRecord({ id: 'run_2' }));
    await records.put('undo', 'run_1', { id: 'run_1', entries });
    const undo = (id: string) =>
      answerOf((request) => getUndo(request, services), { params: { id } });

    expect((await undo('run_1')).body).toEqual({ id: 'run_1', items: entries });
    expect((await undo('run_2')).body).toEqual({ id: 'run_2', items: [] });
    expect((await undo('run_3')).status).toBe(404);
  });
});
