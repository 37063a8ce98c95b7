import { objectsAt, textAt } from '../../../simulator/json';
import type { Json } from '../../../simulator/json';
import type { Driven } from '../support/running';
import { clustersOf, parts } from '../support/world';

/** The one path of Resource Graph. */
export const graph = '/providers/Microsoft.ResourceGraph/resources?api-version=2024-04-01';
const identities =
  "resources | where type =~ 'microsoft.managedidentity/userassignedidentities' | project id, name, tags";

export async function ask(azure: Driven, query: string, options: object = {}): Promise<Json> {
  const { body } = await azure.arm('POST', graph, { body: { query, options } });
  return body;
}

/** Names of the identities that the graph shows. */
export async function names(azure: Driven): Promise<readonly (string | undefined)[]> {
  return objectsAt(await ask(azure, identities), 'data').map((row) => textAt(row, 'name'));
}

async function groupOf(azure: Driven): Promise<string> {
  const [cluster] = await clustersOf(azure);
  const { subscription, group } = parts(cluster?.id ?? '');
  return `/subscriptions/${subscription}/resourceGroups/${group}/providers`;
}

/** Sends `METHOD name` for an identity beside the first cluster. */
export async function identity(azure: Driven, call: string, tags: object = {}) {
  const [method = '', name = ''] = call.split(' ');
  const path = `${await groupOf(azure)}/Microsoft.ManagedIdentity/userAssignedIdentities/${name}`;
  const body = method === 'PUT' ? { body: { location: 'westeurope', tags } } : {};
  return azure.arm(method, `${path}?api-version=2024-11-30`, body);
}
