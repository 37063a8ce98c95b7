import { objectAt, textAt } from '../../../simulator/json';
import type { Json, JsonObject } from '../../../simulator/json';
import fleet25 from '../../data/scenarios/fleet-25.json';
import { drive } from '../support/running';
import type { Driven } from '../support/running';
import { clustersOf } from '../support/world';

const version = 'api-version=2025-02-15';

describe('what happens to the resources of a subscription', () => {
  it('is told for an identity, its credentials and a role, as it happens', async () => {
    await using azure = await drive({ scenario: fleet25 });
    const { subscription, group } = await listening(azure);
    const identity = `${group}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/told`;
    const credential = `${identity}/federatedIdentityCredentials/told`;
    const msi = 'api-version=2024-11-30';
    const properties = {
      issuer: 'https://issuer.example',
      subject: 'system:serviceaccount:a:b',
      audiences: ['api://AzureADTokenExchange'],
    };

    await azure.arm('PUT', `${identity}?${msi}`, { body: { location: 'westeurope' } });
    await azure.arm('PUT', `${credential}?${msi}`, { body: { properties } });
    await azure.arm('DELETE', `${credential}?${msi}`);
    await azure.arm('DELETE', `${credential}?${msi}`);
    await azure.arm('DELETE', `${identity}?${msi}`);

    const type = 'Microsoft.ManagedIdentity/userAssignedIdentities';
    expect(await told(azure)).toEqual([
      ['Microsoft.Resources.ResourceWriteSuccess', `${type}/write`],
      ['Microsoft.Resources.ResourceWriteSuccess', `${type}/federatedIdentityCredentials/write`],
      ['Microsoft.Resources.ResourceDeleteSuccess', `${type}/federatedIdentityCredentials/delete`],
      ['Microsoft.Resources.ResourceDeleteSuccess', `${type}/delete`],
    ]);
    const [first] = await events(azure);
    expect(first).toMatchObject({
      topic: subscription,
      subject: identity,
      dataVersion: '2',
      data: { status: 'Succeeded', resourceUri: identity, httpRequest: { method: 'PUT' } },
    });
  });

  it.each([
    [undefined, 'Success', 'Succeeded'],
    [{ code: 'UpgradeFailed', message: 'Drain failed.' }, 'Failure', 'Failed'],
  ])('is told at the end of an operation that fails with %j', async (error, outcome, status) => {
    await using azure = await drive({ scenario: fleet25 });
    const { cluster } = await listening(azure);
    const pool = objectAt(cluster['properties'], 'agentPoolProfiles', '0');
    const first = cluster['properties'] as { agentPoolProfiles: readonly { name: string }[] };
    const name = first.agentPoolProfiles[0]?.name ?? textAt(pool, 'name') ?? '';
    if (error) {
      await azure.control('POST', 'faults', [
        { match: { path: 'upgradeNodeImageVersion' }, operation: { error, minutes: 5 } },
      ]);
    }
    const path = `${cluster.id}/agentPools/${name}/upgradeNodeImageVersion`;
    await azure.arm('POST', `${path}?api-version=2026-06-01`);
    const early = await told(azure);

    azure.advanceMinutes(120);

    expect(early).toEqual([]);
    expect(await told(azure)).toEqual([
      [
        `Microsoft.Resources.ResourceAction${outcome}`,
        'Microsoft.ContainerService/managedClusters/agentPools/upgradeNodeImageVersion/action',
      ],
    ]);
    expect(await events(azure)).toMatchObject([
      { subject: `${cluster.id}/agentPools/${name}`, data: { status } },
    ]);
  });
});

interface Listening {
  readonly subscription: string;
  readonly group: string;
  readonly cluster: JsonObject & { id: string };
}

/** An Azure whose events of one subscription go to a queue. */
async function listening(azure: Driven): Promise<Listening> {
  const [cluster] = await clustersOf(azure, () => true);
  if (cluster === undefined) throw new Error('no cluster');
  const [group = ''] = cluster.id.split('/providers/');
  const [subscription = ''] = group.split('/resourceGroups/');
  const world = (await azure.control('GET', 'world')) as JsonObject;
  const storage = `${group}/providers/Microsoft.Storage/storageAccounts/mail`;
  await azure.control('PUT', 'world', { ...world, [storage.toLowerCase()]: { id: storage } });
  const properties = { resourceId: storage, queueName: 'told' };
  await azure.arm(
    'PUT',
    `${subscription}/providers/Microsoft.EventGrid/eventSubscriptions/s?${version}`,
    { body: { properties: { destination: { endpointType: 'StorageQueue', properties } } } },
  );
  return { subscription, group, cluster };
}

/** Type and operation of the events of the resource manager, but not of Event Grid's own resources. */
async function told(azure: Driven): Promise<readonly (readonly (string | undefined)[])[]> {
  return (await events(azure)).map((event) => [
    textAt(event, 'eventType'),
    textAt(event, 'data', 'operationName'),
  ]);
}

async function events(azure: Driven): Promise<readonly JsonObject[]> {
  await azure.control('POST', 'events/deliver', {});
  const kept = (await azure.control('GET', 'events/kept')) as readonly Json[];
  return kept
    .map((each) => JSON.parse(textAt(each, 'body') ?? '') as JsonObject)
    .filter((event) => textAt(event, 'eventType')?.startsWith('Microsoft.Resources.'))
    .filter((event) => !textAt(event, 'subject')?.includes('/Microsoft.EventGrid/'));
}
