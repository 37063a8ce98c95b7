import type { ClusterId } from '../../domain/ids';
import type { ClusterWork } from '../../domain/migration/work';
import type { Run, Workflow } from '../workflow';

export interface TrustAccountsInput {
  readonly migrationId: string;
  readonly clusterId: ClusterId;
  readonly work: ClusterWork;
}

/**
 * Lets the service accounts of a cluster act as the identities, one credential after the other, then prepares the
 * accounts. Running pods notice nothing of either.
 *
 * @throws FailureError of the first credential or account that is refused.
 */
export function* trustAccounts(
  workflow: Workflow,
  { migrationId, clusterId, work }: TrustAccountsInput,
): Run<void> {
  const { credentials, accounts } = work;
  const total = credentials.length + accounts.length;
  let done = 0;
  for (const credential of credentials) {
    workflow.report({ step: 'trust', done, total });
    yield* workflow.activities.writeCredential({ migrationId, clusterId, credential });
    done += 1;
  }
  for (const account of accounts) {
    workflow.report({ step: 'trust', done, total });
    yield* workflow.activities.prepareAccount({ migrationId, clusterId, account });
    done += 1;
  }
}
