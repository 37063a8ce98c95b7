import { activities } from '../../activities';
import { capabilityNeeds, capabilityNeedsFor } from '../../activities/capabilities';
import { getPermissions } from '../../functions/permissions';
import type { JsonObject } from '../../simulator/json';
import { actionOf, lower } from '../activities/support/actions';
import { anAzure } from '../activities/support/azure';
import type { TestAzure } from '../activities/support/azure';
import { aWireCluster } from '../activities/support/resources';
import { clusterId, subscriptionId } from '../support/clusters';
import { answerOf } from '../support/http';
import { aBackend } from '../support/services';
import { grants, managedIdentityAt, parts } from './support/grants';

const { actions: commands = [] } = parts['privateClusters'] ?? {};
const look = { surveyId: 's', clusterId, asOf: '2026-11-24T08:00:00.000Z' };

/** A look into a private cluster that Steward does not reach, with roles of which none has the action. */
async function lookingInside(removed = ''): Promise<TestAzure> {
  const cluster = aWireCluster({
    ...{ aadProfile: { managed: true } },
    apiServerAccessProfile: { enablePrivateCluster: true },
  });
  const names = ['report', 'podIdentitySurvey', 'privateClusters'];
  const roles = grants(`/subscriptions/${subscriptionId}`, names, removed);
  const resources = [cluster, ...roles] as JsonObject[];
  const world = { resources, kubernetes: { [clusterId]: { objects: [] } } };
  const azure = await anAzure(world, managedIdentityAt, { privateClusters: 'runCommand' });
  await azure.behave({ rights: 'enforced' });
  return azure;
}

describe('a look into a private cluster over runCommand', () => {
  it('uses the actions of the role for private clusters, and no kubeconfig', async () => {
    await using azure = await lookingInside();

    const outcome = await azure.call(activities.readClusterContent, look);

    const calls = (await azure.calls()).filter(({ provider }) => provider !== 'Kubernetes');
    expect(outcome).toMatchObject({ ok: true });
    expect(new Set(calls.map(actionOf))).toEqual(
      new Set(['microsoft.containerservice/managedclusters/read', ...commands.map(lower)]),
    );
  });

  it.each(commands)('stops without %s, and says so', async (action) => {
    await using azure = await lookingInside(action);

    const outcome = await azure.call(activities.readClusterContent, look);

    if (outcome.ok) throw new Error(JSON.stringify(outcome));
    expect(outcome.failure.message.toLowerCase()).toContain(action.toLowerCase());
    expect(outcome.failure.next).toMatch(/^Grant /);
  });
});

describe('the needs of capabilities where private clusters are reached over runCommand', () => {
  const inside = 'Microsoft.ContainerService/managedClusters/listClusterUserCredential/action';

  it.each(Object.entries(capabilityNeedsFor('runCommand')))('are for %s', (name, needs) => {
    const usual = capabilityNeeds[name as keyof typeof capabilityNeeds];

    expect(needs).toEqual(usual.includes(inside) ? [...usual, ...commands].sort() : usual);
  });

  it('are named by GET permissions, with that setting only', async () => {
    const missing = async (way: 'direct' | 'runCommand') => {
      const { services } = aBackend({ capabilityNeeds: capabilityNeedsFor(way) });
      const { body } = await answerOf((request) => getPermissions(request, services));
      return JSON.stringify(body);
    };

    for (const action of commands) {
      expect(await missing('runCommand')).toContain(action);
      expect(await missing('direct')).not.toContain(action);
    }
  });

  it('are named nowhere else', () => {
    const usual = Object.values(capabilityNeeds).flat();

    expect(usual.filter((action) => commands.includes(action))).toEqual([]);
  });
});
