import { objectAt, objectsAt, textAt } from '../../../../simulator/json';
import type { JsonObject } from '../../../../simulator/json';
import { drive } from '../../support/running';
import type { Driven } from '../../support/running';
import { aCluster, aWorkload, clusterId } from './a-world';

const objects = async (azure: Driven): Promise<readonly JsonObject[]> =>
  objectsAt(await azure.control('GET', 'kubernetes'), clusterId, 'objects');
const podsOf = async (azure: Driven, app: string): Promise<readonly JsonObject[]> =>
  (await objects(azure)).filter(
    (one) => one['kind'] === 'Pod' && textAt(one, 'metadata', 'labels', 'app') === app,
  );
const isReady = (pod: JsonObject): boolean =>
  objectsAt(pod, 'status', 'conditions').some(
    (one) => one['type'] === 'Ready' && one['status'] === 'True',
  ) && textAt(pod, 'metadata', 'deletionTimestamp') === undefined;

describe('a roll of the nodes', () => {
  it('drains them one after the other, so that workloads move and never stop', async () => {
    await using azure = await drive({
      scenario: { now: '2026-11-24T08:00:00Z', behaviour: { alreadyCurrent: 'reimage' } },
    });
    const resources = aCluster().map((one) =>
      one.id === clusterId
        ? {
            ...one,
            properties: { ...objectAt(one, 'properties'), podIdentityProfile: { enabled: true } },
          }
        : one,
    );
    const web = aWorkload({ kind: 'Deployment', spec: { replicas: 4 } });
    const daemon = aWorkload({ kind: 'DaemonSet', name: 'agent' });
    const kubernetes = { [clusterId]: { objects: [web, daemon] } };
    await azure.control('PUT', 'world', { resources, kubernetes });
    azure.advanceMinutes(1);
    const uids = async (app: string) =>
      (await podsOf(azure, app)).map((pod) => textAt(pod, 'metadata', 'uid'));
    const [before, agents] = [await uids('web'), await uids('agent')];

    const path = `${clusterId}/agentPools/system/upgradeNodeImageVersion?api-version=2026-06-01`;
    expect((await azure.arm('POST', path)).status).toBe(202);
    const ready: number[] = [];
    for (let half = 0; half < 80; half += 1) {
      azure.advanceMinutes(0.5);
      ready.push((await podsOf(azure, 'web')).filter(isReady).length);
    }

    expect(Math.min(...ready)).toBeGreaterThan(0);
    expect((await uids('web')).filter((uid) => before.includes(uid))).toEqual([]);
    expect((await uids('agent')).filter((uid) => agents.includes(uid))).toEqual([]);
    expect((await podsOf(azure, 'web')).filter(isReady)).toHaveLength(4);
    expect((await podsOf(azure, 'agent')).filter(isReady)).toHaveLength(3);
    expect((await podsOf(azure, 'nmi')).filter(isReady)).toHaveLength(3);
    expect(JSON.stringify(await azure.control('GET', 'world'))).not.toContain('staleRedirect');
  });

  it('cures nodes on which NMI was killed', async () => {
    await using azure = await drive({
      scenario: { now: '2026-11-24T08:00:00Z', behaviour: { alreadyCurrent: 'reimage' } },
    });
    const [cluster, ...others] = aCluster();
    const node = 'aks-system-30211427-vmss000001';
    const $truth = { pools: { system: { nodes: { [node]: { staleRedirect: true } } } } };
    await azure.control('PUT', 'world', { resources: [{ ...cluster, $truth }, ...others] });
    const stale = async () =>
      JSON.stringify(await azure.control('GET', 'world')).includes('staleRedirect');
    expect(await stale()).toBe(true);

    await azure.arm(
      'POST',
      `${clusterId}/agentPools/system/upgradeNodeImageVersion?api-version=2026-06-01`,
    );
    azure.advanceMinutes(60);

    expect(await stale()).toBe(false);
  });

  it('that fails cures only the nodes that it came to', async () => {
    await using azure = await drive({
      scenario: { now: '2026-11-24T08:00:00Z', behaviour: { alreadyCurrent: 'reimage' } },
    });
    const [cluster, ...others] = aCluster();
    const nodes = Object.fromEntries(
      [0, 1, 2].map((index) => [`aks-system-30211427-vmss00000${index}`, { staleRedirect: true }]),
    );
    const $truth = { pools: { system: { nodes } } };
    await azure.control('PUT', 'world', { resources: [{ ...cluster, $truth }, ...others] });
    const error = { code: 'NodesNotReady', message: 'They are not.' };
    await azure.control('POST', 'faults', [
      { match: { path: 'upgradeNodeImageVersion' }, operation: { minutes: 30, error } },
    ]);

    await azure.arm(
      'POST',
      `${clusterId}/agentPools/system/upgradeNodeImageVersion?api-version=2026-06-01`,
    );
    azure.advanceMinutes(60);

    const world = JSON.stringify(await azure.control('GET', 'world'));
    expect(world.split('staleRedirect').length - 1).toBe(2);
  });
});
