import type { AccountMigration } from '../../domain/migration/document';
import { objectAt } from '../../domain/migration/json';
import { accountPath } from '../../domain/migration/paths';
import type { Json } from '../../domain/migration/snapshot';
import { clientIdAnnotation } from '../../domain/migration/words';
import { FailureError } from '../../domain/outcome';
import { defineActivity } from '../activity';
import { insideNeeds } from './inside-needs';
import { requireGoing } from './going';
import { remember } from './ledger';
import type { MigrationPlace } from './ledger';

/**
 * Says on a service account which identity its pods act as, and makes the account where the plan has a new one. An account
 * that names another identity is left alone. Running pods notice nothing. Idempotent.
 *
 * @throws FailureError `Conflict` when the account names another identity by now.
 */
export const prepareAccount = defineActivity(
  insideNeeds,
  async (
    { migrationId, clusterId, account }: MigrationPlace & { readonly account: AccountMigration },
    { clients, log },
  ): Promise<{ readonly written: boolean }> => {
    await requireGoing(clients.records, migrationId);
    const { namespace, name, clientId, action } = account;
    const kube = await clients.kubernetes(clusterId);
    const path = accountPath(namespace, name);
    const live = await kube.get(path);
    const named = live && objectAt(live, 'metadata', 'annotations')[clientIdAnnotation];
    if (named === clientId) return { written: false };
    if (named !== undefined) throw taken(`${namespace}/${name}`, clusterId);
    if (action === 'none') throw vanished(`${namespace}/${name}`, clusterId);
    await remember(
      clients.records,
      { migrationId, clusterId },
      { kind: 'account', namespace, name, created: live === undefined },
    );
    log.info('account.preparing', { clusterId, namespace, name, clientId });
    await kube.apply(path, body(account, live === undefined));
    return { written: true };
  },
);

function body(
  { namespace, name, clientId, imagePullSecrets }: AccountMigration,
  isNew: boolean,
): Json {
  return {
    apiVersion: 'v1',
    kind: 'ServiceAccount',
    metadata: { name, namespace, annotations: { [clientIdAnnotation]: clientId } },
    ...(isNew &&
      imagePullSecrets &&
      imagePullSecrets.length > 0 && {
        imagePullSecrets: imagePullSecrets.map((secret) => ({ name: secret })),
      }),
  };
}

function taken(name: string, target: string): FailureError {
  return new FailureError({
    code: 'Conflict',
    message: `The service account ${name} acts as another identity by now.`,
    next: 'Plan the migration again; the new plan is made from the accounts there are.',
    target,
  });
}

function vanished(name: string, target: string): FailureError {
  return new FailureError({
    code: 'Conflict',
    message: `The service account ${name} has lost its annotation since the plan was made.`,
    next: 'Plan the migration again; the new plan is made from the accounts there are.',
    target,
  });
}
