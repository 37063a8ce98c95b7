import { callArm } from '../clients/arm-errors';
import type { ClusterId } from '../domain/ids';
import { clusterIdParts } from '../domain/ids';
import { defineActivity } from './activity';
import { readIdentity } from './readings/identities';
import { rememberBefore } from './undo-log';

export interface CreateIdentityInput {
  readonly clusterId: ClusterId;
  readonly resourceId: string;
  readonly location: string;
}

/**
 * Creates a user-assigned identity. Idempotent by its name: an identity that exists keeps its
 * principal, on which role assignments depend.
 */
export const createIdentity = defineActivity(
  [
    'Microsoft.ManagedIdentity/userAssignedIdentities/read',
    'Microsoft.ManagedIdentity/userAssignedIdentities/write',
  ],
  async (
    { clusterId, resourceId, location }: CreateIdentityInput,
    context,
  ): Promise<{ readonly principalId: string }> => {
    const { clients, log } = context;
    const existing = await readIdentity(clients, resourceId);
    if (existing) return { principalId: existing.principalId };

    const { subscriptionId } = clusterIdParts(clusterId);
    const [, , , , group = '', , , , name = ''] = resourceId.split('/');
    await rememberBefore(context, { action: 'createIdentity', target: resourceId, before: null });
    log.info('identity.creating', { clusterId, resourceId });
    const { userAssignedIdentities } = await clients.managedIdentity(subscriptionId);
    const created = await callArm(resourceId, () =>
      userAssignedIdentities.createOrUpdate(group, name, { location }),
    );
    return { principalId: created.principalId ?? '' };
  },
);
