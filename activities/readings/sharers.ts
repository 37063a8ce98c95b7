import type { Clients } from '../../clients';
import { callArm } from '../../clients/arm-errors';
import type { ClusterFacts } from '../../domain/cluster';
import { rowToFacts, sharersQuery } from '../../domain/fleet-query';
import type { FormerPrincipal } from '../../domain/snapshot';

/**
 * Other clusters that act as a principal which this one has, or had. Resource Graph may be minutes behind:
 * what is decided by this is decided again before anything is taken away.
 */
export async function sharers(
  clients: Clients,
  facts: ClusterFacts,
  former: readonly FormerPrincipal[],
): Promise<readonly ClusterFacts[]> {
  const { controlPlane, shown } = facts;
  const applications = [
    ...(controlPlane.kind === 'servicePrincipal' ? [controlPlane.clientId] : []),
    ...former.flatMap(({ appId }) => appId ?? []),
  ].filter((id) => id !== '' && id !== 'msi');
  if (applications.length === 0 && shown.userAssigned.length === 0) return [];
  const graph = await clients.resourceGraph();
  const page = await callArm('/providers/Microsoft.ResourceGraph', () =>
    graph.resources({
      query: sharersQuery(facts.id, { applications, identities: shown.userAssigned }),
      options: { top: 100, resultFormat: 'objectArray' },
    }),
  );
  return (page.data as unknown[]).map(rowToFacts);
}
