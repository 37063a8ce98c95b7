import { OrchestrationRuntimeStatus } from 'durable-functions';

import { armGuid } from '../../domain/arm/guid';
import { getRun, listRuns } from '../../functions/runs';
import { armId } from '../support/clusters';
import { answerOf } from '../support/http';
import type { Answer, RequestParts } from '../support/http';
import { aBackend, aRunRecord } from '../support/services';
import type { Backend } from '../support/services';

const { Completed, Failed, Pending, Running, Terminated } = OrchestrationRuntimeStatus;
const instanceId = aRunRecord().instanceId;

function get({ engine, services }: Backend, id = 'run_1'): Promise<Answer> {
  return answerOf((request) => getRun(request, engine.client, services), {
    path: `/api/v1/runs/${id}`,
    params: { id },
  });
}

function list({ engine, services }: Backend, query?: RequestParts['query']): Promise<Answer> {
  const parts = query === undefined ? {} : { query };
  return answerOf((request) => listRuns(request, engine.client, services), parts);
}

async function withRun(overrides: Parameters<typeof aRunRecord>[0] = {}): Promise<Backend> {
  const backend = aBackend();
  await backend.records.put('run', 'run_1', aRunRecord(overrides));
  return backend;
}

const queued = {
  id: 'run_1',
  mode: 'apply',
  cluster: { id: 'c_MP227X1KG7CWTFGJ', armId, name: 'aks-orders' },
  instanceId,
  correlationId: armGuid('steward', 'run_1'),
  state: 'queued',
  plan: null,
  progress: null,
  wait: { reason: 'concurrency', text: 'Other clusters are changed first' },
  applied: 0,
  startedAt: null,
  endedAt: null,
  failure: null,
};

describe('GET runs/{id}', () => {
  it('knows a run that waits for its wave', async () => {
    const { status, headers, body } = await get(await withRun());

    expect(status).toBe(200);
    expect(headers).toMatchObject({ 'retry-after': '5', 'cache-control': 'no-store' });
    expect(body).toEqual(queued);
  });

  it('knows a run that has not said anything yet', async () => {
    const backend = await withRun();
    backend.engine.set(instanceId, { runtimeStatus: Pending });

    expect((await get(backend)).body).toMatchObject({
      state: 'running',
      progress: { step: 'start', done: 0, total: 1 },
      wait: null,
    });
  });

  it('shows the step a run is at', async () => {
    const backend = await withRun();
    backend.engine.set(instanceId, {
      runtimeStatus: Running,
      customStatus: { step: 'assignRoles', done: 1, total: 5, planId: 'pl_1' },
    });

    expect((await get(backend)).body).toMatchObject({
      state: 'running',
      plan: { id: 'pl_1', location: '/api/v1/plans/pl_1' },
      progress: { step: 'assignRoles', done: 1, total: 5 },
      applied: 1,
      startedAt: '2026-11-24T09:00:00.000Z',
    });
  });

  it('shows what its step waits for', async () => {
    const backend = await withRun();
    const wait = { reason: 'rbac-propagation', text: 'Azure takes its time', until: 'soon' };
    backend.engine.set(instanceId, {
      runtimeStatus: Running,
      customStatus: { step: 'assignRoles', done: 1, total: 5, planId: 'pl_1' },
    });
    backend.engine.set(`${instanceId}.2`, {
      runtimeStatus: Running,
      customStatus: { step: 'wait', done: 0, total: 1, wait },
    });

    expect((await get(backend)).body).toMatchObject({ state: 'waiting', wait });
  });

  it('shows what it waits for itself before it has a step', async () => {
    const backend = await withRun();
    const wait = { reason: 'operation-in-progress', text: 'Somebody else changes it' };
    backend.engine.set(instanceId, {
      runtimeStatus: Running,
      customStatus: { step: 'read', done: 0, total: 1, wait },
    });

    expect((await get(backend)).body).toMatchObject({ state: 'waiting', wait });
  });

  it.each([Failed, Terminated])('takes an instance that is %s for a failed run', async (end) => {
    const backend = await withRun();
    backend.engine.set(instanceId, { runtimeStatus: end });

    expect((await get(backend)).body).toMatchObject({
      state: 'failed',
      failure: {
        code: 'internal',
        message: `The run ended as ${end} before it could say why.`,
        next: 'Onboard the cluster again; the new run begins with what it finds.',
        target: null,
      },
    });
  });

  it('shows how a run has ended, without asking the engine', async () => {
    const backend = await withRun({
      state: 'failed',
      planId: 'pl_1',
      applied: 2,
      startedAt: '2026-11-24T09:00:00Z',
      endedAt: '2026-11-24T10:00:00Z',
      failure: { code: 'DeniedByPolicy', message: 'Denied.', target: armId },
    });
    backend.engine.set(instanceId, { runtimeStatus: Completed });

    const { headers, body } = await get(backend);

    expect(headers).not.toHaveProperty('retry-after');
    expect(body).toEqual({
      ...queued,
      state: 'failed',
      wait: null,
      plan: { id: 'pl_1', location: '/api/v1/plans/pl_1' },
      applied: 2,
      startedAt: '2026-11-24T09:00:00Z',
      endedAt: '2026-11-24T10:00:00Z',
      failure: { code: 'denied-by-policy', message: 'Denied.', next: null, target: armId },
    });
  });

  it('knows nothing of a run that does not exist', async () => {
    const { status, body } = await get(aBackend(), 'run_9');

    expect(status).toBe(404);
    expect(body).toMatchObject({ code: 'not-found', detail: 'There is no run run_9.' });
  });

  it('does not show a plan before there is one', async () => {
    const backend = await withRun({ state: 'failed', applied: 0 });

    expect((await get(backend)).body).toMatchObject({ plan: null, startedAt: null });
  });
});

describe('GET runs', () => {
  async function withRuns(count: number): Promise<Backend> {
    const backend = aBackend();
    for (let i = 1; i <= count; i += 1) {
      const id = `run_${i}`;
      await backend.records.put('run', id, aRunRecord({ id, instanceId: `fleet_1.${id}` }));
    }
    return backend;
  }

  it('shows every run as it is shown alone', async () => {
    const backend = await withRuns(3);
    const wait = { reason: 'rbac-propagation', text: 'Azure takes its time' };
    backend.engine.set('fleet_1.run_2', {
      runtimeStatus: Running,
      customStatus: { step: 'assignRoles', done: 1, total: 5 },
    });
    backend.engine.set('fleet_1.run_2.2', {
      runtimeStatus: Running,
      customStatus: { step: 'wait', done: 0, total: 1, wait },
    });

    const { body } = await list(backend);
    const alone = await Promise.all(['run_1', 'run_2', 'run_3'].map((id) => get(backend, id)));

    expect(body).toEqual({ items: alone.map((each) => each.body), nextCursor: null });
  });

  it.each([Failed, Terminated])('shows a run whose instance is %s as it is alone', async (end) => {
    const backend = await withRuns(1);
    backend.engine.set('fleet_1.run_1', { runtimeStatus: end });

    const { body } = await list(backend);

    expect(body['items']).toEqual([(await get(backend)).body]);
  });

  it('goes through all runs, page by page, each once', async () => {
    const backend = await withRuns(5);
    const ids: string[] = [];
    let cursor: string | null = '';

    for (let pages = 0; cursor !== null && pages < 10; pages += 1) {
      const { body } = await list(backend, { limit: '2', ...(cursor && { cursor }) });
      ids.push(...(body['items'] as { id: string }[]).map(({ id }) => id));
      cursor = body['nextCursor'] as string | null;
    }

    expect(ids).toEqual(['run_1', 'run_2', 'run_3', 'run_4', 'run_5']);
  });

  it.each(['0', '201', '-1', '1.5', 'ten', '', '1e2', ' 5'])(
    'refuses a limit of %p',
    async (limit) => {
      const { status, body } = await list(aBackend(), { limit });

      expect(status).toBe(400);
      expect(body).toMatchObject({
        code: 'validation-failed',
        detail: `limit is '${limit}'; it must be between 1 and 200.`,
      });
    },
  );

  it.each(['', '!!', Buffer.from("x' OR 1=1").toString('base64url'), 'A'.repeat(500)])(
    'refuses the cursor %p',
    async (cursor) => {
      const { status, body } = await list(aBackend(), { cursor });

      expect(status).toBe(400);
      expect(body).toMatchObject({ code: 'invalid-cursor' });
    },
  );
});
