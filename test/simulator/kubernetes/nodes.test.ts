import fleet25 from '../../data/scenarios/fleet-25.json';
import { at, objectsAt, textAt, withAt } from '../../../simulator/json';
import type { Json, JsonObject } from '../../../simulator/json';
import { drive } from '../support/running';
import type { Driven } from '../support/running';
import { clustersOf } from '../support/world';
import { reach } from './a-cluster';
import type { ReachedCluster } from './a-cluster';

// Their kubeconfig has a certificate and a token of the cluster's own.
const withLocalAccounts = { ...fleet25, fleet: { ...fleet25.fleet, localAccounts: 1 } };

const imageLabel = 'kubernetes.azure.com/node-image-version';
const ofSystem = '/api/v1/nodes?labelSelector=agentpool%3Dsystem';

describe('the nodes of a cluster', () => {
  let azure: Driven;
  let inside: ReachedCluster;
  let id: string;

  async function start(kubernetes: object = {}): Promise<void> {
    azure = await drive({ scenario: { ...withLocalAccounts, behaviour: { kubernetes } } });
    const running = await clustersOf(
      azure,
      (one) => textAt(one, 'properties', 'powerState', 'code') === 'Running',
    );
    id = running.find(({ properties }) => hasOldSystemPool(properties))?.id ?? '';
    inside = await reach(azure, id);
  }
  afterEach(() => azure[Symbol.asyncDispose]());

  const roll = () =>
    azure.arm('POST', `${id}/agentPools/system/upgradeNodeImageVersion?api-version=2026-06-01`);
  const list = async (path = ofSystem): Promise<readonly JsonObject[]> =>
    objectsAt((await inside.ask('GET', path)).body, 'items');
  const states = async (): Promise<readonly string[]> => (await list()).map(stateOf);
  const patch = (name: string, type: string, body: unknown) =>
    inside.ask('PATCH', `/api/v1/nodes/${name}?fieldManager=test`, {
      headers: { 'content-type': `application/${type}` },
      body,
    });

  it('are as many as ARM counts and say what their pool says', async () => {
    await start();
    const { body: pool } = await azure.arm('GET', `${id}/agentPools/system?api-version=2026-06-01`);
    const nodes = await list();

    expect(nodes).toHaveLength(Number(at(pool, 'properties', 'count')));
    for (const node of nodes) {
      const labels = at(node, 'metadata', 'labels');
      expect(at(labels, imageLabel)).toBe(at(pool, 'properties', 'nodeImageVersion'));
      expect(textAt(node, 'metadata', 'name')).toMatch(/^aks-system-\d{8}-vmss00000\d$/);
    }
  });

  it('change one by one while their pool rolls', async () => {
    await start();
    const before = await list();
    await roll();
    azure.advanceMinutes(2);
    expect(await states()).toEqual(['old cordoned', 'old', 'old', 'new']);
    azure.advanceMinutes(5);
    expect(await states()).toEqual(['new', 'old cordoned', 'old', 'new']);
    azure.advanceMinutes(15);
    const after = await list();

    expect(after.map(stateOf)).toEqual(['new', 'new', 'new']);
    expect(after.map(nameOf)).toEqual(before.map(nameOf));
    for (const path of [
      ['metadata', 'uid'],
      ['status', 'nodeInfo', 'bootID'],
    ]) {
      const used = [...before, ...after].map((node) => textAt(node, ...path));
      expect(new Set(used).size).toBe(6);
    }
  });

  it('keep what they became in the roll when it has ended', async () => {
    await start();
    await roll();
    azure.advanceMinutes(16.9);
    const [during] = await list();
    azure.advanceMinutes(10);
    const [after] = await list();

    expect(at(after, 'metadata', 'uid')).toBe(at(during, 'metadata', 'uid'));
  });

  it('stay the same nodes when their pool grows', async () => {
    await start();
    await roll();
    azure.advanceMinutes(20);
    const before = await list();
    const path = `${id}/agentPools/system?api-version=2026-06-01`;
    const { body: pool } = await azure.arm('GET', path);
    const body = withAt(pool as JsonObject, ['properties', 'count'], 5);
    const { status } = await azure.arm('PUT', path, {
      body: withAt(body, ['properties', 'nodeImageVersion'], undefined),
    });
    azure.advanceMinutes(20);
    const after = await list();

    expect(status).toBe(200);
    expect(after).toHaveLength(5);
    expect(after.slice(0, 3).map(identityOf)).toEqual(before.map(identityOf));
  });

  it('stay behind where the settings say so, whatever ARM says', async () => {
    await start({ rollKeepsOld: 1, rollLeavesNotReady: 1 });
    await roll();
    azure.advanceMinutes(20);
    const { body: pool } = await azure.arm('GET', `${id}/agentPools/system?api-version=2026-06-01`);

    expect(textAt(pool, 'properties', 'nodeImageVersion')).toContain('202611.11.0');
    expect(await states()).toEqual(['new not ready', 'new', 'old']);
  });

  it('keep their boot id and uid where imaging does not reboot', async () => {
    await start({ reimageReboots: false, reimagedNode: 'same-uid' });
    const before = await list();
    await roll();
    azure.advanceMinutes(20);
    const after = await list();

    expect(after.map(stateOf)).toEqual(['new', 'new', 'new']);
    expect(after.map(identityOf)).toEqual(before.map(identityOf));
  });

  it('stay as they are when a roll fails half-way', async () => {
    await start();
    await azure.control('POST', 'faults', [
      {
        match: { operation: 'managedClusters/agentPools/upgradeNodeImageVersion/action' },
        operation: { error: { code: 'InternalError', message: 'It broke.' } },
      },
    ]);
    await roll();
    azure.advanceMinutes(60);

    expect(await states()).toEqual(['new', 'old cordoned', 'old']);
  });

  it.each([
    ['strategic-merge-patch+json', { spec: { unschedulable: true } }],
    ['merge-patch+json', { spec: { unschedulable: true } }],
    ['json-patch+json', [{ op: 'add', path: '/spec/unschedulable', value: true }]],
    ['apply-patch+yaml', { apiVersion: 'v1', kind: 'Node', spec: { unschedulable: true } }],
  ])('are cordoned by %s', async (type, body) => {
    await start();
    const [name = ''] = (await list()).map(nameOf);
    const { status } = await patch(name, type, body);
    const cordoned = await list('/api/v1/nodes?fieldSelector=spec.unschedulable%3Dtrue');

    expect(status).toBe(200);
    expect(cordoned.map(nameOf)).toEqual([name]);
  });

  it('are taken by pages that add up', async () => {
    await start();
    const all = (await list('/api/v1/nodes')).map(nameOf);
    const pages: (string | undefined)[] = [];
    let token: string | undefined = '';
    while (token !== undefined) {
      const { body }: { body: Json } = await inside.ask(
        'GET',
        `/api/v1/nodes?limit=2&continue=${token}`,
      );
      pages.push(...objectsAt(body, 'items').map(nameOf));
      token = textAt(body, 'metadata', 'continue');
    }

    expect(pages).toEqual(all);
    expect(all.length).toBeGreaterThan(2);
  });

  it('tell a watcher of every change after its version', async () => {
    await start();
    const { body } = await inside.ask('GET', '/api/v1/nodes');
    const [name = ''] = (await list()).map(nameOf);
    const version = textAt(body, 'metadata', 'resourceVersion') ?? '';
    await patch(name, 'merge-patch+json', { metadata: { labels: { owner: 'me' } } });
    const watch = await inside.watch(`/api/v1/nodes?watch=true&resourceVersion=${version}`);
    const first = await watch.next();
    await roll();
    azure.advanceMinutes(2);
    const later = [await watch.next(), await watch.next()];
    watch.close();

    expect(at(first, 'object', 'metadata', 'labels', 'owner')).toBe('me');
    expect([first, ...later].map((event) => textAt(event, 'type')).sort()).toEqual([
      'ADDED',
      'MODIFIED',
      'MODIFIED',
    ]);
  });

  it('tell a watcher with a version that is no longer known that it is expired', async () => {
    await start();
    const watch = await inside.watch('/api/v1/nodes?watch=true&resourceVersion=1');
    const event = await watch.next();

    expect([at(event, 'type'), at(event, 'object', 'code')]).toEqual(['ERROR', 410]);
  });
});

function hasOldSystemPool(properties: Json | undefined): boolean {
  const [system] = objectsAt(properties, 'agentPoolProfiles');
  const blocked = at(properties, 'podIdentityProfile') !== undefined;
  return !blocked && !textAt(system, 'nodeImageVersion')?.includes('202611.11.0');
}

function nameOf(node: Json): string | undefined {
  return textAt(node, 'metadata', 'name');
}

function identityOf(node: JsonObject): readonly unknown[] {
  return [at(node, 'metadata', 'uid'), at(node, 'status', 'nodeInfo', 'bootID')];
}

function stateOf(node: JsonObject): string {
  const image = textAt(node, 'metadata', 'labels', imageLabel) ?? '';
  const ready = objectsAt(node, 'status', 'conditions').find(({ type }) => type === 'Ready');
  return [
    image.includes('202611.11.0') ? 'new' : 'old',
    ...(at(node, 'spec', 'unschedulable') === true ? ['cordoned'] : []),
    ...(ready?.['status'] === 'True' ? [] : ['not ready']),
  ].join(' ');
}
