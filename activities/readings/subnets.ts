import * as z from 'zod';

import type { Clients } from '../../clients';
import { readArm } from '../../clients/arm-errors';
import type { ClusterFacts } from '../../domain/cluster';
import { clusterIdParts } from '../../domain/ids';

const networkApiVersion = '2024-05-01';

const Subnet = z.object({
  properties: z.object({ routeTable: z.object({ id: z.string() }).nullish() }).nullish(),
});

/** Route tables of the node subnets of a kubenet cluster, which writes the routes of its nodes there. */
export async function routeTables(
  clients: Clients,
  { id, links }: ClusterFacts,
): Promise<readonly string[]> {
  if (!links.kubenet) return [];
  const arm = await clients.arm(clusterIdParts(id).subscriptionId);
  const subnets = await Promise.all(
    links.nodeSubnets.map((path) =>
      readArm(path, () => arm({ method: 'GET', path, apiVersion: networkApiVersion })),
    ),
  );
  const tables = subnets.flatMap((subnet) => {
    const table = subnet && Subnet.parse(subnet.body).properties?.routeTable?.id;
    return table ?? [];
  });
  return [...new Set(tables)].sort();
}
