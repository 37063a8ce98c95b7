import type { HttpRequest } from '@azure/functions';

import { toClusterId } from '../../domain/ids';
import { MigrationOptions } from '../../domain/migration/options';
import { planMigration } from '../../domain/migration/plan';
import type { MigrationRecord, MigrationWorkloadRecord } from '../../domain/records';
import type { Reply } from '../../functions/http';
import { getBurnDown, getMigrationFiles } from '../../functions/migration-reports';
import type { Services } from '../../functions/services';
import { planFixtures } from '../domain/migration/support/plan-fixtures';
import { answerOf, aRequest } from '../support/http';
import type { Answer } from '../support/http';
import { aBackend } from '../support/services';
import type { Backend } from '../support/services';

type Report = (request: HttpRequest, services: Services) => Promise<Reply>;

const { given } = planFixtures[0]?.[1] ?? { given: undefined };
if (given === undefined) throw new Error('There is no scenario.');
const survey = given;
const plan = planMigration(survey, MigrationOptions.parse(survey.options));
const [cluster] = plan.clusters;
const armId = cluster?.id ?? '';
const clusterId = toClusterId(armId);
if (clusterId === undefined) throw new Error('The scenario has no cluster.');

const migration: MigrationRecord = {
  id: 'mig_1',
  clusters: [{ clusterId, armId }],
  options: MigrationOptions.parse({}),
  requestedBy: 'api',
  createdAt: '2026-11-24T09:00:00Z',
  state: 'running',
  instanceId: 'mig_1',
  planHash: 'sha256:1',
};

async function planned(from: typeof survey = survey): Promise<Backend> {
  const papers = { plan, survey: from };
  const backend = aBackend({ migrationPapers: () => Promise.resolve(papers) });
  await backend.records.put('migration', migration.id, migration);
  return backend;
}

function ask(report: Report, { services }: Backend, query: Record<string, string> = {}) {
  return answerOf((request) => report(request, services), { params: { id: 'mig_1' }, query });
}

/** A file as it comes: YAML, or the refusal. */
function download({ services }: Backend, query: Record<string, string>): Promise<Reply> {
  return getMigrationFiles(aRequest({ params: { id: 'mig_1' }, query }), services);
}

function pathsOf({ body }: Answer): readonly string[] {
  return (body['items'] as { path: string }[]).map(({ path }) => path);
}

describe('GET migrations/{id}/files', () => {
  it('lists the files, and where each is to be had', async () => {
    const answer = await ask(getMigrationFiles, await planned());

    const path = pathsOf(answer).find((one) => one.endsWith('deployment-orders-api.yaml')) ?? '';
    expect(path).not.toBe('');
    expect(answer.body['items']).toContainEqual({
      path,
      location: `/api/v1/migrations/mig_1/files?path=${encodeURIComponent(path)}`,
    });
    expect(pathsOf(answer).some((one) => one.includes('/later/'))).toBe(false);
  });

  it('sends one as a download', async () => {
    const backend = await planned();
    const path = pathsOf(await ask(getMigrationFiles, backend)).find((one) =>
      one.endsWith('deployment-orders-api.yaml'),
    );

    const { headers, body } = await download(backend, { path: path ?? '' });

    expect(headers).toEqual({
      'content-type': 'application/yaml; charset=utf-8',
      'content-disposition': 'attachment; filename="deployment-orders-api.yaml"',
    });
    expect(body).toContain('azure.workload.identity/use');
  });

  it('has those for afterwards only for who asks, with an address that finds them', async () => {
    const backend = await planned();
    const answer = await ask(getMigrationFiles, backend, { later: 'true' });
    const path = pathsOf(answer).find((one) => one.includes('/later/networkpolicy-')) ?? '';

    const { body } = await download(backend, { path, later: 'true' });
    expect(body).toContain('kind: NetworkPolicy');
    expect(await ask(getMigrationFiles, backend, { path })).toMatchObject({ status: 404 });
  });
});

describe('GET migrations/{id}/burn-down', () => {
  it('says how many there were, how many are left, and whose they are', async () => {
    const backend = await planned();
    const all = (cluster?.workloads ?? []).filter(({ status }) => status !== 'unused');
    for (const [n, { kind, namespace, name }] of all.entries()) {
      const record: MigrationWorkloadRecord = {
        id: `mig_1~c~${kind}/${namespace}/${name}`,
        clusterId,
        workload: { kind, namespace, name },
        state: n === 0 ? 'migrated' : 'soaking',
        reason: '',
        since: '2026-11-24T10:00:00Z',
      };
      await backend.records.put('migrationWorkload', record.id, record);
    }

    const { body } = await ask(getBurnDown, backend);

    expect(all.length).toBeGreaterThan(1);
    expect(body).toMatchObject({
      planned: { all: { left: all.length } },
      now: {
        left: all.length - 1,
        byState: { migrated: 1, soaking: all.length - 1 },
        migratedByTeam: { [all[0]?.namespace ?? '']: 1 },
      },
      afterwards: [{ cluster: armId, imdsRestriction: { possible: true } }],
    });
  });

  it('names the namespaces that get tokens though no workload was found in them', async () => {
    const nmiCounts = { 'kube-system/nmi-a': { requests: { spark: 5, shop: 7 } } };
    const counted = Object.fromEntries(
      Object.entries(survey.kubernetes).map(([id, content]) => [id, { ...content, nmiCounts }]),
    );

    const { body } = await ask(getBurnDown, await planned({ ...survey, kubernetes: counted }));

    expect(plan.clusters[0]?.workloads.map(({ namespace }) => namespace)).toContain('shop');
    expect(body['unexplained']).toEqual([{ cluster: armId, namespace: 'spark', tokens: 5 }]);
  });
});
