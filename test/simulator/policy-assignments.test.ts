import { PolicyClient } from '@azure/arm-policy';

import { anyone, httpClientTo } from './support/http-client';
import { azureCloud, drive } from './support/running';
import type { Driven } from './support/running';
import { codeOf } from './support/world';

const subscriptionId = '00000000-0000-4000-8000-000000000001';
const subscription = `/subscriptions/${subscriptionId}`;
const group = `${subscription}/resourceGroups/rg`;
const cluster = `${group}/providers/Microsoft.ContainerService/managedClusters/aks`;
const root = '/providers/Microsoft.Management/managementGroups/root';
const definition = '/providers/Microsoft.Authorization/policyDefinitions/c26596ff';

describe('policy assignments of a simulated Azure', () => {
  let azure: Driven;
  let policies: PolicyClient;
  beforeAll(async () => {
    azure = await drive();
    await azure.control('PUT', 'world', {
      resources: [
        {
          id: subscription,
          subscriptionId,
          state: 'Enabled',
          $truth: { managementGroups: [root] },
        },
        { id: group, name: 'rg', location: 'westeurope' },
        { id: `${subscription}/resourceGroups/other`, name: 'other', location: 'westeurope' },
        { id: cluster, name: 'aks', location: 'westeurope', properties: {} },
      ],
    });
    const httpClient = httpClientTo(azure.simulator.url);
    policies = new PolicyClient(anyone, subscriptionId, { ...azureCloud, httpClient });
    const places = [
      [root, 'above'],
      [subscription, 'subscription'],
      [group, 'group'],
      [cluster, 'cluster'],
      [`${subscription}/resourceGroups/other`, 'elsewhere'],
    ] as const;
    for (const [scope, name] of places) {
      await policies.policyAssignments.create(scope.slice(1), name, {
        policyDefinitionId: name === 'group' ? definition : `${definition}-other`,
        parameters: { effect: { value: 'Deny' } },
      });
    }
  });
  afterAll(() => azure[Symbol.asyncDispose]());

  const listed = async (scope: string, filter?: string): Promise<readonly string[]> => {
    const query = filter === undefined ? '' : `&$filter=${encodeURIComponent(filter)}`;
    const path = `${scope}/providers/Microsoft.Authorization/policyAssignments?api-version=2024-04-01${query}`;
    const { body } = await azure.arm('GET', path);
    return (body as { value: { name: string }[] }).value.map(({ name }) => name).sort();
  };

  it('are found at a cluster with all that are above it, management groups included', async () => {
    expect(await listed(cluster, 'atScope()')).toEqual([
      'above',
      'cluster',
      'group',
      'subscription',
    ]);
  });

  it('are found below a scope unless the filter leaves those out', async () => {
    expect(await listed(subscription)).toEqual([
      ...['above', 'cluster', 'elsewhere', 'group', 'subscription'],
    ]);
    expect(await listed(subscription, 'atScope()')).toEqual(['above', 'subscription']);
    expect(await listed(subscription, 'atExactScope()')).toEqual(['subscription']);
  });

  it('are found by their definition', async () => {
    expect(await listed(subscription, `policyDefinitionId eq '${definition}'`)).toEqual(['group']);
  });

  it('are listed by the published client, page by page', async () => {
    await azure.control('PATCH', 'behaviour', { pageSize: 2 });
    const found: string[] = [];
    for await (const { name } of policies.policyAssignments.list()) found.push(name ?? '');
    await azure.control('PATCH', 'behaviour', { pageSize: 100 });

    expect(found.sort()).toEqual(['above', 'cluster', 'elsewhere', 'group', 'subscription']);
  });

  it('are not listed by a filter that nobody knows', async () => {
    const path = `${cluster}/providers/Microsoft.Authorization/policyAssignments?api-version=2024-04-01&$filter=everything()`;

    const { status, body } = await azure.arm('GET', path);

    expect([status, codeOf(body)]).toEqual([400, 'InvalidFilter']);
  });
});
