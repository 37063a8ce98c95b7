import { existingClustersQuery } from '../domain/fleet-query';
import { toClusterId } from '../domain/ids';
import type { ClusterId } from '../domain/ids';
import type { Clients } from '.';
import { callArm, readArm } from './arm-errors';
import { getCluster } from './clusters';

// Resource Graph's guidance for lists of ids in a query.
const idsPerQuery = 300;
// A cluster that Resource Graph does not know yet is asked for directly; more than a few are typos.
const lookUps = 20;

/** Which of the clusters exist: Resource Graph first, ARM for the ones it has not heard of yet. */
export async function existingClusters(
  clients: Clients,
  ids: readonly ClusterId[],
): Promise<ReadonlySet<ClusterId>> {
  const found = new Set<ClusterId>();
  const subscriptions = [...new Set(ids.map((id) => id.split('/')[2] ?? ''))];
  for (let i = 0; i < ids.length; i += idsPerQuery) {
    const query = existingClustersQuery(ids.slice(i, i + idsPerQuery));
    for (const id of await queryIds(clients, query, subscriptions)) found.add(id);
  }
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
