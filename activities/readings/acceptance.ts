import type { Clients } from '../../clients';
import type { ClusterFacts } from '../../domain/cluster';
import { clusterKey } from '../../domain/ids';
import { acceptanceFor } from '../../domain/pod-identity/acceptance';
import type { Surroundings } from '../../domain/snapshot';

/** Who accepts the pod-identity add-on of a cluster, where it is on. */
export async function acceptanceOf(
  { records }: Pick<Clients, 'records'>,
  { id, resourceUid, podIdentity }: Pick<ClusterFacts, 'id' | 'resourceUid' | 'podIdentity'>,
): Promise<Pick<Surroundings, 'podIdentityAccepted'>> {
  if (!podIdentity.enabled) return {};
  const given = (await records.get('acceptance', clusterKey(id)))?.value;
  const accepted = acceptanceFor(resourceUid, given);
  return accepted ? { podIdentityAccepted: accepted } : {};
}
