import type { Clients } from '../../clients';
import { readArm } from '../../clients/arm-errors';
import type { ClusterFacts } from '../../domain/cluster';

const pattern =
  /^\/subscriptions\/([^/]+)\/resourcegroups\/([^/]+)\/providers\/microsoft\.managedidentity\/userassignedidentities\/([^/]+)\/?$/i;

export interface IdentityReading {
  readonly resourceId: string;
  readonly principalId: string;
  readonly clientId: string;
}

/** A user-assigned identity by its ARM id, or nothing when there is none. */
export async function readIdentity(
  clients: Clients,
  resourceId: string,
): Promise<IdentityReading | undefined> {
  const [, subscriptionId, group, name] = pattern.exec(resourceId) ?? [];
  if (subscriptionId === undefined || group === undefined || name === undefined) return undefined;
  const { userAssignedIdentities } = await clients.managedIdentity(subscriptionId);
  const identity = await readArm(resourceId, () => userAssignedIdentities.get(group, name));
  const { principalId = '', clientId = '' } = identity ?? {};
  return identity && { resourceId, principalId, clientId };
}

/** Identities that entries of the pod-identity add-on name but that do not exist any more. */
export async function missingIdentities(
  clients: Clients,
  { podIdentity }: ClusterFacts,
): Promise<readonly string[]> {
  const ids = [...new Set(podIdentity.entries.map(({ identityId }) => identityId))];
  const found = await Promise.all(ids.map((id) => readIdentity(clients, id)));
  return ids.filter((_id, i) => found[i] === undefined);
}
