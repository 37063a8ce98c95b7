import { judgeCluster } from '../../activities/judge-cluster';
import { sweepPage } from '../../activities/sweep-page';
import { clusterKey } from '../../domain/ids';
import { neededProviders } from '../../domain/rules/features/providers';
import type { JsonObject } from '../../simulator/json';
import {
  aPolicy,
  armIdOf,
  clusterId,
  clusterNamed,
  controlPlaneId,
  oldImage,
  subscriptionId,
} from '../support/clusters';
import { anAzure } from './support/azure';
import type { TestAzure } from './support/azure';
import {
  aFeature,
  aNodeGroupRole,
  aScaleSet,
  aWireCluster,
  aWirePool,
  anIdentity,
  anOldWireCluster,
} from './support/resources';

const policy = aPolicy();
const flagPath = `/subscriptions/${subscriptionId}/providers/Microsoft.Features/providers/Microsoft.ContainerService/features/EnablePodIdentityPreview/unregister`;
const asOf = '2026-11-24T08:00:00.000Z';
const request = {
  subscriptions: [subscriptionId],
  policy,
  skipToken: '',
  asOf,
  cause: 'sweep-2026-11-24T08:00Z',
};
const stale = { agentPoolProfiles: [aWirePool('apps', { nodeImageVersion: oldImage })] };

const providers = neededProviders.map((namespace) => ({
  ...{ id: `/subscriptions/${subscriptionId}/providers/${namespace}`, namespace },
  registrationState: 'Registered',
}));

describe('sweepPage', () => {
  it('judges every cluster of the page and stores what it finds', async () => {
    await using azure = await anAzure([
      ...providers,
      named('in-order', aWireCluster()),
      named('old', anOldWireCluster()),
      named('stale', aWireCluster(stale)),
    ]);

    const page = await azure.value(sweepPage, request);

    expect(page).toEqual({ clusters: 3, withFindings: 2, findings: 2, skipToken: '' });
    expect(await rulesOf(azure, 'in-order')).toEqual([]);
    expect(await rulesOf(azure, 'old')).toEqual(['IDN-001']);
    expect(await rulesOf(azure, 'stale')).toEqual(['IMG-001']);
  });

  it('asks for the newest image once for all pools of a family and region', async () => {
    await using azure = await anAzure(['a', 'b', 'c'].map((name) => named(name, aWireCluster())));

    await azure.value(sweepPage, request);

    const asked = (await azure.calls()).filter(({ path }) => path.includes('/upgradeProfiles/'));
    expect(asked).toHaveLength(1);
  });

  it('does not ask a stopped cluster', async () => {
    const powerState = { code: 'Stopped' };
    await using azure = await anAzure([aWireCluster({ powerState })]);

    await azure.value(sweepPage, request);

    const asked = (await azure.calls()).map(({ operation }) => operation);
    expect(asked).not.toContainEqual(expect.stringMatching(/upgradeProfiles|agentPools/));
    expect(asked).toContain('resources/action');
  });

  it('reads what a subscription shares once, and says what is wrong with it', async () => {
    const [, ...others] = providers;
    const flag = aFeature('Registered');
    const names = ['a', 'b', 'c'];
    await using azure = await anAzure([
      ...[...others, flag],
      ...names.map((name) => named(name, aWireCluster())),
    ]);
    await azure.behave({ roleAssignmentLimit: 1 });

    await azure.value(sweepPage, request);

    const operations = (await azure.calls()).map(({ path }) => path.toLowerCase());
    const count = (part: string) => operations.filter((path) => path.includes(part)).length;
    expect(count('/roleassignmentsusagemetrics')).toBe(1);
    expect(count('/features/enablepodidentitypreview')).toBe(1);
    for (const name of names) {
      expect(await rulesOf(azure, name)).toEqual(['FTR-002', 'FTR-004']);
    }
    const record = await azure.clients.records.get('cluster', clusterKey(clusterNamed('a')));
    expect(record?.value).toMatchObject({
      status: 'ok',
      findings: expect.arrayContaining([
        expect.objectContaining({ subject: 'Microsoft.ContainerService' }),
      ]) as unknown,
    });
    expect(record?.value.unknown).not.toContain('ROL-008');
  });

  it('takes back what a subscription has put right since', async () => {
    await using azure = await anAzure([...providers, aFeature('Registered'), aWireCluster()]);
    await azure.value(sweepPage, request);
    const before = await rulesOf(azure, 'aks-orders');
    await azure.somebody('POST', flagPath);
    azure.advanceMinutes(30);
    await azure.value(sweepPage, request);

    expect([before, await rulesOf(azure, 'aks-orders')]).toEqual([['FTR-002'], []]);
  });

  it('goes on where Resource Graph says, until there is no more', async () => {
    const names = Array.from({ length: 1001 }, (_, i) => `aks-${String(i).padStart(4, '0')}`);
    await using azure = await anAzure(names.map((name) => named(name, anOldWireCluster())));

    const first = await azure.value(sweepPage, request);
    const second = await azure.value(sweepPage, { ...request, skipToken: first.skipToken });

    expect([first.clusters, second.clusters]).toEqual([1000, 1]);
    expect(first.skipToken).not.toBe('');
    expect(second.skipToken).toBe('');
  });

  it('sees no cluster of another subscription', async () => {
    await using azure = await anAzure([aWireCluster()]);
    const subscriptions = ['00000000-0000-4000-8000-000000000001'];

    expect(await azure.value(sweepPage, { ...request, subscriptions })).toMatchObject({
      clusters: 0,
    });
  });

  it('takes nothing back that it cannot see itself', async () => {
    const key = clusterKey(clusterId);
    await using azure = await anAzure([
      ...providers,
      aWireCluster(),
      aScaleSet('system', 'kubelet identity'),
      aScaleSet('apps', 'nothing'),
      anIdentity(controlPlaneId),
      aNodeGroupRole(),
    ]);
    const occasion = { asOf, cause: 'event-1' };
    await azure.value(judgeCluster, { clusterId, policy, afterRun: '', ...occasion });

    const page = await azure.value(sweepPage, request);

    const { value: record } = (await azure.clients.records.get('cluster', key)) ?? {};
    expect(page.withFindings).toBe(1);
    expect(record?.findings.map(({ rule }) => rule)).toEqual(['IDN-003']);
    expect(record?.cause).toBe(request.cause);
  });

  it('gives the same answer and the same records when it is repeated', async () => {
    await using azure = await anAzure([named('old', anOldWireCluster())]);
    const records = () => azure.clients.records.list('cluster', { limit: 10 });

    const once = [await azure.value(sweepPage, request), await records()];
    const twice = [await azure.value(sweepPage, request), await records()];

    expect(twice).toEqual(once);
    expect(await azure.writes()).toEqual([]);
  });
});

function named(name: string, cluster: JsonObject): JsonObject {
  return { ...cluster, id: armIdOf(name), name };
}

async function rulesOf({ clients }: TestAzure, name: string): Promise<unknown> {
  const record = await clients.records.get('cluster', clusterKey(clusterNamed(name)));
  return record?.value.findings.map(({ rule }) => rule);
}
