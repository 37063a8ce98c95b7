import type { Clients } from '../../../clients';
import { canonicalArmId } from '../../../domain/ids';
import type { Json } from '../../../domain/migration/snapshot';
import { objectIn } from '../../../domain/migration/json';
import { unlessForbidden } from '../optional';
import { eachOf, rawList } from './raw-list';
import { nodeGroup } from './fleet';

const assignmentApiVersion = '2022-04-01';

/**
 * Role assignments that a clean-up may be about: those of the principals of the clusters, in the subscriptions of the
 * clusters and of the identities, and everything that is assigned on the node resource groups or above them.
 *
 * @returns nothing when Steward may not read some of them: what is not seen must not be taken for not there.
 */
export async function readRoleAssignments(
  clients: Clients,
  clusters: readonly Json[],
  identityIds: readonly string[],
): Promise<readonly Json[] | undefined> {
  const subscriptions = [...clusters.map(({ id }) => String(id)), ...identityIds].map(
    (id) => id.split('/')[2]?.toLowerCase() ?? '',
  );
  const questions = [
    ...clusters.map((cluster) => question(nodeGroup(cluster), 'atScope()')),
    ...[...new Set(clusters.flatMap(principalsOf))].flatMap((principal) =>
      [...new Set(subscriptions)].map((subscription) =>
        question(`/subscriptions/${subscription}`, `assignedTo('${principal}')`),
      ),
    ),
  ];
  const lists = await unlessForbidden(() =>
    eachOf(questions, async (path) => {
      const arm = await clients.arm(path.split('/')[2] ?? '');
      return rawList(arm, { path, apiVersion: assignmentApiVersion });
    }),
  );
  if (lists === undefined) return undefined;
  const all = lists.flat().map((one) => [canonicalArmId(String(one['id'])), one] as const);
  return [...new Map(all).values()];
}

function question(scope: string, filter: string): string {
  return `${scope}/providers/Microsoft.Authorization/roleAssignments?$filter=${encodeURIComponent(filter)}`;
}

/** The cluster's own identities and its nodes'; the object id of a service principal is not in ARM. */
function principalsOf({ identity, properties }: Json): readonly string[] {
  const { principalId, userAssignedIdentities } = objectIn(identity);
  const { kubeletidentity } = objectIn(objectIn(properties)['identityProfile']);
  const ids = [
    principalId,
    ...Object.values(objectIn(userAssignedIdentities)).map((one) => objectIn(one)['principalId']),
    objectIn(kubeletidentity)['objectId'],
  ];
  return ids.filter((id): id is string => typeof id === 'string' && id !== '');
}
