import { OrchestrationRuntimeStatus } from 'durable-functions';

import type { MigrationPlan } from '../../domain/migration/document';
import { MigrationOptions } from '../../domain/migration/options';
import type { MigrationRecord } from '../../domain/records';
import { getMigration, getMigrationPlan, listMigrations } from '../../functions/migration-views';
import { applyMigration, planMigrations, rollBackMigrations } from '../../functions/migrations';
import { armId, clusterId } from '../support/clusters';
import { answerOf } from '../support/http';
import type { Answer } from '../support/http';
import { aBackend } from '../support/services';
import type { Backend } from '../support/services';

type Trigger = typeof planMigrations;

function ask(
  trigger: Trigger,
  { engine, services }: Backend,
  parts: { readonly id?: string; readonly body?: unknown } = {},
): Promise<Answer> {
  const { id, body } = parts;
  return answerOf((request) => trigger(request, engine.client, services), {
    method: 'POST',
    params: id === undefined ? {} : { id },
    ...(body !== undefined && { body }),
  });
}

const planned: MigrationRecord = {
  id: 'mig_1',
  clusters: [{ clusterId, armId }],
  options: MigrationOptions.parse({}),
  requestedBy: 'api',
  createdAt: '2026-11-24T09:00:00Z',
  state: 'planned',
  instanceId: 'mig_1',
  planHash: 'sha256:1',
};

async function withMigration(overrides: Partial<MigrationRecord> = {}): Promise<Backend> {
  const backend = aBackend();
  await backend.records.put('migration', 'mig_1', { ...planned, ...overrides });
  return backend;
}

describe('POST migrations', () => {
  it('writes the migration down and begins to plan it', async () => {
    const backend = aBackend();

    const { status, headers, body } = await ask(planMigrations, backend, {
      body: { clusters: [armId], options: { soakHours: 48 } },
    });

    const id = String(body['id']);
    expect(status).toBe(202);
    expect(headers['location']).toBe(`/api/v1/migrations/${id}`);
    const record = (await backend.records.get('migration', id))?.value;
    expect(record).toMatchObject({ state: 'planning', options: { soakHours: 48 } });
    expect(backend.engine.started).toEqual([
      expect.objectContaining({ orchestration: 'drawUpMigration', instanceId: id }),
    ]);
  });

  it.each([
    ['no cluster', { clusters: ['x'] }, '/clusters/0'],
    ['one twice', { clusters: [armId, armId.toUpperCase()] }, '/clusters/1'],
    ['none', { clusters: [] }, '/clusters'],
    ['too short a soak', { clusters: [armId], options: { soakHours: 1 } }, '/options/soakHours'],
    ['an unknown option', { clusters: [armId], options: { hurry: true } }, '/options/hurry'],
    [
      'an unknown mode',
      { clusters: [armId], options: { authMode: { a: 'x' } } },
      '/options/authMode/a',
    ],
  ])('refuses %s and points at it', async (_what, body, pointer) => {
    const backend = aBackend();

    const answer = await ask(planMigrations, backend, { body });

    expect(answer.status).toBe(400);
    expect(answer.body['errors']).toContainEqual(expect.objectContaining({ pointer }));
    expect(backend.engine.started).toEqual([]);
  });

  it('refuses clusters out of scope and clusters that do not exist', async () => {
    const foreign = armId.replace(
      /subscriptions\/[^/]+/,
      `subscriptions/${'f'.repeat(8)}-0000-4000-8000-000000000000`,
    );
    const backend = aBackend({ existing: () => Promise.resolve(new Set()) });

    const { body } = await ask(planMigrations, backend, { body: { clusters: [armId, foreign] } });

    expect(body['errors']).toEqual([
      expect.objectContaining({ pointer: '/clusters/0', code: 'not-found' }),
      expect.objectContaining({ pointer: '/clusters/1', code: 'out-of-scope' }),
    ]);
  });
});

describe('POST migrations/{id}/apply', () => {
  const body = { planHash: 'sha256:1', approvals: [{ code: 'OIDC_IRREVERSIBLE' }] };

  it('runs exactly the plan that was read, with its approvals', async () => {
    const backend = await withMigration();

    const { status } = await ask(applyMigration, backend, { id: 'mig_1', body });

    expect(status).toBe(202);
    expect(backend.engine.started).toEqual([
      expect.objectContaining({
        orchestration: 'migrateFleet',
        input: expect.objectContaining({
          migrationId: 'mig_1',
          clusterIds: [clusterId],
          approvals: [{ code: 'OIDC_IRREVERSIBLE' }],
        }) as object,
      }),
    ]);
    expect((await backend.records.get('migration', 'mig_1'))?.value.state).toBe('running');
  });

  it('refuses another plan than the one there is', async () => {
    const backend = await withMigration();

    const answer = await ask(applyMigration, backend, {
      id: 'mig_1',
      body: { ...body, planHash: 'sha256:old' },
    });

    expect(answer).toMatchObject({ status: 409, body: { code: 'conflict' } });
    expect(backend.engine.started).toEqual([]);
  });

  it('refuses a code that nobody knows', async () => {
    const backend = await withMigration();

    const answer = await ask(applyMigration, backend, {
      id: 'mig_1',
      body: { ...body, approvals: [{ code: 'ANYTHING' }] },
    });

    expect(answer.status).toBe(400);
    expect(answer.body['errors']).toEqual([
      expect.objectContaining({ pointer: '/approvals/0/code' }),
    ]);
  });

  it('runs once at a time', async () => {
    const backend = await withMigration();

    await ask(applyMigration, backend, { id: 'mig_1', body });
    const [start] = backend.engine.started;
    backend.engine.set(start?.instanceId ?? '', {
      runtimeStatus: OrchestrationRuntimeStatus.Running,
    });
    const again = await ask(applyMigration, backend, { id: 'mig_1', body });

    expect(again.status).toBe(409);
    expect(backend.engine.started).toHaveLength(1);
  });

  it('runs again with more approvals when it has ended, and keeps those it had', async () => {
    const backend = await withMigration({
      state: 'partial',
      approvals: [{ code: 'MESH_SIDECAR', object: 'aks-orders' }],
    });

    await ask(applyMigration, backend, { id: 'mig_1', body });

    expect(backend.engine.started[0]?.input).toMatchObject({
      approvals: [{ code: 'MESH_SIDECAR', object: 'aks-orders' }, { code: 'OIDC_IRREVERSIBLE' }],
    });
  });

  it('does not take up again what was rolled back', async () => {
    const backend = await withMigration({ state: 'rolled-back', stopped: true });

    const answer = await ask(applyMigration, backend, { id: 'mig_1', body });

    expect(answer.status).toBe(409);
  });

  it('knows no other migrations', async () => {
    const answer = await ask(applyMigration, aBackend(), { id: 'mig_2', body });

    expect(answer).toMatchObject({ status: 404, body: { code: 'not-found' } });
  });
});

describe('POST migrations/{id}/rollback', () => {
  it('stops the run and takes back what it has changed', async () => {
    const backend = await withMigration({ state: 'running', instanceId: 'mig_1_a' });

    const { status } = await ask(rollBackMigrations, backend, { id: 'mig_1' });

    expect(status).toBe(202);
    expect((await backend.records.get('migration', 'mig_1'))?.value).toMatchObject({
      state: 'rolling-back',
      stopped: true,
    });
    expect(backend.engine.started[0]).toMatchObject({
      orchestration: 'rollBackMigration',
      input: { migrationId: 'mig_1', clusterIds: [clusterId] },
    });
  });

  it('has nothing to do for a plan', async () => {
    const answer = await ask(rollBackMigrations, await withMigration(), { id: 'mig_1' });

    expect(answer.status).toBe(409);
  });
});

const nothing = {
  fleet: { subscriptions: [], clusters: [], identities: [], roleAssignments: [], vmss: [] },
  kubernetes: {},
};

describe('GET migrations', () => {
  it('shows how far each workload has come, and why', async () => {
    const backend = await withMigration({ state: 'partial' });
    const workload = { kind: 'Deployment', namespace: 'shop', name: 'orders' };
    const since = '2026-11-24T10:00:00Z';
    const id = 'mig_1~c_1~Deployment/shop/orders';
    const seen = { id, clusterId, workload, state: 'failed', reason: 'why', since } as const;
    await backend.records.put('migrationWorkload', id, seen);
    await backend.records.put('migrationWorkload', 'mig_2~x', { ...seen, id: 'mig_2~x' });

    const { body } = await ask(getMigration, backend, { id: 'mig_1' });

    expect(body).toMatchObject({
      state: 'partial',
      plan: { hash: 'sha256:1', location: '/api/v1/migrations/mig_1/plan' },
      clusters: [{ armId, workloads: [{ ...workload, state: 'failed', reason: 'why', since }] }],
    });
    expect((body['clusters'] as { workloads: object[] }[])[0]?.workloads).toHaveLength(1);
  });

  it('lists them', async () => {
    const backend = await withMigration();

    const { body } = await ask((request) => listMigrations(request, backend.services), backend);

    expect(body['items']).toEqual([expect.objectContaining({ id: 'mig_1', state: 'planned' })]);
  });

  it('shows the plan with the codes that a person is to agree to', async () => {
    const plan = {
      clusters: [{ codes: ['OIDC_IRREVERSIBLE'], workloads: [{ codes: ['MULTI_IDENTITY'] }] }],
      identities: [],
      featureUnregister: {},
    } as unknown as MigrationPlan;
    const backend = await withMigration();
    const services = {
      ...backend.services,
      migrationPapers: () => Promise.resolve({ plan, survey: nothing }),
    };

    const { body } = await ask((request) => getMigrationPlan(request, services), backend, {
      id: 'mig_1',
    });

    expect(body).toMatchObject({
      hash: 'sha256:1',
      clusters: [{ approvals: ['OIDC_IRREVERSIBLE'] }],
    });
  });
});
