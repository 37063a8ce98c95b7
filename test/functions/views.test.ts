import { clusterKey } from '../../domain/ids';
import type { ClusterRecord, PlanRecord } from '../../domain/records';
import type { Step } from '../../domain/plan/steps';
import { sideEffects } from '../../domain/plan/steps';
import { getCluster, listClusters } from '../../functions/clusters';
import { getPlan, listPlans } from '../../functions/plans';
import { armId, clusterId } from '../support/clusters';
import { answerOf } from '../support/http';
import type { Answer, RequestParts } from '../support/http';
import { aBackend } from '../support/services';
import type { Backend } from '../support/services';

type Trigger = typeof getCluster;

function get(trigger: Trigger, { services }: Backend, parts: RequestParts): Promise<Answer> {
  return answerOf((request) => trigger(request, services), parts);
}

const key = clusterKey(clusterId);
const cluster: ClusterRecord = {
  id: key,
  clusterId,
  armId,
  name: 'aks-orders',
  location: 'westeurope',
  resourceUid: 'uid',
  status: 'drift',
  findings: [
    {
      rule: 'AB-001',
      id: 'a/b',
      severity: 'high',
      subject: 'cluster',
      text: 't',
      evidence: ['e'],
      fix: 'f',
    },
  ],
  unknown: [],
  evaluatedAt: '2026-11-24T09:00:00Z',
  cause: 'sweep',
};

async function withCluster(): Promise<Backend> {
  const backend = aBackend();
  await backend.records.put('cluster', key, cluster);
  return backend;
}

describe('GET clusters', () => {
  const shown = {
    id: key,
    armId,
    name: 'aks-orders',
    location: 'westeurope',
    status: 'drift',
    findings: cluster.findings,
    unknown: [],
    evaluatedAt: '2026-11-24T09:00:00Z',
    cause: 'sweep',
  };

  it('shows what is known, without what is only for Steward', async () => {
    const { body } = await get(listClusters, await withCluster(), {});

    expect(body).toEqual({ items: [shown], nextCursor: null });
  });

  it('finds a cluster by its ARM id, however that is spelt', async () => {
    const query = { armId: `${armId.toUpperCase()}/` };

    const { body } = await get(listClusters, await withCluster(), { query });

    expect(body).toEqual({ items: [shown], nextCursor: null });
  });

  it('finds nothing for a cluster that was never looked at', async () => {
    const { status, body } = await get(listClusters, aBackend(), { query: { armId } });

    expect(status).toBe(200);
    expect(body).toEqual({ items: [], nextCursor: null });
  });

  it.each(['', 'aks-orders', '/subscriptions/1'])('refuses the ARM id %p', async (text) => {
    const { status, body } = await get(listClusters, aBackend(), { query: { armId: text } });

    expect(status).toBe(400);
    expect(body).toMatchObject({
      code: 'validation-failed',
      detail: 'armId must be the ARM id of a managed cluster.',
    });
  });

  it('shows one by its id', async () => {
    const { body } = await get(getCluster, await withCluster(), { params: { id: key } });

    expect(body).toEqual(shown);
  });

  it.each(['c_0000000000000000', '', '../x'])('knows no cluster %p', async (id) => {
    const { status, body } = await get(getCluster, await withCluster(), { params: { id } });

    expect(status).toBe(404);
    expect(body).toMatchObject({ code: 'not-found', detail: `Steward knows no cluster ${id}.` });
  });
});

describe('GET plans', () => {
  const roll = { name: 'apps', reason: 'image', from: 'a', to: 'b', nodes: 3 } as const;
  const steps: readonly Step[] = [
    {
      kind: 'enableManagedIdentity',
      from: 'servicePrincipal',
      identity: { kind: 'systemAssigned' },
      roles: [],
    },
    { kind: 'rollNodeImages', pools: [roll, { ...roll, name: 'system', nodes: 2 }] },
  ];
  const plan: PlanRecord = {
    id: 'pl_1',
    clusterId,
    armId,
    hash: 'sha256:0',
    steps: steps.map((step) => ({ ...step, ...sideEffects(step) })),
    blockers: [{ code: 'ClusterStopped', message: 'It is stopped.' }],
    findings: [],
    createdAt: '2026-11-24T09:00:00Z',
  };

  it('sums up what a plan would do', async () => {
    const backend = aBackend();
    await backend.records.put('plan', 'pl_1', plan);

    const { body } = await get(getPlan, backend, { params: { id: 'pl_1' } });

    expect(body).toMatchObject({
      id: 'pl_1',
      cluster: armId,
      summary: { steps: 2, irreversible: 2, nodesReimaged: 5, minutes: 36 },
      steps: [
        { n: 1, kind: 'enableManagedIdentity', disruption: 'control-plane' },
        { n: 2, kind: 'rollNodeImages', disruption: 'node-reimage' },
      ],
      blockers: [{ code: 'cluster-stopped', message: 'It is stopped.' }],
    });
    expect(body).not.toHaveProperty('clusterId');
  });

  it('sums up an empty plan as nothing', async () => {
    const backend = aBackend();
    await backend.records.put('plan', 'pl_1', { ...plan, steps: [], blockers: [] });

    const { body } = await get(listPlans, backend, {});

    expect(body['items']).toMatchObject([
      { summary: { steps: 0, irreversible: 0, nodesReimaged: 0, minutes: 0 } },
    ]);
  });

  it('knows nothing of a plan that does not exist', async () => {
    const { status, body } = await get(getPlan, aBackend(), { params: { id: 'pl_9' } });

    expect(status).toBe(404);
    expect(body).toMatchObject({ code: 'not-found', detail: 'There is no plan pl_9.' });
  });
});
