import { activities } from '../../activities';
import { clusterWriteNeeds } from '../../activities/cluster-write-needs';
import { actionOf, lower } from './support/actions';
import { anAzure } from './support/azure';
import type { Call } from './support/azure';
import { cases } from './support/cases';

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
