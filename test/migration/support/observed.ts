import { objectAt, objectsAt } from '../../../simulator/json';
import type { JsonObject } from '../../../simulator/json';
import type { Migrating } from './migration';

/** Workloads whose pods got tokens before, and then once did not. */
export async function lost(steward: Migrating): Promise<readonly JsonObject[]> {
  const probes = await steward.control('GET', 'probes');
  return objectsAt(probes, 'workloads').filter(
    ({ asked, failed }) => Number(failed) > 0 && Number(failed) < Number(asked),
  );
}

/** Names of the pod identities that a cluster has in ARM. */
export async function podIdentities(
  steward: Migrating,
  clusterId: string,
): Promise<readonly unknown[]> {
  const world = await steward.control('GET', 'world');
  const profile = objectAt(world[clusterId.toLowerCase()], 'properties', 'podIdentityProfile');
  return objectsAt(profile, 'userAssignedIdentities').map(({ name }) => name);
}
