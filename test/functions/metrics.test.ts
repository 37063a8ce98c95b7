import { OrchestrationRuntimeStatus } from 'durable-functions';

import { clusterKey, toClusterId } from '../../domain/ids';
import type { ClusterRecord, EventRecord, MigrationWorkloadRecord } from '../../domain/records';
import type { Finding } from '../../domain/rules/judge';
import { rules } from '../../domain/rules';
import type { Severity } from '../../domain/rules/rule';
import { answering } from '../../functions/http';
import { getMetrics } from '../../functions/metrics';
import { armIdOf, clusterId } from '../support/clusters';
import { aContext, aRequest } from '../support/http';
import type { RequestParts } from '../support/http';
import { parseMetrics } from '../support/metrics-text';
import { aBackend, aRunRecord } from '../support/services';
import type { Backend } from '../support/services';

const severities: readonly Severity[] = ['critical', 'high', 'medium', 'low', 'info'];

async function scrape({ engine, services }: Backend, parts: RequestParts = {}) {
  const handler = answering((request) => getMetrics(request, engine.client, services));
  const response = await handler(
    aRequest({ path: '/api/v1/metrics', ...parts }),
    aContext().context,
  );
  return response as { status?: number; headers: Record<string, string>; body: string };
}

/** Every series and its value, as a scraper reads them. */
async function figures(backend: Backend, parts: RequestParts = {}) {
  const { body, headers } = await scrape(backend, parts);
  const format = headers['content-type']?.includes('openmetrics') ? 'openmetrics' : 'prometheus';
  const samples = parseMetrics(body, format).flatMap((family) => family.samples);
  return Object.fromEntries(
    samples.map(({ name, labels, value }) => {
      const pairs = Object.entries(labels).map(([label, text]) => `${label}=${text}`);
      return [[name, ...pairs].join(' '), value];
    }),
  );
}

function aFinding(rule: string, severity: Severity): Finding {
  return { rule, id: '', severity, subject: 'cluster', text: '', evidence: [], fix: '' };
}

function aCluster(name: string, overrides: Partial<ClusterRecord> = {}): ClusterRecord {
  const armId = armIdOf(name);
  const id = toClusterId(armId) ?? clusterId;
  return {
    id: clusterKey(id),
    clusterId: id,
    armId,
    name,
    location: '',
    resourceUid: '',
    status: 'ok',
    findings: [],
    unknown: [],
    evaluatedAt: '',
    cause: '',
    ...overrides,
  };
}

async function put({ records }: Backend, ...clusters: readonly ClusterRecord[]): Promise<void> {
  for (const cluster of clusters) await records.put('cluster', cluster.id, cluster);
}

describe('the figures of the fleet', () => {
  it('of a Steward that knows nothing yet are zeros, not gaps', async () => {
    expect(await figures(aBackend())).toMatchObject({
      'steward_clusters status=ok': 0,
      'steward_clusters status=drift': 0,
      'steward_clusters status=failed': 0,
      'steward_runs_total kind=apply state=failed': 0,
      'steward_waiting reason=concurrency': 0,
      'steward_events_total source=event-grid result=accepted': 0,
      'steward_build_info version=0.1.0': 1,
      steward_killswitch: 0,
      'steward_metrics_incomplete kind=run': 0,
    });
  });

  it('count clusters by status, and findings by rule and severity', async () => {
    const backend = aBackend();
    const drift = { status: 'drift', findings: [aFinding('IDN-001', 'high')] } as const;
    await put(backend, aCluster('a'), aCluster('b', drift), aCluster('c', drift));

    expect(await figures(backend)).toMatchObject({
      'steward_clusters status=ok': 1,
      'steward_clusters status=drift': 2,
      'steward_findings_open rule=IDN-001 severity=high': 2,
    });
  });

  it('count runs that have ended, and what the others wait for', async () => {
    const backend = aBackend();
    const { records, engine } = backend;
    const { Running, Failed } = OrchestrationRuntimeStatus;
    const runs = [
      ['run_1', 'succeeded'],
      ['run_2', 'failed'],
      ['run_3', 'queued'], // at work
      ['run_4', 'queued'], // waits itself
      ['run_5', 'queued'], // its step waits
      ['run_6', 'queued'], // not begun
      ['run_7', 'queued'], // broken down
    ] as const;
    for (const [id, state] of runs) {
      await records.put('run', id, aRunRecord({ id, instanceId: `fleet_1.${id}`, state }));
    }
    const progress = { step: 'x', done: 0, total: 1 };
    const waiting = (reason: string) => ({ ...progress, wait: { reason, text: '' } });
    engine.set('fleet_1.run_3', { runtimeStatus: Running, customStatus: progress });
    engine.set('fleet_1.run_4', {
      runtimeStatus: Running,
      customStatus: waiting('operation-in-progress'),
    });
    engine.set('fleet_1.run_5', { runtimeStatus: Running, customStatus: progress });
    engine.set('fleet_1.run_5.1', {
      runtimeStatus: Running,
      customStatus: waiting('rbac-propagation'),
    });
    engine.set('fleet_1.run_7', { runtimeStatus: Failed });

    expect(await figures(backend)).toMatchObject({
      'steward_runs_total kind=apply state=succeeded': 1,
      'steward_runs_total kind=apply state=failed': 1,
      'steward_waiting reason=operation-in-progress': 1,
      'steward_waiting reason=rbac-propagation': 1,
      'steward_waiting reason=concurrency': 1,
      'steward_waiting reason=soak': 0,
    });
  });

  it('count a workload once, however many migrations know it, and no longer when it is migrated', async () => {
    const backend = aBackend();
    const noted = (
      id: string,
      name: string,
      last: Pick<MigrationWorkloadRecord, 'state' | 'since'>,
    ) => {
      const workload = { kind: 'Deployment', namespace: 'shop', name } as const;
      const record = { id, clusterId, workload, reason: '', ...last };
      return backend.records.put('migrationWorkload', id, record);
    };
    await noted('mig_1~a', 'orders', { state: 'failed', since: '2026-11-24T09:00:00Z' });
    await noted('mig_2~a', 'orders', { state: 'soaking', since: '2026-11-24T10:00:00Z' });
    await noted('mig_1~b', 'carts', { state: 'failed', since: '2026-11-24T09:00:00Z' });
    await noted('mig_2~b', 'carts', { state: 'migrated', since: '2026-11-24T10:00:00Z' });

    const seen = Object.entries(await figures(backend)).filter(([name]) =>
      name.includes('workloads'),
    );

    expect(seen).toEqual([['steward_workloads_pod_identity state=soaking', 1]]);
  });

  it('count events that led to an evaluation', async () => {
    const backend = aBackend();
    const event = { type: 't', clusterId, instanceId: 'i', afterRun: '', time: '' } as const;
    const states: readonly EventRecord['state'][] = ['started', 'started', 'received'];
    for (const [n, state] of states.entries()) {
      await backend.records.put('event', String(n), { ...event, state });
    }

    expect(await figures(backend)).toMatchObject({
      'steward_events_total source=event-grid result=accepted': 2,
    });
  });

  it('tell when the last sweep came to its end, and how long it took', async () => {
    const backend = aBackend();
    expect(Object.keys(await figures(backend)).join()).not.toContain('sweep');
    const startedAt = '2026-11-24T09:00:00Z';
    await backend.records.put('sweep', 'fleet', { startedAt, endedAt: '2026-11-24T09:02:30Z' });

    expect(await figures(backend)).toMatchObject({
      'steward_sweep_last_success_timestamp_seconds scope=fleet':
        Date.UTC(2026, 10, 24, 9, 2, 30) / 1000,
      'steward_sweep_duration_seconds scope=fleet': 150,
    });
  });

  it('count acceptances of pod identity that end soon, the last day included', async () => {
    const backend = aBackend();
    const inDays = (days: number) => {
      const day = new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);
      return { podIdentityAcceptedUntil: day };
    };
    const days = [-2, 0, 1, 10, 20];
    await put(backend, ...days.map((n, i) => aCluster(`a${i}`, inDays(n))));

    expect(await figures(backend)).toMatchObject({
      'steward_exemptions_expiring days=3': 2,
      'steward_exemptions_expiring days=14': 3,
    });
  });
});

describe('the answer to a scraper', () => {
  it('is OpenMetrics where that is asked for', async () => {
    const accept = 'application/openmetrics-text;version=1.0.0,text/plain;q=0.5';

    const { headers, body } = await scrape(aBackend(), { headers: { accept } });

    expect(headers['content-type']).toBe(
      'application/openmetrics-text; version=1.0.0; charset=utf-8',
    );
    expect(parseMetrics(body, 'openmetrics').map(({ name }) => name)).toContain('steward_runs');
  });

  it('stays within 2,000 series when every cluster violates everything', async () => {
    const backend = aBackend();
    const findings = rules.flatMap(({ code }) => severities.map((one) => aFinding(code, one)));
    const many = Array.from({ length: 200 }, (_, n) =>
      aCluster(`a${n}`, { status: 'drift', findings }),
    );
    await put(backend, ...many);

    expect(Object.keys(await figures(backend)).length).toBeLessThan(2_000);
    expect(Object.keys(await figures(backend, { query: { per: 'cluster' } })).length).toBe(1_200);
  });

  it('tells clusters apart when that is asked for', async () => {
    const backend = aBackend();
    const b = aCluster('b', { status: 'drift', findings: [aFinding('IDN-001', 'high')] });
    await put(backend, aCluster('a'), b);

    expect(await figures(backend, { query: { per: 'cluster' } })).toEqual({
      [`steward_clusters cluster=${aCluster('a').id} name=a status=ok`]: 1,
      [`steward_clusters cluster=${b.id} name=b status=drift`]: 1,
      [`steward_findings_open cluster=${b.id} name=b severity=high`]: 1,
    });
  });

  it('does not tell more than 200 of them apart', async () => {
    const backend = aBackend();
    await put(backend, ...Array.from({ length: 201 }, (_, n) => aCluster(`a${n}`)));

    const { status, body } = await scrape(backend, { query: { per: 'cluster' } });

    expect(status).toBe(400);
    expect(JSON.parse(body)).toMatchObject({
      detail: 'There are more than 200 clusters: take the figures of the fleet, without per.',
    });
  });

  it('refuses to tell apart what it cannot', async () => {
    expect(await scrape(aBackend(), { query: { per: 'pool' } })).toMatchObject({ status: 400 });
  });

  it('leaves out what there is too much of, and says so', async () => {
    const backend = aBackend();
    const { records } = backend;
    const puts = Array.from({ length: 20_001 }, (_, n) => {
      const id = `run_${String(n).padStart(5, '0')}`;
      return records.put('run', id, aRunRecord({ id, state: 'succeeded' }));
    });
    await Promise.all(puts);

    const seen = await figures(backend);

    expect(seen).toMatchObject({
      'steward_metrics_incomplete kind=run': 1,
      'steward_metrics_incomplete kind=cluster': 0,
    });
    expect(Object.keys(seen).join()).not.toMatch(/steward_runs|steward_waiting/);
  });

  it('asks the engine about the oldest runs alone, however many there are', async () => {
    const backend = aBackend();
    for (let n = 0; n < 300; n += 1) {
      const id = `run_${String(n).padStart(3, '0')}`;
      await backend.records.put('run', id, aRunRecord({ id, instanceId: `fleet_1.${id}` }));
    }
    const { client } = backend.engine;
    let asked = 0;
    jest.spyOn(client, 'getStatus').mockImplementation((id) => {
      asked += 1;
      return backend.engine.client.getStatus(id);
    });

    const reply = await getMetrics(aRequest(), client, backend.services);

    expect(asked).toBe(200);
    expect(reply.body).toContain('steward_waiting{reason="concurrency"} 300\n');
  });
});
