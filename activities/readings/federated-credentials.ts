import type { Clients } from '../../clients';
import { readArm } from '../../clients/arm-errors';
import { inNodeResourceGroup } from '../../domain/cluster';
import type { ClusterFacts } from '../../domain/cluster';
import { armName, canonicalArmId } from '../../domain/ids';
import type { FederatedCredential } from '../../domain/snapshot';
import { unlessForbidden } from './optional';

/**
 * What the identities of yours that a cluster names trust: those of its control plane, its nodes and its pod
 * identities. Nothing when Steward may not read one of them.
 */
export async function federatedCredentials(
  clients: Clients,
  facts: ClusterFacts,
): Promise<readonly FederatedCredential[] | undefined> {
  const named = [
    ...facts.shown.userAssigned,
    ...(facts.kubelet ? [facts.kubelet.resourceId] : []),
    ...facts.podIdentity.entries.map(({ identityId }) => identityId),
  ].filter((id) => id !== '' && !inNodeResourceGroup(facts, id));
  const distinct = new Map(named.map((id) => [canonicalArmId(id), id]));
  const found = await Promise.all([...distinct.values()].map((id) => ofIdentity(clients, id)));
  return found.some((one) => one === undefined) ? undefined : found.flatMap((one) => one ?? []);
}

async function ofIdentity(
  clients: Clients,
  identity: string,
): Promise<readonly FederatedCredential[] | undefined> {
  const [, , subscriptionId = '', , group = ''] = identity.split('/');
  const client = await clients.managedIdentity(subscriptionId);
  const list = async () => {
    const found: FederatedCredential[] = [];
    const page = client.federatedIdentityCredentials.list(group, armName(identity));
    for await (const { name = '', issuer = '', subject = '', audiences = [] } of page) {
      found.push({ identity, name, issuer, subject, audiences });
    }
    return found;
  };
  return unlessForbidden(async () => (await readArm(identity, list)) ?? []);
}
