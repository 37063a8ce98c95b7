import { activities } from '../../../activities';
import type { ReadClusterContentInput } from '../../../activities/read-cluster-content';
import { loadObjects } from '../../../activities/survey-store';
import { kubernetesLists } from '../../../domain/migration/survey';
import type { ClusterContent, Json } from '../../../domain/migration/snapshot';
import { clusterId } from '../../support/clusters';
import { aWireCluster } from '../support/resources';
import { anAzure } from '../support/azure';
import { migrationFixture, served } from './a-served-fixture';

const surveyId = 'sv_1';
const quiet = () => undefined;
const log = { debug: quiet, info: quiet, warn: quiet, error: quiet };
const context = { log, runId: '', note: quiet, runEnded: quiet };
const [content = { serverVersion: '', objects: [] }] = Object.values(
  migrationFixture('03-multi-identity-selector.json').kubernetes,
);

/** Reads a cluster whose API server has this content, and refuses what it is told to. */
async function reading<T>(
  given: ClusterContent,
  refuse: Parameters<typeof served>[1],
  look: (read: {
    readonly read: (
      input?: Partial<ReadClusterContentInput>,
    ) => ReturnType<typeof activities.readClusterContent>;
    readonly stored: (name: string) => Promise<readonly Json[]>;
    readonly asked: () => readonly string[];
  }) => Promise<T>,
): Promise<T> {
  await using azure = await anAzure([aWireCluster()]);
  await using server = await served(given, refuse);
  const clients = { ...azure.clients, kubernetes: () => Promise.resolve(server.api) };
  return await look({
    read: (input) =>
      activities.readClusterContent({ surveyId, clusterId, ...input }, { ...context, clients }),
    stored: (name) => loadObjects(clients.records, { surveyId, clusterId }, [name]),
    asked: () => server.heard.map(({ url }) => url.pathname),
  });
}

afterEach(() => {
  jest.restoreAllMocks();
});

describe('the reading of a cluster', () => {
  it('has the evidence of NMI logs', async () => {
    await reading(content, undefined, async ({ read, stored }) => {
      await expect(read()).resolves.toMatchObject({
        done: true,
        state: 'read',
        logsUnread: [],
        access: { identity: 'steward' },
      });
      const [log] = [(await stored('pods')).filter(({ kind }) => kind === 'Pod').length];
      expect(log).toBeGreaterThan(0);
    });
  });

  it('does without logs that it may not see, and says so', async () => {
    const refuse = (path: string) => (path.endsWith('/log') ? 403 : undefined);
    await reading(content, refuse, async ({ read }) => {
      await expect(read()).resolves.toMatchObject({
        done: true,
        logsUnread: ['kube-system/nmi-x7k2p'],
      });
    });
  });

  it.each(kubernetesLists.map(({ name, path }) => [name, path]))(
    'does not pass over %s that it may not list',
    async (_name, path) => {
      const refuse = (asked: string) => (asked === path ? 403 : undefined);
      await reading(content, refuse, async ({ read }) => {
        await expect(read()).rejects.toMatchObject({ failure: { message: `no: ${path}` } });
      });
    },
  );

  it.each(
    kubernetesLists.map(({ name, path, optional = false }) => [name, path, optional] as const),
  )('can do without %s only where nobody need install it', async (_name, path, optional) => {
    const refuse = (asked: string) => (asked === path ? 404 : undefined);
    await reading(content, refuse, async ({ read }) => {
      const outcome = await read().then(
        () => 'done',
        (error: unknown) => (error as { failure: { code: string } }).failure.code,
      );
      expect(outcome).toBe(optional ? 'done' : 'Unsupported');
    });
  });

  it('hands back after a minute, goes on where it was, and reads nothing twice', async () => {
    let now = 0;
    jest.spyOn(performance, 'now').mockImplementation(() => (now += 25_000));
    await reading(content, undefined, async ({ read, stored, asked }) => {
      let from: number | undefined;
      let turns = 0;
      for (;;) {
        const result = await read(from === undefined ? {} : { from });
        turns += 1;
        if (result.done) break;
        expect(result.next).toBeGreaterThan(from ?? 0);
        from = result.next;
      }
      const lists = asked().filter((path) => kubernetesLists.some((one) => one.path === path));

      expect(turns).toBeGreaterThan(5);
      expect(lists).toEqual(kubernetesLists.map(({ path }) => path));
      expect(await stored('azureidentities')).not.toEqual([]);
    });
  });

  it('reads only ConfigMaps that workloads with pod identity name, and only what is for the Azure SDKs', async () => {
    const map = (name: string, data: object): Json => ({
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name, namespace: 'shop' },
      data,
    });
    const deployment = (name: string, labels: object, container: object): Json => ({
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name, namespace: 'shop' },
      spec: {
        template: { metadata: { labels }, spec: { containers: [{ name: 'app', ...container }] } },
      },
    });
    const objects = [
      deployment(
        'with',
        { aadpodidbinding: 'x' },
        {
          envFrom: [
            { configMapRef: { name: 'all' } },
            { prefix: 'AZURE_', configMapRef: { name: 'prefixed' } },
            { secretRef: { name: 'secret' } },
          ],
          env: [
            { name: 'AZURE_CLIENT_ID', valueFrom: { configMapKeyRef: { name: 'one', key: 'id' } } },
            { name: 'OTHER', valueFrom: { configMapKeyRef: { name: 'not-for-sdks', key: 'id' } } },
          ],
        },
      ),
      deployment('without', {}, { envFrom: [{ configMapRef: { name: 'unrelated' } }] }),
      map('all', { AZURE_CLIENT_ID: 'a', AZURE_CLIENT_SECRET: 's', DATABASE: 'b' }),
      map('prefixed', { CLIENT_ID: 'c', CLIENT_SECRET: 's' }),
      map('one', { id: 'd', other: 'e' }),
      map('not-for-sdks', { id: 'f' }),
      map('unrelated', { AZURE_CLIENT_ID: 'g' }),
    ];
    await reading(
      { serverVersion: 'v1.33.0', objects },
      undefined,
      async ({ read, stored, asked }) => {
        await read();
        const found = (await stored('configmaps')).map(({ metadata, data }) => [
          (metadata as Json)['name'],
          data,
        ]);

        expect(found).toEqual([
          ['one', { id: 'd' }],
          ['all', { AZURE_CLIENT_ID: 'a', AZURE_CLIENT_SECRET: '***' }],
          ['prefixed', { CLIENT_ID: 'c', CLIENT_SECRET: '***' }],
        ]);
        expect(asked().filter((path) => path.includes('configmaps'))).toHaveLength(3);
        expect(
          asked().filter((path) =>
            path.replace('secrets-store', '').replace('secretprovider', '').includes('secret'),
          ),
        ).toEqual([]);
      },
    );
  });
});
