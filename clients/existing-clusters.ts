import { existingClustersQuery } from '../domain/fleet-query';
import { toClusterId } from '../domain/ids';
import type { ClusterId } from '../domain/ids';
import type { Clients } from '.';
import { callArm, readArm } from './arm-errors';
import { getCluster } from './clusters';
import { gathered } from './gathered';

// Resource Graph's guidance for lists of ids in a query.
const idsPerQuery = 300;
// A cluster that Resource Graph does not know yet is asked for directly; more than a few are typos.
const lookUps = 20;

/** Resource Graph shows what the caller may read. */
export const existingClustersNeeds = ['Microsoft.ContainerService/managedClusters/read'];

/** Tells which of the clusters exist. @throws when Azure cannot be asked. */
export type ExistingClusters = (ids: readonly ClusterId[]) => Promise<ReadonlySet<ClusterId>>;

/**
 * Asks Resource Graph first, and ARM for clusters that it has not heard of yet. Requests at the same
 * time share a query: Resource Graph takes 15 in five seconds.
 */
export function existingClusters(clients: Clients): ExistingClusters {
  const known = gathered((ids: readonly ClusterId[]) => knownToGraph(clients, ids));
  return async (ids) => withLookUps(clients, ids, await known(ids));
}

async function knownToGraph(
  clients: Clients,
  ids: readonly ClusterId[],
): Promise<ReadonlySet<ClusterId>> {
  const found = new Set<ClusterId>();
  const subscriptions = [...new Set(ids.map((id) => id.split('/')[2] ?? ''))];
  for (let i = 0; i < ids.length; i += idsPerQuery) {
    const query = existingClustersQuery(ids.slice(i, i + idsPerQuery));
    for (const id of await queryIds(clients, query, subscriptions)) found.add(id);
  }
  return found;
}

async function withLookUps(
  clients: Clients,
  ids: readonly ClusterId[],
  known: ReadonlySet<ClusterId>,
): Promise<ReadonlySet<ClusterId>> {
  const found = new Set(ids.filter((id) => known.has(id)));
  const rest = ids.filter((id) => !found.has(id)).slice(0, lookUps);
  await Promise.all(
    rest.map(async (id) => {
      if (await readArm(id, () => getCluster(clients, id))) found.add(id);
    }),
  );
  return found;
}

async function queryIds(
  clients: Clients,
  query: string,
  subscriptions: readonly string[],
): Promise<readonly ClusterId[]> {
  const graph = await clients.resourceGraph();
  const page = await callArm('/providers/Microsoft.ResourceGraph', () =>
    graph.resources({
      query,
      subscriptions: [...subscriptions],
      options: { top: 1000, resultFormat: 'objectArray' },
    }),
  );
  return (page.data as readonly { readonly id: string }[]).flatMap(
    ({ id }) => toClusterId(id) ?? [],
  );
}
