import { activities } from '../../activities';
import { clusterWriteNeeds } from '../../activities/cluster-write-needs';
import { anAzure } from './support/azure';
import type { Call } from './support/azure';
import { cases } from './support/cases';

// Where the name that the simulated Azure gives to a request is not the name of the ARM action: the
// call log knows the provider that answers, the action the one that the resource belongs to.
const actions: Readonly<Record<string, string>> = {
  'Microsoft.Resources virtualNetworks/subnets/read':
    'Microsoft.Network/virtualNetworks/subnets/read',
  'Microsoft.Resources virtualNetworks/read': 'Microsoft.Network/virtualNetworks/read',
  'Microsoft.Resources registries/read': 'Microsoft.ContainerRegistry/registries/read',
  'Microsoft.Resources vaults/read': 'Microsoft.KeyVault/vaults/read',
  'Microsoft.Resources resourceGroups/read':
    'Microsoft.Resources/subscriptions/resourceGroups/read',
  'Microsoft.Resources resourceGroups/write':
    'Microsoft.Resources/subscriptions/resourceGroups/write',
  'Microsoft.Resources read': 'Microsoft.Resources/subscriptions/providers/read',
  'Microsoft.Resources register/action': 'Microsoft.ContainerService/register/action',
  'Microsoft.Features features/read': 'Microsoft.Features/providers/features/read',
  'Microsoft.Features features/register/action':
    'Microsoft.Features/providers/features/register/action',
  'Microsoft.Features features/unregister/action':
    'Microsoft.Features/providers/features/unregister/action',
  // Resource Graph shows what the caller may read; the fleet query asks for clusters.
  'Microsoft.ResourceGraph resources/action': 'Microsoft.ContainerService/managedClusters/read',
};

// Rights that Azure checks within a cluster write, without a request of their own.
const linked = clusterWriteNeeds.filter((action) => !action.includes('/managedClusters/'));

describe('the ARM actions that an activity declares', () => {
  it.each(Object.entries(cases))('are those that %s uses', async (name, own) => {
    const { needs } = activities[name as keyof typeof activities];
    const calls: Call[] = [];
    for (const one of own) {
      await using azure = await anAzure(one.world);
      await one.act(azure);
      const all = (await azure.calls()).filter(({ provider }) => provider !== 'Kubernetes');
      const only = all.filter(({ operation }) => operation === one.only);
      calls.push(...(only.length > 0 ? only : all));
    }

    const used = calls.map(actionOf);
    const writes = used.includes('microsoft.containerservice/managedclusters/write');
    const expected = new Set([...used, ...(writes ? linked.map(lower) : [])]);
    expect(new Set(needs.map(lower))).toEqual(expected);
    expect(new Set(needs).size).toBe(needs.length);
  });
});

function actionOf({ provider, operation }: Call): string {
  const read = operation.replace(/\/list$/, '/read');
  return lower(actions[`${provider} ${read}`] ?? `${provider}/${read}`);
}

function lower(text: string): string {
  return text.toLowerCase();
}
