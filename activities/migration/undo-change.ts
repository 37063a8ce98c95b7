import type { Clients } from '../../clients';
import { callArm, readArm } from '../../clients/arm-errors';
import { armName, clusterIdParts, clusterKey } from '../../domain/ids';
import { exchangeAudience } from '../../domain/migration/credential-name';
import { objectAt, textIn } from '../../domain/migration/json';
import { ledgerPrefix } from '../../domain/migration/ledger';
import type { LedgerChange, LedgerRecord } from '../../domain/migration/ledger';
import { accountPath } from '../../domain/migration/paths';
import { defineActivity } from '../activity';
import type { ActivityContext } from '../activity';
import { assignIdentityNeed } from '../cluster-write-needs';
import { insideNeeds } from './inside-needs';
import { restoreObject } from './kube-objects';
import { remember } from './ledger';
import type { MigrationPlace } from './ledger';
import { restoreScaleSetIdentities } from './scale-set-identities';
import { clientFor, credentialsOf, holding } from './write-credential';

/** An entry of the ledger, without what only its own step needs. */
export interface LedgerLine {
  readonly id: string;
  readonly change: LedgerChange;
}

/** What a migration has changed in a cluster and has not undone, the last first. */
export const readLedger = defineActivity(
  [],
  async (
    { migrationId, clusterId }: MigrationPlace,
    { clients: { records } },
  ): Promise<{ readonly lines: readonly LedgerLine[] }> => {
    const prefix = ledgerPrefix(migrationId, clusterKey(clusterId));
    const found: LedgerRecord[] = [];
    let after = prefix;
    for (;;) {
      const page = await records.list('ledger', { limit: 200, after });
      const own = page.items.filter(({ id }) => id.startsWith(prefix));
      found.push(...own);
      if (page.next === undefined || own.length < page.items.length) break;
      after = page.next;
    }
    const open = found.filter(({ undoneAt }) => undoneAt === undefined).reverse();
    return { lines: open.map(({ id, change }) => ({ id, change })) };
  },
);

/** The others take orchestrations of their own. */
type Undoable = Exclude<LedgerChange['kind'], 'template' | 'podIdentityProfile' | 'feature'>;

/** Undoes one change of a migration, unless somebody else has changed the same thing since. Idempotent. */
export const undoChange = defineActivity(
  [
    ...insideNeeds,
    'Microsoft.ManagedIdentity/userAssignedIdentities/federatedIdentityCredentials/read',
    'Microsoft.ManagedIdentity/userAssignedIdentities/federatedIdentityCredentials/write',
    'Microsoft.ManagedIdentity/userAssignedIdentities/federatedIdentityCredentials/delete',
    'Microsoft.Authorization/roleAssignments/read',
    'Microsoft.Authorization/roleAssignments/write',
    'Microsoft.Compute/virtualMachineScaleSets/read',
    'Microsoft.Compute/virtualMachineScaleSets/write',
    assignIdentityNeed, // of what comes back to a scale set
  ],
  async (
    { id, clusterId }: Pick<MigrationPlace, 'clusterId'> & { readonly id: string },
    context,
  ): Promise<{ readonly undone: boolean }> => {
    const entry = (await context.clients.records.get('ledger', id))?.value;
    if (!entry || entry.undoneAt !== undefined) return { undone: false };
    const { change } = entry;
    if (!isUndoable(change)) return { undone: false };
    context.log.info('migration.undoing', { clusterId, change: change.kind });
    const undo = undoers[change.kind] as (change: LedgerChange, from: From) => Promise<void>;
    await undo(change, { ...context, clusterId });
    return { undone: true };
  },
);

/** Writes down that a preview flag is about to be taken back. Idempotent. */
export const rememberFeature = defineActivity(
  [],
  async (
    {
      migrationId,
      clusterId,
      subscriptionId,
      feature,
    }: MigrationPlace & { readonly subscriptionId: string; readonly feature: string },
    { clients: { records } },
  ): Promise<{ readonly remembered: true }> => {
    const change = { kind: 'feature', subscriptionId, feature } as const;
    await remember(records, { migrationId, clusterId }, change);
    return { remembered: true };
  },
);

/** Writes down that a change is undone, once its evidence is there. */
export const closeLedgerLine = defineActivity(
  [],
  async (
    { id, asOf }: { readonly id: string; readonly asOf: string },
    { clients: { records } },
  ): Promise<{ readonly closed: boolean }> => {
    const stored = await records.get('ledger', id);
    if (!stored || stored.value.undoneAt !== undefined) return { closed: false };
    await records.put('ledger', id, { ...stored.value, undoneAt: asOf });
    return { closed: true };
  },
);

type From = ActivityContext & Pick<MigrationPlace, 'clusterId'>;

function isUndoable(change: LedgerChange): change is Extract<LedgerChange, { kind: Undoable }> {
  return change.kind in undoers;
}

const undoers: {
  readonly [K in Undoable]: (
    change: Extract<LedgerChange, { kind: K }>,
    from: From,
  ) => Promise<void>;
} = {
  credential: (change, { clients }) => undoCredential(change, clients),
  account: undoAccount,
  object: async (change, { clients, clusterId }) =>
    restoreObject(await clients.kubernetes(clusterId), change),
  scaleSetIdentity: (change, { clients, clusterId }) =>
    restoreScaleSetIdentities(clients, clusterId, change),
  roleAssignment: undoGrant,
};

async function undoCredential(
  change: Extract<LedgerChange, { kind: 'credential' }>,
  clients: Clients,
): Promise<void> {
  const { identityId, name, issuer, subject, audiences } = change;
  const lease = { identityId, owner: `undo ${identityId}/${name}` };
  await holding(clients, lease, async () => {
    const live = (await credentialsOf(clients, identityId)).find((one) => one.name === name);
    const isOurs =
      live?.issuer === issuer &&
      live.subject === subject &&
      live.audiences?.join(' ') === exchangeAudience;
    if (!isOurs) return; // gone, or somebody else's by now
    const { client, group } = await clientFor(clients, identityId);
    const id = `${identityId}/federatedIdentityCredentials/${name}`;
    const identity = armName(identityId);
    if (audiences === undefined) {
      await callArm(id, () => client.delete(group, identity, name));
    } else {
      const body = { issuer, subject, audiences: [...audiences] };
      await callArm(id, () => client.createOrUpdate(group, identity, name, body));
    }
  });
}

/** Applying nothing takes away what only Steward has put there. */
async function undoAccount(
  { namespace, name, created }: Extract<LedgerChange, { kind: 'account' }>,
  { clients, clusterId }: From,
): Promise<void> {
  const kube = await clients.kubernetes(clusterId);
  const path = accountPath(namespace, name);
  const live = await kube.get(path);
  if (!live) return;
  if (created) {
    await kube.remove(path, { uid: textIn(objectAt(live, 'metadata')['uid']) });
  } else {
    const body = { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name, namespace } };
    await kube.apply(path, body);
  }
}

const apiVersion = '2022-04-01';

async function undoGrant(
  { scope, name, properties }: Extract<LedgerChange, { kind: 'roleAssignment' }>,
  { clients, clusterId }: From,
): Promise<void> {
  const id = `${scope}/providers/Microsoft.Authorization/roleAssignments/${name}`;
  const arm = await clients.arm(clusterIdParts(clusterId).subscriptionId);
  if (await readArm(id, () => arm({ method: 'GET', path: id, apiVersion }))) return;
  const { roleDefinitionId, principalId, principalType, description, condition, conditionVersion } =
    properties;
  const body = {
    properties: {
      ...{ roleDefinitionId, principalId, principalType },
      ...(typeof description === 'string' && { description }),
      ...(typeof condition === 'string' && { condition, conditionVersion }),
    },
  };
  await callArm(id, () => arm({ method: 'PUT', path: id, apiVersion, body }));
}
