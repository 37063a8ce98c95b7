import type { Json } from '../../../simulator/json';

export const subscription = '/subscriptions/00000000-0000-4000-8000-000000000001';
export const group = `${subscription}/resourceGroups/rg`;
export const cluster = `${group}/providers/Microsoft.ContainerService/managedClusters/aks`;
export const identity = `${group}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/id`;
export const subnet = `${group}/providers/Microsoft.Network/virtualNetworks/v/subnets/s`;
export const caller = '11111111-1111-4111-8111-111111111111';
export const reader = 'acdd72a7-3385-48ef-bd42-f606fba81ae7';
export const contributor = 'b24988ac-6180-42a0-ab88-20f7382dd24c';
export const accessAdministrator = '18d7d88d-d35e-4fb5-a5c3-7773c20a72d9';
export const acrPull = '7f951dda-4ed3-4680-a7ca-43fe172d538d';
export const custom = 'aaaaaaaa-aaaa-4aaa-8aaa-aaaaaaaaaaaa';
export const aks = 'api-version=2026-06-01';
export const roles = 'api-version=2022-04-01';

export interface Grant {
  readonly role: string;
  readonly scope?: string;
  readonly condition?: string;
}

/** Role assignments of the caller. */
export function granted(grants: readonly Grant[]): Json[] {
  return grants.map(({ role, scope = subscription, condition = '' }, i) => ({
    id: `${scope}/providers/Microsoft.Authorization/roleAssignments/g${i}`,
    type: 'Microsoft.Authorization/roleAssignments',
    name: `g${i}`,
    properties: {
      principalId: caller,
      roleDefinitionId: `/providers/Microsoft.Authorization/roleDefinitions/${role}`,
      scope,
      condition,
    },
  }));
}

export const resources: Json[] = [
  { id: cluster, name: 'aks', location: 'westeurope', properties: {} },
  { id: identity, name: 'id', location: 'westeurope', properties: { principalId: 'p' } },
];
