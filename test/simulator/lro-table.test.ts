import table from '../data/contracts/lro.json';
import { at, textAt } from '../../simulator/json';
import { drive } from './support/running';
import type { Driven, Reply } from './support/running';

const subscription = '/subscriptions/00000000-0000-4000-8000-000000000001';
const group = `${subscription}/resourceGroups/rg`;
const aks = `${group}/providers/Microsoft.ContainerService/managedClusters`;
const cluster = `${aks}/aks`;
const pool = `${cluster}/agentPools/system`;
const version = 'api-version=2026-06-01';
const preview = 'api-version=2026-05-02-preview';
const body = { location: 'westeurope', properties: {} };
const newCluster = {
  location: 'westeurope',
  identity: { type: 'SystemAssigned' },
  properties: { dnsPrefix: 'n', agentPoolProfiles: [{ name: 'system', count: 1, mode: 'System' }] },
};
const binding = {
  properties: {
    managedIdentity: {
      resourceId: `${group}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/id`,
    },
  },
};

interface Case {
  /** Of the table, where `|` separates operations of the same shape. */
  readonly operation: string;
  readonly request: readonly [method: string, path: string, body?: object];
  readonly first: number;
  readonly before?: readonly [method: string, path: string, body?: object];
}

const cases: readonly Case[] = [
  {
    operation: 'ManagedClusters_CreateOrUpdate',
    request: ['PUT', `${aks}/new?${version}`, newCluster],
    first: 201,
  },
  {
    operation: 'ManagedClusters_CreateOrUpdate',
    request: ['PUT', `${cluster}?${version}`, body],
    first: 200,
  },
  {
    operation: 'ManagedClusters_UpdateTags',
    request: ['PATCH', `${cluster}?${version}`, { tags: { a: 'b' } }],
    first: 200,
  },
  { operation: 'ManagedClusters_Delete', request: ['DELETE', `${cluster}?${version}`], first: 202 },
  {
    operation: 'ManagedClusters_Delete',
    request: ['DELETE', `${aks}/none?${version}`],
    first: 204,
  },
  { operation: 'Stop', request: ['POST', `${cluster}/stop?${version}`], first: 202 },
  {
    operation: 'AgentPools_CreateOrUpdate',
    request: ['PUT', `${cluster}/agentPools/extra?${version}`, { properties: { count: 1 } }],
    first: 201,
  },
  {
    operation: 'AgentPools_CreateOrUpdate',
    request: ['PUT', `${pool}?${version}`, { properties: { count: 3 } }],
    first: 200,
  },
  {
    operation: 'AgentPools_UpgradeNodeImageVersion',
    request: ['POST', `${pool}/upgradeNodeImageVersion?${version}`],
    first: 202,
  },
  {
    operation: 'ManagedClusters_AbortLatestOperation',
    before: ['PUT', `${cluster}?${version}`, body],
    request: ['POST', `${cluster}/abort?${version}`],
    first: 202,
  },
  {
    operation: 'ManagedClusters_RunCommand',
    request: ['POST', `${cluster}/runCommand?${version}`, { command: 'kubectl get nodes' }],
    first: 202,
  },
  {
    operation: 'IdentityBindings_CreateOrUpdate',
    request: ['PUT', `${cluster}/identityBindings/b?${preview}`, binding],
    first: 201,
  },
];

describe('long-running operations', () => {
  let azure: Driven;
  beforeEach(async () => {
    azure = await drive();
    await azure.control('PUT', 'world', {
      resources: [
        {
          ...{ id: cluster, name: 'aks', location: 'westeurope' },
          properties: {
            provisioningState: 'Succeeded',
            powerState: { code: 'Running' },
            agentPoolProfiles: [
              {
                name: 'system',
                count: 2,
                mode: 'System',
                osSKU: 'Ubuntu',
                provisioningState: 'Succeeded',
                nodeImageVersion: 'AKSUbuntu-2204gen2containerd-202601.01.0',
              },
            ],
          },
        },
        {
          id: `${group}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/id`,
          ...{ name: 'id', location: 'westeurope' },
          properties: { principalId: 'p', clientId: 'c', tenantId: 't' },
        },
      ],
    });
  });
  afterEach(() => azure[Symbol.asyncDispose]());

  const send = ([method, path, content]: Case['request']): Promise<Reply> =>
    azure.arm(method, path, content === undefined ? {} : { body: content });
  const follow = (link: string): Promise<Reply> => {
    const url = new URL(link);
    return azure.arm('GET', url.pathname + url.search);
  };

  it.each(cases)('begin and end as the table says: $operation answers $first', async (one) => {
    const row = table.simulator.find(({ operation }) =>
      operation.split('|').some((name) => name.endsWith(one.operation)),
    );
    if (row === undefined) throw new Error(`The table has no ${one.operation}.`);
    if (one.before) await send(one.before);

    const first = await send(one.request);

    expect(allowed(row)).toContain(first.status);
    expect(first.status).toBe(one.first);
    const links = ['azure-asyncoperation', 'location'].filter((name) => first.headers.has(name));
    if (first.status === 204) expect(links).toEqual([]);
    else expect(links.length).toBeGreaterThan(0);
    for (const name of links) await followed(first.headers.get(name) ?? '');
  });

  /** Running first, with a wait; then ended. */
  async function followed(link: string): Promise<void> {
    const running = await follow(link);
    azure.advanceMinutes(120);
    const ended = await follow(link);
    if (!link.includes('/operations/')) {
      expect([running.status, ended.status]).toEqual(
        running.status === 202 ? [202, 200] : [200, 200],
      );
      return;
    }
    expect(textAt(ended.body, 'status')).toBe('Succeeded');
    for (const name of Object.keys(table.operationBody.succeeded)) {
      expect(at(ended.body, name)).toBeDefined();
    }
  }

  /** Statuses of a row, be it one number, numbers by case, or an alternative. */
  function allowed(row: object): readonly number[] {
    return [...JSON.stringify(row).matchAll(/\b(20[0-4])\b/g)].map(([, status]) => Number(status));
  }

  it.each([table.operationBody.failed.error.code, 'AllocationFailed'])(
    'that fail with %s say so in the body of their status',
    async (code) => {
      await azure.control('POST', 'faults', [
        { match: { method: 'POST' }, operation: { error: { code, message: 'why' } } },
      ]);
      const first = await send(['POST', `${pool}/upgradeNodeImageVersion?${version}`]);
      azure.advanceMinutes(120);

      const { status, body: ended } = await follow(first.headers.get('azure-asyncoperation') ?? '');

      expect([status, textAt(ended, 'status')]).toEqual([200, 'Failed']);
      expect(at(ended, 'error')).toMatchObject({ code, message: 'why' });
    },
  );
});
