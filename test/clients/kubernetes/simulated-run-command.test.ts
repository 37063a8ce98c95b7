import { randomBytes } from 'node:crypto';

import { activities } from '../../../activities';
import { loadSurvey } from '../../../activities/survey-store';
import type { KubeApi } from '../../../clients/kubernetes/kube-api';
import type { ClusterId } from '../../../domain/ids';
import { toClusterId } from '../../../domain/ids';
import { migrationFixture } from '../../activities/pod-identity/a-served-fixture';
import { anAzure } from '../../activities/support/azure';
import type { TestAzure } from '../../activities/support/azure';
import { aWireCluster } from '../../activities/support/resources';
import { clusterId } from '../../support/clusters';
import { byEntra, stewardId } from './by-entra';

const privateClusters = 'runCommand';
const isPrivate = { apiServerAccessProfile: { enablePrivateCluster: true } };
const maps = '/api/v1/namespaces/default/configmaps';
const deployment = '/apis/apps/v1/namespaces/default/deployments/web';

function aMap(name: string, value = 'x'): Readonly<Record<string, unknown>> {
  const metadata = { name, namespace: 'default' };
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata, data: { value } };
}

const web = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'web', namespace: 'default' },
  spec: {
    replicas: 2,
    selector: { matchLabels: { app: 'web' } },
    template: {
      metadata: { labels: { app: 'web' } },
      spec: { containers: [{ name: 'app', image: 'registry/app:1' }] },
    },
  },
};
const scaled = (replicas: number) => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: web.metadata,
  spec: { replicas },
});

interface Inside {
  readonly api: KubeApi;
  readonly azure: TestAzure;
}

/** The product's clients in front of a private cluster that holds these objects. */
async function inside<T>(
  objects: readonly object[],
  look: (inside: Inside) => Promise<T>,
  properties: object = { aadProfile: { managed: true } },
): Promise<T> {
  const cluster = aWireCluster({ ...isPrivate, ...properties });
  const world = { resources: [cluster], kubernetes: { [clusterId]: { objects } } };
  await using azure = await anAzure(world, byEntra, { privateClusters });
  return await look({ azure, api: await azure.clients.kubernetes(clusterId) });
}

const errorOf = (asked: Promise<unknown>) =>
  asked.then(
    () => undefined,
    (error: unknown) => error,
  );
const commandsIn = ({ sent }: TestAzure) => sent.filter(({ url }) => url.includes('/runCommand?'));

describe('a simulated private cluster', () => {
  it('is not reached directly, and is over runCommand', async () => {
    const world = [aWireCluster({ ...isPrivate, aadProfile: { managed: true } })];
    await using azure = await anAzure(world, byEntra);
    const direct = await azure.clients.kubernetes(clusterId);
    const refused = await errorOf(direct.get('/version'));
    const version = await inside([], async ({ api }) => [api.access, await api.get('/version')]);

    expect(refused).toBeInstanceOf(Error);
    expect(version).toEqual([
      { identity: 'steward', way: 'runCommand' },
      expect.objectContaining({ gitVersion: expect.stringMatching(/^v1\./) as string }),
    ]);
  });

  it('says what is there, and what is not', async () => {
    const found = await inside([aMap('a', 'ä "quoted" $HOME')], async ({ api }) => [
      await api.get(`${maps}/a`),
      await api.get(`${maps}/b`),
      await api.list('/apis/aadpodidentity.k8s.io/v1/azureidentities'),
    ]);

    expect(found).toEqual([
      expect.objectContaining({ data: { value: 'ä "quoted" $HOME' } }),
      undefined,
      undefined,
    ]);
  });

  it('is listed in pages, in smaller ones once an output was cut off', async () => {
    const names = Array.from({ length: 60 }, (_one, index) => `map-${String(100 + index)}`);
    const noise = () => randomBytes(7500).toString('base64'); // does not compress
    const objects = names.map((name) => aMap(name, noise()));
    const { listed, limits } = await inside(objects, async ({ api, azure }) => ({
      listed: await api.list(maps, { limit: 60 }),
      limits: commandsIn(azure).map(
        ({ body }) => /limit=(\d+)/.exec(JSON.stringify(body['command']))?.[1],
      ),
    }));
    const found = listed?.map(({ metadata }) => (metadata as { name: string }).name);

    expect(found?.filter((name) => name.startsWith('map-'))).toEqual(names);
    expect(limits).toEqual(['60', '30', '30', ...limits.slice(3)]);
    expect(new Set(limits.slice(1))).toEqual(new Set(['30']));
  });

  it('lists nodes in pages of one moment', async () => {
    const nodes = await inside([], ({ api }) => api.list('/api/v1/nodes', { limit: 2 }));

    expect(nodes).toHaveLength(6);
  });

  it('keeps what is created, and refuses it a second time', async () => {
    const [rehearsed, created, kept, again] = await inside([], async ({ api }) => {
      await api.create(maps, aMap('new'), { dryRun: true });
      const before = await api.get(`${maps}/new`);
      const made = await api.create(maps, aMap('new', `it's "x" \\ $(y)`));
      const after = await api.get(`${maps}/new`);
      return [before, made, after, await errorOf(api.create(maps, aMap('new')))];
    });

    expect(rehearsed).toBeUndefined();
    expect(created).toMatchObject({ metadata: { name: 'new' } });
    expect(kept).toMatchObject({
      data: { value: `it's "x" \\ $(y)` },
      metadata: { managedFields: [{ manager: 'aks-identity-steward' }] },
    });
    expect(again).toMatchObject({ reason: 'AlreadyExists' });
  });

  it('names who owns a field that is applied, until that is forced', async () => {
    const found = await inside([], async ({ api, azure }) => {
      await api.create('/apis/apps/v1/namespaces/default/deployments', web);
      await api.apply(deployment, scaled(2), { force: true });
      const other = await anotherManager(azure, scaled(4));
      const refused = await errorOf(api.apply(deployment, scaled(3)));
      const rehearsed = await api.apply(deployment, scaled(3), { force: true, dryRun: true });
      const before = await api.get(deployment);
      await api.apply(deployment, scaled(3), { force: true });
      return { other, refused, rehearsed, before, after: await api.get(deployment) };
    });

    expect(found.other).toBe(0);
    expect(found.refused).toMatchObject({ reason: 'FieldManagerConflict', managers: ['helm'] });
    expect(found.rehearsed).toMatchObject({ spec: { replicas: 3 } });
    expect([found.before, found.after]).toMatchObject([
      { spec: { replicas: 4 } },
      { spec: { replicas: 3 } },
    ]);
  });

  it('patches, but not what has changed meanwhile or would be invalid', async () => {
    const patches = (replicas: number, value: number) => [
      { op: 'test' as const, path: '/spec/replicas', value: replicas },
      { op: 'replace' as const, path: '/spec/replicas', value },
    ];
    const found = await inside([web], async ({ api }) => ({
      patched: await api.jsonPatch(deployment, patches(2, 5)),
      changed: await errorOf(api.jsonPatch(deployment, patches(2, 6))),
      invalid: await errorOf(
        api.jsonPatch(deployment, [
          { op: 'replace', path: '/spec/selector/matchLabels/app', value: 'other' },
        ]),
      ),
      absent: await errorOf(api.jsonPatch(`${deployment}-none`, patches(5, 1))),
      merged: await api.mergePatch(deployment, { metadata: { labels: { a: 'b' } } }),
    }));

    expect(found.patched).toMatchObject({ spec: { replicas: 5 } });
    expect(found.merged).toMatchObject({ spec: { replicas: 5 }, metadata: { labels: { a: 'b' } } });
    expect([found.changed, found.invalid, found.absent]).toMatchObject([
      { reason: 'ChangedMeanwhile' },
      { reason: 'Invalid' },
      { reason: 'NotFound' },
    ]);
  });

  it('removes the object of a uid, and no other', async () => {
    const found = await inside([aMap('a')], async ({ api }) => {
      const { metadata } = (await api.get(`${maps}/a`)) as { readonly metadata: { uid: string } };
      const other = await errorOf(api.remove(`${maps}/a`, { uid: 'another' }));
      const still = await api.get(`${maps}/a`);
      await api.remove(`${maps}/a`, { uid: metadata.uid });
      await api.remove(`${maps}/a`, { uid: metadata.uid }); // gone: a success
      return [other, still, await api.get(`${maps}/a`)];
    });

    expect(found).toMatchObject([{ reason: 'ChangedMeanwhile' }, aMap('a'), undefined]);
  });

  it('is not asked for Secrets or tokens', async () => {
    const { secrets, token, commands } = await inside([], async ({ api, azure }) => ({
      secrets: await errorOf(api.list('/api/v1/namespaces/default/secrets')),
      token: await errorOf(
        api.createToken({
          namespace: 'default',
          serviceAccount: 'default',
          audiences: ['a'],
          seconds: 600,
        }),
      ),
      commands: commandsIn(azure),
    }));

    expect(secrets).toMatchObject({ message: 'Steward never asks for Secrets' });
    expect(token).toMatchObject({
      failure: {
        code: 'Unsupported',
        message: 'Over runCommand Steward cannot issue tokens of service accounts.',
      },
    });
    expect(commands).toEqual([]);
  });

  it('without Entra lets every command do everything, and that is said', async () => {
    const [access, pods] = await inside(
      [],
      async ({ api, azure }) => {
        await azure.behave({ kubernetes: { forbidden: [stewardId] } });
        return [api.access, await api.list('/api/v1/pods')] as const;
      },
      { aadProfile: null },
    );

    expect(access).toEqual({ identity: 'localAccount', way: 'runCommand' });
    expect(pods).toEqual([]);
  });

  it('refuses Steward where it has no rights', async () => {
    const refused = await inside([], async ({ api, azure }) => {
      await azure.behave({ kubernetes: { forbidden: [stewardId] } });
      return errorOf(api.list('/api/v1/pods'));
    });

    expect(refused).toMatchObject({ reason: 'Forbidden' });
  });
});

/** Somebody else applies, with a command of their own; the result is its exit code. */
async function anotherManager(azure: TestAzure, config: object): Promise<unknown> {
  const body = Buffer.from(JSON.stringify(config)).toString('base64');
  const arm = await azure.clients.arm(clusterId.split('/')[2] ?? '');
  const issued = await byEntra.getToken('6dae42f8-4368-4678-94ff-3960e28e3630');
  const command = `echo ${body} | base64 -d | kubectl apply --server-side --force-conflicts --field-manager=helm -f -`;
  const path = `${clusterId}/runCommand`;
  const started = await arm({
    method: 'POST',
    path,
    apiVersion: '2026-06-01',
    body: { command, context: '', clusterToken: issued?.token },
  });
  azure.advanceMinutes(1);
  const { body: result } = await arm({ method: 'GET', path: started.header('location') ?? '' });
  return (result as { readonly properties: { readonly exitCode: unknown } }).properties.exitCode;
}

describe('a survey over runCommand', () => {
  const surveyId = 'sv_1';

  it('finds what it finds directly', async () => {
    const { fleet, ...given } = migrationFixture('01-addon-simple.json');
    const clusters = fleet.clusters.map((one) => ({
      ...one,
      properties: { ...(one['properties'] as object), ...isPrivate },
    }));
    const ids = Object.keys(given.kubernetes).map((id) => toClusterId(id) ?? ('' as ClusterId));
    const surveyed = async (azure: TestAzure) => {
      const ways = new Set<unknown>();
      azure.advanceMinutes(10); // what the clusters do by themselves is done
      for (const id of ids) {
        const read = await azure.value(activities.readClusterContent, { surveyId, clusterId: id });
        ways.add('access' in read ? read.access.way : read.done);
      }
      await azure.value(activities.surveyMigration, { surveyId, clusterIds: ids });
      const { kubernetes } = await loadSurvey(azure.clients.records, surveyId, ids);
      return { kubernetes, ways: [...ways] };
    };
    await using open = await anAzure({ ...given, fleet }, byEntra);
    await using closed = await anAzure({ ...given, fleet: { ...fleet, clusters } }, byEntra, {
      privateClusters,
    });
    const [direct, commanded] = [await surveyed(open), await surveyed(closed)];
    const inClosed = (await closed.calls()).filter(({ provider }) => provider === 'Kubernetes');

    expect([direct.ways, commanded.ways]).toEqual([['direct'], ['runCommand']]);
    expect(inClosed).toEqual([]);
    expect(Object.values(direct.kubernetes).flatMap(({ objects }) => objects)).not.toEqual([]);
    expect(commanded.kubernetes).toEqual(direct.kubernetes);
  });
});
