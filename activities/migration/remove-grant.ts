import { readArm, callArm } from '../../clients/arm-errors';
import { armName, clusterIdParts } from '../../domain/ids';
import type { Json } from '../../domain/migration/snapshot';
import { FailureError } from '../../domain/outcome';
import { defineActivity } from '../activity';
import { requireGoing } from './going';
import { remember } from './ledger';
import type { MigrationPlace } from './ledger';

const apiVersion = '2022-04-01';

/** A role assignment that pod identity needed, as the plan has seen it. */
export interface Grant {
  readonly id: string;
  readonly principalId: string;
  readonly roleDefinitionId: string;
}

/**
 * Takes a role assignment away that only pod identity needed. Idempotent: one that is gone is done.
 *
 * @throws FailureError `Conflict` when it says something else by now.
 */
export const removeGrant = defineActivity(
  [
    'Microsoft.Authorization/roleAssignments/read',
    'Microsoft.Authorization/roleAssignments/delete',
  ],
  async (
    { migrationId, clusterId, grant }: MigrationPlace & { readonly grant: Grant },
    { clients, log },
  ): Promise<{ readonly removed: boolean }> => {
    await requireGoing(clients.records, migrationId);
    const { id, principalId, roleDefinitionId } = grant;
    const arm = await clients.arm(clusterIdParts(clusterId).subscriptionId);
    const found = await readArm(id, () => arm({ method: 'GET', path: id, apiVersion }));
    if (!found) return { removed: false };
    const { properties } = found.body as { properties: Json };
    const same = (member: string, wanted: string) =>
      String(properties[member]).toLowerCase() === wanted.toLowerCase();
    if (!same('principalId', principalId) || !same('roleDefinitionId', roleDefinitionId)) {
      throw changed(id);
    }
    const scope = id.slice(0, id.toLowerCase().lastIndexOf('/providers/microsoft.authorization/'));
    const place = { migrationId, clusterId };
    const change = { kind: 'roleAssignment', scope, name: armName(id), properties } as const;
    await remember(clients.records, place, change);
    log.info('role.removing', { clusterId, id, principalId });
    await callArm(id, () => arm({ method: 'DELETE', path: id, apiVersion }));
    return { removed: true };
  },
);

function changed(target: string): FailureError {
  return new FailureError({
    code: 'Conflict',
    message: 'The role assignment that was to be removed says something else now.',
    next: 'Plan the migration again; the new plan is made from the assignments there are.',
    target,
  });
}
