import type { Clients } from '../../clients';
import type { ClusterFacts } from '../../domain/cluster';
import { clusterKey } from '../../domain/ids';
import type { FormerPrincipal, Surroundings } from '../../domain/snapshot';
import { unknownPrincipals } from './directory';

const day = 86_400_000;

/** Principals that the cluster had before, and those among them that the directory has not known for a day. */
export async function identityHistory(
  clients: Clients,
  facts: ClusterFacts,
  asOf: string,
): Promise<Pick<Surroundings, 'formerPrincipals' | 'identityChangedAt' | 'orphans'>> {
  const known = await clients.records.get('identityHistory', clusterKey(facts.id));
  if (known?.value.resourceUid !== facts.resourceUid) return { formerPrincipals: [], orphans: [] };
  const { principals } = known.value;
  const gone = await unknownPrincipals(clients, principals);
  const seen = gone && principals.map((one) => sighted(one, gone, asOf));
  if (seen && JSON.stringify(seen) !== JSON.stringify(principals)) {
    // Another reading may have noted the same: then its note is as good.
    const value = { ...known.value, principals: seen };
    await clients.records.replace('identityHistory', known.value.id, { value, etag: known.etag });
  }
  const last = principals.at(-1)?.until;
  return {
    formerPrincipals: principals,
    ...(seen && {
      orphans: seen.filter((one) => isOrphan(one, asOf)).map(({ objectId }) => objectId),
    }),
    ...(last !== undefined && { identityChangedAt: last }),
  };
}

/** Replication makes new principals look missing: only twice, a day apart, counts. */
function sighted(
  { missingSince, ...principal }: FormerPrincipal,
  gone: readonly string[],
  asOf: string,
): FormerPrincipal {
  if (!gone.includes(principal.objectId)) return principal;
  return { ...principal, missingSince: missingSince ?? asOf };
}

function isOrphan({ missingSince }: FormerPrincipal, asOf: string): boolean {
  return missingSince !== undefined && Date.parse(asOf) - Date.parse(missingSince) >= day;
}
