import { at } from '../../../simulator/json';
import type { Json } from '../../../simulator/json';
import type { Driven, Reply } from '../support/running';

export const tenant = 'c3b1a7de-52f4-4c0e-9a61-0d7b3e5f9a10';
const subscription = '/subscriptions/00000000-0000-4000-8000-000000000001';
export const group = `${subscription}/resourceGroups/rg`;
export const aks = 'api-version=2026-06-01';
export const start = Date.parse('2026-11-24T08:00:00Z');
export const dayMs = 24 * 60 * 60_000;

export const clusterId = (name: string): string =>
  `${group}/providers/Microsoft.ContainerService/managedClusters/${name}`;
export const identityId = (name: string): string =>
  `${group}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/${name}`;

/** A GUID that is told apart by its first digit. */
export const guid = (digit: string): string => `${digit.repeat(8)}-0000-4000-8000-000000000000`;

export const secret = 'never-shown-5ecret';

/** A cluster of its own with a service principal. */
export function servicePrincipalCluster(name: string, clientId: string, $truth: object): object {
  return {
    id: clusterId(name),
    name,
    location: 'westeurope',
    properties: {
      servicePrincipalProfile: { clientId },
      agentPoolProfiles: [{ name: 'system', mode: 'System', count: 1 }],
    },
    $truth,
  };
}

/** An application of the scenario. */
export function applicationOf(name: string, properties: object): object {
  return {
    id: `/providers/Microsoft.Graph/applications/${name}`,
    properties,
    $truth: { secret },
  };
}

export const byAppId = (set: string, appId: string, query = ''): string =>
  `/v1.0/${set}(appId='${appId}')${query}`;

export async function statusOf(azure: Driven, path: string): Promise<number> {
  return (await azure.arm('GET', path)).status;
}

/** Code and message of an error of Graph. */
export function errorIn({ status, body }: Reply): readonly [number, ...(Json | undefined)[]] {
  return [status, at(body, 'error', 'code'), at(body, 'error', 'message')];
}

export const notFound = (name: string): readonly [number, string, string] => [
  404,
  'Request_ResourceNotFound',
  `Resource '${name}' does not exist or one of its queried reference-property objects are not present.`,
];
