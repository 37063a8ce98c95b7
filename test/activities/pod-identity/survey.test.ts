import { activities } from '../../../activities';
import { loadSurvey } from '../../../activities/survey-store';
import type { ClusterId } from '../../../domain/ids';
import { toClusterId } from '../../../domain/ids';
import { keptObject } from '../../../domain/migration/kept-objects';
import { MigrationOptions } from '../../../domain/migration/options';
import { planMigration } from '../../../domain/migration/plan';
import type { Json, MigrationSnapshot } from '../../../domain/migration/snapshot';
import { byEntra } from '../../clients/kubernetes/by-entra';
import { anAzure } from '../support/azure';
import type { TestAzure } from '../support/azure';
import { migrationFixture, migrationFixtures } from './a-served-fixture';

const surveyId = 'sv_1';
interface Survey {
  readonly azure: TestAzure;
  readonly ids: readonly ClusterId[];
}

/** The simulated Azure of a fixture, clusters and what runs in them included. */
async function surveying<T>(
  given: MigrationSnapshot,
  look: (survey: Survey) => Promise<T>,
): Promise<T> {
  await using azure = await anAzure(given, byEntra);
  const ids = Object.keys(given.kubernetes).map((id) => toClusterId(id) ?? ('' as ClusterId));
  return await look({ azure, ids });
}

async function surveyed({ ids, azure }: Survey): Promise<MigrationSnapshot> {
  for (const clusterId of ids) {
    const result = await azure.value(activities.readClusterContent, { surveyId, clusterId });
    expect(result).toMatchObject({ done: true, state: 'read', logsUnread: [] });
  }
  const result = await azure.value(activities.surveyMigration, { surveyId, clusterIds: ids });
  expect(result).toMatchObject({ surveyId, clusters: ids.length, unread: [] });
  return loadSurvey(azure.clients.records, surveyId, ids);
}

const idsOf = (list: readonly Readonly<Record<string, unknown>>[]) =>
  list.map(({ id }) => String(id).toLowerCase()).sort();
/** What a fixture says about identities that no pod identity names is of no use to a plan. */
function named({ fleet, kubernetes }: MigrationSnapshot) {
  const texts = JSON.stringify([
    fleet.clusters.map(
      ({ properties }) => (properties as { podIdentityProfile?: unknown }).podIdentityProfile,
    ),
    Object.values(kubernetes).flatMap(({ objects }) =>
      objects.filter(({ kind }) => kind === 'AzureIdentity'),
    ),
  ]).toLowerCase();
  return fleet.identities
    .filter(({ id }) => texts.includes(`"${id.toLowerCase()}"`))
    .map(({ id, federatedIdentityCredentials, forbidden }) => ({
      id: id.toLowerCase(),
      credentials: federatedIdentityCredentials && idsOf(federatedIdentityCredentials),
      forbidden,
    }))
    .sort((one, other) => one.id.localeCompare(other.id));
}

function withCluster({ fleet, ...given }: MigrationSnapshot, properties: Json): MigrationSnapshot {
  const clusters = fleet.clusters.map((one) => ({
    ...one,
    properties: { ...(one['properties'] as Json), ...properties },
  }));
  return { ...given, fleet: { ...fleet, clusters } };
}

describe('a survey', () => {
  it('has a stopped cluster in scope, and asks nobody there', async () => {
    const given = withCluster(migrationFixture('01-addon-simple.json'), {
      powerState: { code: 'Stopped' },
    });
    await surveying(given, async ({ azure, ids }) => {
      const [clusterId] = ids;
      const read =
        clusterId && (await azure.value(activities.readClusterContent, { surveyId, clusterId }));
      await azure.value(activities.surveyMigration, { surveyId, clusterIds: ids });
      const { kubernetes } = await loadSurvey(azure.clients.records, surveyId, ids);

      expect(read).toEqual({ done: true, state: 'stopped', objects: 0, logsUnread: [] });
      expect(Object.values(kubernetes)).toEqual([{ serverVersion: 'v1.33.2', objects: [] }]);
      expect((await azure.calls()).filter(({ provider }) => provider === 'Kubernetes')).toEqual([]);
    });
  });

  it('says what it may not see, and does not take it for not there', async () => {
    const given = migrationFixture('01-addon-simple.json');
    await surveying(given, async ({ azure, ids }) => {
      await azure.fail(
        {
          match: { path: 'userAssignedIdentities/id-orders/federatedIdentityCredentials' },
          answer: { status: 403, code: 'AuthorizationFailed' },
        },
        {
          match: { path: 'roleAssignments' },
          count: 9,
          answer: { status: 403, code: 'AuthorizationFailed' },
        },
      );
      const result = await azure.value(activities.surveyMigration, { surveyId, clusterIds: ids });
      const { fleet } = await loadSurvey(azure.clients.records, surveyId, ids);

      expect(result.unread).toEqual(['roleAssignments', 'identities']);
      expect(fleet.identities).toContainEqual({
        id: expect.stringMatching(/id-orders$/) as string,
        forbidden: true,
      });
      expect(fleet.roleAssignments).toEqual([]);
    });
  });

  it('leaves out an identity that is gone, and a cluster that is gone', async () => {
    const given = migrationFixture('01-addon-simple.json');
    await surveying(given, async ({ azure, ids }) => {
      const [id = ''] = Object.keys(given.kubernetes);
      const gone = toClusterId(id.replace('aks-shop-weu', 'aks-gone')) ?? ('' as ClusterId);
      const orders = given.fleet.identities.find((one) => one.id.endsWith('id-orders'))?.id ?? '';
      await azure.somebody('DELETE', orders);
      const clusterIds = [...ids, gone];
      const result = await azure.value(activities.surveyMigration, { surveyId, clusterIds });
      const { fleet, kubernetes } = await loadSurvey(azure.clients.records, surveyId, clusterIds);

      expect(result.clusters).toBe(1);
      expect(fleet.identities.map((one) => one.id)).not.toContain(orders);
      expect(kubernetes).toEqual({});
    });
  });

  it('knows the issuers of clusters that are not in scope', async () => {
    const given = migrationFixture('01-addon-simple.json');
    await surveying(given, async ({ azure }) => {
      const result = await azure.value(activities.surveyMigration, { surveyId, clusterIds: [] });
      const { fleet } = await loadSurvey(azure.clients.records, surveyId, []);

      expect(result).toMatchObject({ clusters: 0, otherClusters: 1 });
      const [{ properties } = { properties: {} }] = fleet.clusters;
      expect(properties).toMatchObject({
        oidcIssuerProfile: { issuerURL: expect.stringMatching(/\/$/) as string },
        podIdentityProfile: { enabled: true },
      });
    });
  });

  it.each(migrationFixtures)('finds what fixture %s holds', async (name) => {
    const given = migrationFixture(name);
    const found = await surveying(given, surveyed);
    const { fleet, kubernetes } = found;

    expect(idsOf(fleet.clusters)).toEqual(idsOf(given.fleet.clusters));
    expect(named(found)).toEqual(named(given));
    expect(fleet.identities).toHaveLength(named(given).length);
    expect(idsOf(fleet.roleAssignments)).toEqual(idsOf(given.fleet.roleAssignments));
    expect(fleet.subscriptions).toEqual(given.fleet.subscriptions);
    expect(Object.keys(kubernetes)).toEqual(Object.keys(given.kubernetes));
    expect(idsOf(fleet.vmss)).toEqual(installed(given) ? idsOf(given.fleet.vmss) : []);
    for (const [id, content] of Object.entries(given.kubernetes)) {
      const read = kubernetes[id];
      expect(read?.serverVersion).toBe(content.serverVersion);
      expect(namesOf(read?.objects ?? [])).toEqual(
        expect.arrayContaining(namesOf(needed(content.objects))),
      );
    }
  });

  it.each(migrationFixtures)('is all that the plan of fixture %s is made from', async (name) => {
    const given = migrationFixture(name);
    const { options } = given as MigrationSnapshot & { readonly options?: unknown };
    const parsed = MigrationOptions.parse(options);
    const found = await surveying(given, surveyed);

    expect(planMigration(found, parsed)).toEqual(planMigration(given, parsed));
  });

  it.each(migrationFixtures)(
    'changes nothing in fixture %s, and asks for nothing it must not see',
    async (name) => {
      await surveying(migrationFixture(name), async (survey) => {
        await surveyed(survey);
        const calls = await survey.azure.calls();
        const inside = calls.filter(({ provider }) => provider === 'Kubernetes');
        const posts = calls
          .filter(({ method }) => method !== 'GET')
          .map(({ method, operation }) => `${method} ${operation}`);

        expect(inside.length).toBeGreaterThan(20);
        expect(new Set(inside.map(({ method }) => method))).toEqual(new Set(['GET']));
        expect(calls.filter(({ path }) => /\/secrets(\/|$)/i.test(path))).toEqual([]);
        expect(new Set(posts)).toEqual(
          new Set([
            'POST managedclusters/listClusterUserCredential/action',
            'POST resources/action',
          ]),
        );
      });
    },
  );
});

/** Pod identity as open source, which has its identities on scale sets. */
function installed({ fleet, kubernetes }: MigrationSnapshot): boolean {
  const hasObjects = Object.values(kubernetes).some(({ objects }) =>
    objects.some(({ kind }) => kind === 'AzureIdentity'),
  );
  return (
    hasObjects &&
    fleet.clusters.some(
      ({ properties }) =>
        (properties as { podIdentityProfile?: { enabled?: boolean } }).podIdentityProfile
          ?.enabled !== true,
    )
  );
}

/** Not old revisions, and not pods that only repeat their template. */
function needed(objects: readonly Json[]): readonly Json[] {
  return objects.filter((object) => keptObject(object) !== undefined);
}

const namesOf = (objects: readonly Json[]) =>
  objects
    .map(({ apiVersion, kind, metadata }) => {
      const { namespace, name } = metadata as {
        readonly namespace?: string;
        readonly name: string;
      };
      return `${String(apiVersion)} ${String(kind)} ${namespace ?? ''}/${name}`;
    })
    .sort();
