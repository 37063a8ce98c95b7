import fleet25 from '../data/scenarios/fleet-25.json';
import { objectsAt, textAt } from '../../simulator/json';
import type { JsonObject } from '../../simulator/json';
import { drive } from './support/running';
import type { Clients, Driven } from './support/running';
import { clustersOf, parts } from './support/world';

const quickly = { updateIntervalInMs: 5 };

describe('the pollers of the Azure SDK', () => {
  let azure: Driven;
  let clients: Clients;
  let cluster: JsonObject & { id: string };
  let group: string;
  let name: string;
  beforeEach(async () => {
    azure = await drive({
      scenario: { ...fleet25, behaviour: { pollSeconds: 0 } },
      speed: 20_000,
    });
    const [found] = await clustersOf(azure, (one) => !JSON.stringify(one).includes('podIdentity'));
    if (found === undefined) throw new Error('no cluster');
    cluster = found;
    ({ group, name } = parts(cluster.id));
    clients = azure.clients(parts(cluster.id).subscription);
    azure.simulator.clock.setMode('running');
  });
  afterEach(() => azure[Symbol.asyncDispose]());

  it('follow a roll to its end', async () => {
    await clients.aks.agentPools.upgradeNodeImageVersion(group, name, 'system', quickly);
    const pool = await clients.aks.agentPools.get(group, name, 'system');

    expect(pool.nodeImageVersion).toContain('202611.11.0');
    expect(pool.provisioningState).toBe('Succeeded');
  });

  it('follow a stop and a start to their ends', async () => {
    await clients.aks.managedClusters.stop(group, name, quickly);
    const stopped = await clients.aks.managedClusters.get(group, name);
    await clients.aks.managedClusters.start(group, name, quickly);
    const started = await clients.aks.managedClusters.get(group, name);

    expect([stopped.powerState?.code, started.powerState?.code]).toEqual(['Stopped', 'Running']);
  });

  it('give back the cluster that a write has made', async () => {
    const made = await clients.aks.managedClusters.createOrUpdate(
      group,
      'aks-new-weu-01',
      {
        location: 'westeurope',
        identity: { type: 'SystemAssigned' },
        agentPoolProfiles: [
          { name: 'system', mode: 'System', count: 1, vmSize: 'Standard_D2s_v5' },
        ],
      },
      quickly,
    );

    expect(made.provisioningState).toBe('Succeeded');
    expect(made.identityProfile?.['kubeletidentity']?.resourceId).toContain(
      'aks-new-weu-01-agentpool',
    );
  });

  it('hear why an operation failed', async () => {
    await azure.control('POST', 'faults', [
      {
        match: { method: 'POST' },
        operation: { error: { code: 'SubnetIsFull', message: 'Full.' } },
      },
    ]);

    const roll = clients.aks.agentPools.upgradeNodeImageVersion(group, name, 'system', quickly);

    await expect(roll).rejects.toThrow(/SubnetIsFull/);
  });

  it('follow a deletion to its end', async () => {
    await clients.aks.managedClusters.delete(group, name, quickly);

    await expect(clients.aks.managedClusters.get(group, name)).rejects.toThrow(/was not found/);
  });

  it('page a fleet through Resource Graph, each cluster once', async () => {
    const seen: string[] = [];
    let skipToken: string | undefined;
    do {
      const page = await clients.graph.resources({
        query:
          "resources | where type =~ 'microsoft.containerservice/managedclusters' | project id | order by id asc",
        options: { top: 7, resultFormat: 'objectArray', ...(skipToken && { skipToken }) },
      });
      seen.push(
        ...objectsAt({ data: page.data as never }, 'data').map((row) => textAt(row, 'id') ?? ''),
      );
      ({ skipToken } = page);
    } while (skipToken !== undefined);

    expect(seen).toHaveLength(25);
    expect(new Set(seen).size).toBe(25);
    expect(seen).toContain(cluster.id);
  });
});
