import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { objectAt, objectsAt, textAt } from '../../simulator/json';
import type { JsonObject } from '../../simulator/json';
import { everything, migrating } from './support/migration';
import type { Migrating } from './support/migration';
import { installedByHand } from './support/open-source';

const text = readFileSync(join(__dirname, '../data/pod-identity/01-addon-simple.json'), 'utf8');
const { given } = JSON.parse(text) as { given: JsonObject };
const [clusterId = ''] = Object.keys(objectAt(given, 'kubernetes'));

/** The first shared scenario with other objects in its cluster. */
function withObjects(
  change: (objects: readonly JsonObject[]) => readonly JsonObject[],
): JsonObject {
  const content = objectAt(given, 'kubernetes', clusterId);
  const objects = change(objectsAt(content, 'objects'));
  return { ...given, kubernetes: { [clusterId]: { ...content, objects } } };
}

function workload(kind: string, name: string, spec: JsonObject): JsonObject {
  return {
    apiVersion: 'apps/v1',
    kind,
    metadata: { name, namespace: 'shop', uid: `${kind}-${name}` },
    spec: {
      selector: { matchLabels: { app: name } },
      template: {
        metadata: { labels: { app: name, aadpodidbinding: 'orders-id' } },
        spec: {
          serviceAccountName: 'orders',
          containers: [{ name: 'main', image: `registry.contoso.example/${name}:1` }],
        },
      },
      ...spec,
    },
  };
}

async function lost(steward: Migrating): Promise<readonly JsonObject[]> {
  const probes = await steward.control('GET', 'probes');
  return objectsAt(probes, 'workloads').filter(
    ({ asked, failed }) => Number(failed) > 0 && Number(failed) < Number(asked),
  );
}

describe('a workload that is not what its owner says', () => {
  it('is put back in the soak when it still asks pod identity, which stays', async () => {
    await using steward = await migrating(given);
    const options = { authMode: { 'shop/Deployment/orders-api': 'sdk' } };
    await steward.plan([clusterId], options);

    const end = await steward.apply();

    const states = await steward.states();
    expect(end).toBe('partial');
    expect(states['shop/Deployment/orders-api']).toMatch(
      /^rolled-back: The pod orders-api-\S+ still asks pod identity for tokens\.$/,
    );
    expect(states['shop/CronJob/nightly-report']).toBe('migrated');
    const cluster = await steward.control('GET', 'world');
    const profile = objectAt(cluster[clusterId.toLowerCase()], 'properties', 'podIdentityProfile');
    expect(objectsAt(profile, 'userAssignedIdentities').map(({ name }) => name)).toEqual([
      'orders-id',
    ]);
    expect(await lost(steward)).toEqual([]);
  }, 60_000);
});

describe('workloads that replace no pods by themselves', () => {
  it('get them replaced one by one, and are migrated with the others', async () => {
    const world = withObjects((objects) => [
      ...objects,
      workload('StatefulSet', 'queue', {
        replicas: 3,
        serviceName: 'queue',
        updateStrategy: { type: 'OnDelete' },
      }),
      workload('DaemonSet', 'agent', { updateStrategy: { type: 'OnDelete' } }),
    ]);
    await using steward = await migrating(world);
    const plan = await steward.plan([clusterId]);

    const end = await steward.apply(everything);

    const codes = plan.clusters[0]?.workloads.filter(({ name }) =>
      ['queue', 'agent'].includes(name),
    );
    expect(codes?.map((one) => one.codes)).toEqual([['ROLLOUT_ON_DELETE'], ['ROLLOUT_ON_DELETE']]);
    expect({ end, states: await steward.states() }).toEqual({
      end: 'succeeded',
      states: {
        'shop/CronJob/nightly-report': 'migrated',
        'shop/DaemonSet/agent': 'migrated',
        'shop/Deployment/orders-api': 'migrated',
        'shop/Deployment/orders-worker': 'migrated',
        'shop/StatefulSet/queue': 'migrated',
      },
    });
    expect(await lost(steward)).toEqual([]);
  }, 60_000);

  it('are left alone without approval', async () => {
    const world = withObjects((objects) => [
      ...objects,
      workload('StatefulSet', 'queue', {
        replicas: 2,
        serviceName: 'queue',
        updateStrategy: { type: 'OnDelete' },
      }),
    ]);
    await using steward = await migrating(world);
    await steward.plan([clusterId]);

    const end = await steward.apply([]);

    expect(end).toBe('partial');
    expect(Object.keys(await steward.states())).not.toContain('shop/StatefulSet/queue');
  }, 60_000);
});

describe('two clusters whose workloads use the same identities', () => {
  const twinId = `${clusterId}-twin`;
  const fleet = objectAt(given, 'fleet');

  function twin(): JsonObject {
    const [cluster = {}] = objectsAt(fleet, 'clusters');
    const properties = objectAt(cluster, 'properties');
    const issuer = textAt(properties, 'oidcIssuerProfile', 'issuerURL') ?? '';
    return {
      ...cluster,
      id: twinId,
      name: 'aks-shop-weu-twin',
      properties: {
        ...properties,
        nodeResourceGroup: 'MC_twin',
        oidcIssuerProfile: { enabled: true, issuerURL: issuer.replace('08f3adee', '18f3adee') },
      },
    };
  }

  it('are both migrated; the rights go when neither needs them any more', async () => {
    const content = objectAt(given, 'kubernetes', clusterId);
    const world = {
      fleet: { ...fleet, clusters: [...objectsAt(fleet, 'clusters'), twin()] },
      kubernetes: { [clusterId]: content, [twinId]: content },
    };
    await using steward = await migrating(world);
    await steward.plan([clusterId, twinId]);

    const end = await steward.apply();

    expect({ end, failures: await steward.failures() }).toEqual({ end: 'succeeded', failures: [] });
    const ids = Object.keys(await steward.control('GET', 'world'));
    expect(ids.filter((id) => id.includes('/federatedidentitycredentials/'))).toHaveLength(4);
    expect(await lost(steward)).toEqual([]);
    const conflicts = Object.values(await steward.control('GET', 'calls?limit=100000')).filter(
      (call) => Number(objectAt(call)['status']) === 409,
    );
    expect(conflicts).toEqual([]);
  }, 60_000);
});

describe('an open-source installation that nothing else keeps', () => {
  const folder = join(__dirname, '../data/pod-identity');
  const oss = (
    JSON.parse(readFileSync(join(folder, '04-oss-standard-cross-namespace.json'), 'utf8')) as {
      given: JsonObject;
    }
  ).given;
  const [ossId = ''] = Object.keys(objectAt(oss, 'kubernetes'));

  const kindsIn = async (steward: Migrating): Promise<ReadonlySet<unknown>> =>
    new Set((await steward.objects(ossId)).map(({ kind }) => kind));
  const installed = async (steward: Migrating): Promise<readonly (string | undefined)[]> =>
    (await steward.objects(ossId))
      .filter((one) => ['DaemonSet', 'Deployment'].includes(textAt(one, 'kind') ?? ''))
      .map((one) => textAt(one, 'metadata', 'name'))
      .filter((name) => /^(aad-pod-identity-)?(mic|nmi)$/.test(name ?? ''));

  it('is taken out in the order in which nothing is left behind, and comes back', async () => {
    await using steward = await migrating(installedByHand(oss));
    await steward.plan([ossId], { probeImage: 'registry.contoso.example/steward-probe:1' });
    const before = await installed(steward);

    const end = await steward.apply();

    expect({ end, failures: await steward.failures() }).toEqual({ end: 'succeeded', failures: [] });
    expect(await installed(steward)).toEqual([]);
    const kinds = await kindsIn(steward);
    const leftovers = ['AzureIdentity', 'AzureIdentityBinding', 'AzureAssignedIdentity'];
    expect(leftovers.filter((kind) => kinds.has(kind))).toEqual([]);
    expect(await lost(steward)).toEqual([]);

    expect(await steward.rollBack()).toBe('rolled-back');
    steward.pass(10);
    expect([...(await installed(steward))].sort()).toEqual([...before].sort());
    expect((await kindsIn(steward)).has('AzureIdentityBinding')).toBe(true);
    expect(await lost(steward)).toEqual([]);
  }, 60_000);
});
