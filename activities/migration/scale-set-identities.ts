import type { Clients } from '../../clients';
import { callArm } from '../../clients/arm-errors';
import { clusterIdParts, sameArmId } from '../../domain/ids';
import type { ClusterId } from '../../domain/ids';
import { objectAt } from '../../domain/migration/json';
import type { LedgerChange } from '../../domain/migration/ledger';
import type { Json } from '../../domain/migration/snapshot';
import { defineActivity } from '../activity';
import { requireGoing } from './going';
import { remember } from './ledger';
import type { MigrationPlace } from './ledger';

const apiVersion = '2024-07-01';

/**
 * Takes identities off a scale set that pod identity had put on it and nobody takes off by itself. The others stay.
 * Idempotent.
 */
export const removeScaleSetIdentities = defineActivity(
  [
    'Microsoft.Compute/virtualMachineScaleSets/read',
    'Microsoft.Compute/virtualMachineScaleSets/write',
  ],
  async (
    {
      migrationId,
      clusterId,
      scaleSetId,
      identityIds,
    }: MigrationPlace & { readonly scaleSetId: string; readonly identityIds: readonly string[] },
    { clients, log },
  ): Promise<{ readonly removed: number }> => {
    await requireGoing(clients.records, migrationId);
    const { identity, on } = await identitiesOn(clients, clusterId, scaleSetId);
    const goes = on.filter((id) => identityIds.some((wanted) => sameArmId(wanted, id)));
    if (goes.length === 0) return { removed: 0 };
    const place = { migrationId, clusterId };
    await remember(clients.records, place, {
      kind: 'scaleSetIdentity',
      scaleSetId,
      identityIds: goes,
    });
    log.info('scaleSet.identities.removing', { clusterId, scaleSetId, identities: goes.length });
    const none = Object.fromEntries(goes.map((id) => [id, null]));
    await patch(clients, clusterId, { scaleSetId, type: identity['type'], identities: none });
    return { removed: goes.length };
  },
);

/** Puts identities on a scale set again. */
export async function restoreScaleSetIdentities(
  clients: Clients,
  clusterId: ClusterId,
  { scaleSetId, identityIds }: Extract<LedgerChange, { kind: 'scaleSetIdentity' }>,
): Promise<void> {
  const { identity, on } = await identitiesOn(clients, clusterId, scaleSetId);
  const missing = identityIds.filter((id) => !on.some((one) => sameArmId(one, id)));
  if (missing.length === 0) return;
  const identities = Object.fromEntries(missing.map((id) => [id, {}]));
  const type = identity['type'] ?? 'UserAssigned';
  await patch(clients, clusterId, { scaleSetId, type, identities });
}

async function identitiesOn(
  clients: Clients,
  clusterId: ClusterId,
  path: string,
): Promise<{ readonly identity: Json; readonly on: readonly string[] }> {
  const arm = await clients.arm(clusterIdParts(clusterId).subscriptionId);
  const { body } = await callArm(path, () => arm({ method: 'GET', path, apiVersion }));
  const identity = objectAt(body as Json, 'identity');
  return { identity, on: Object.keys(objectAt(identity, 'userAssignedIdentities')) };
}

interface IdentityPatch {
  readonly scaleSetId: string;
  readonly type: unknown;
  readonly identities: Json;
}

async function patch(
  clients: Clients,
  clusterId: ClusterId,
  { scaleSetId, type, identities }: IdentityPatch,
): Promise<void> {
  const arm = await clients.arm(clusterIdParts(clusterId).subscriptionId);
  const body = { identity: { type, userAssignedIdentities: identities } };
  await callArm(scaleSetId, () => arm({ method: 'PATCH', path: scaleSetId, apiVersion, body }));
}
