import * as z from 'zod';

import type { Clients } from '../../clients';
import { readArm } from '../../clients/arm-errors';
import { nodeSubnets } from '../../domain/cluster';
import type { ClusterFacts } from '../../domain/cluster';
import { clusterIdParts } from '../../domain/ids';
import { parentOf } from '../../domain/roles/matrix-row';
import { readIfAllowed } from './optional';

const networkApiVersion = '2024-05-01';

const Subnet = z.object({
  properties: z.object({ routeTable: z.object({ id: z.string() }).nullish() }).nullish(),
});
const Network = z.object({
  properties: z
    .object({ dhcpOptions: z.object({ dnsServers: z.array(z.string()).nullish() }).nullish() })
    .nullish(),
});

/** Route tables of the node subnets of a kubenet cluster, which writes the routes of its nodes there. */
export async function routeTables(
  clients: Clients,
  facts: ClusterFacts,
): Promise<readonly string[]> {
  if (!facts.links.kubenet) return [];
  const arm = await clients.arm(clusterIdParts(facts.id).subscriptionId);
  const subnets = await Promise.all(
    nodeSubnets(facts).map((path) =>
      readArm(path, () => arm({ method: 'GET', path, apiVersion: networkApiVersion })),
    ),
  );
  const tables = subnets.flatMap((subnet) => {
    const table = subnet && Subnet.parse(subnet.body).properties?.routeTable?.id;
    return table ?? [];
  });
  return [...new Set(tables)].sort();
}

/** Networks of the nodes with DNS servers of their own; asked for where a private cluster depends on it. */
export async function networksWithOwnDns(
  clients: Clients,
  facts: ClusterFacts,
): Promise<readonly string[] | undefined> {
  const { links } = facts;
  if (!links.privateCluster || links.publicDnsOnly || links.privateDnsZone !== undefined) return [];
  const arm = await clients.arm(clusterIdParts(facts.id).subscriptionId);
  const networks = await Promise.all(
    [...new Set(nodeSubnets(facts).map(parentOf))].map(async (path) => {
      const answer = await readIfAllowed(path, () =>
        arm({ method: 'GET', path, apiVersion: networkApiVersion }),
      );
      const servers =
        answer && (Network.parse(answer.body).properties?.dhcpOptions?.dnsServers ?? []);
      return { path, servers };
    }),
  );
  if (networks.some(({ servers }) => servers === undefined)) return undefined;
  return networks.flatMap(({ path, servers = [] }) => (servers.length > 0 ? [path] : []));
}
