import { ok, problem, reasonOf } from './check';
import type { Check } from './check';

/** A cluster as Azure lists it, as far as the doctor looks. */
export interface ListedCluster {
  readonly id: string;
  readonly properties?: {
    readonly fqdn?: string | null;
    readonly privateFQDN?: string | null;
    readonly powerState?: { readonly code?: string } | null;
  };
}

/** How to get through to an API server. @throws Error when there is no way. */
export type Connects = (host: string, port: number) => Promise<void>;

const area = 'reachability';
const atOnce = 20;

/** Whether the API servers of clusters can be reached from here; who is asking is not told to them. */
export async function checkApiServers(
  clusters: readonly ListedCluster[],
  { connects, skipPrivate }: { readonly connects: Connects; readonly skipPrivate: boolean },
): Promise<readonly Check[]> {
  const due = clusters.filter(
    ({ properties }) =>
      properties?.powerState?.code !== 'Stopped' && !(skipPrivate && isPrivate(properties)),
  );
  const problems: Check[] = [];
  for (let i = 0; i < due.length; i += atOnce) {
    const some = due.slice(i, i + atOnce).map((cluster) => checkApiServer(cluster, connects));
    problems.push(...(await Promise.all(some)).flat());
  }
  const reached = due.length - problems.length;
  return [...problems, ok(area, `${reached} of ${due.length} API servers can be reached.`)];
}

function isPrivate(properties: ListedCluster['properties']): boolean {
  return (properties?.privateFQDN ?? '') !== '';
}

async function checkApiServer({ id, properties }: ListedCluster, connects: Connects) {
  const host = properties?.privateFQDN ?? properties?.fqdn ?? '';
  try {
    await connects(host, 443);
    return [];
  } catch (error) {
    const cause = `The API server of ${id} cannot be reached at ${host}: ${reasonOf(error)}.`;
    const next = isPrivate(properties)
      ? 'Give the app a way into its network, or set STEWARD_PRIVATE_CLUSTERS to runCommand.'
      : 'Let the app through: look at DNS and at the authorized IP ranges of the cluster.';
    return [problem(area, `${cause} ${next}`)];
  }
}
