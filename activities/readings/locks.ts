import * as z from 'zod';

import type { Clients } from '../../clients';
import type { ClusterFacts } from '../../domain/cluster';
import { clusterIdParts } from '../../domain/ids';
import type { ResourceLock } from '../../domain/snapshot';
import { readIfAllowed } from './optional';

const lockApiVersion = '2020-05-01';

const Locks = z.object({
  value: z.array(
    z.object({
      id: z.string(),
      properties: z.object({ level: z.enum(['CanNotDelete', 'ReadOnly', 'NotSpecified']) }),
    }),
  ),
});

/** Locks on the cluster and on its node resource group, or on anything above them. */
export async function resourceLocks(
  clients: Clients,
  facts: ClusterFacts,
): Promise<readonly ResourceLock[] | undefined> {
  const { subscriptionId } = clusterIdParts(facts.id);
  const arm = await clients.arm(subscriptionId);
  const group = `/subscriptions/${subscriptionId}/resourceGroups/${facts.nodeResourceGroup}`;
  const lists = await Promise.all(
    [facts.armId, group].map((scope) =>
      readIfAllowed(scope, () =>
        arm({
          method: 'GET',
          path: `${scope}/providers/Microsoft.Authorization/locks?$filter=atScope()`,
          apiVersion: lockApiVersion,
        }),
      ),
    ),
  );
  if (lists.every((list) => list === undefined)) return undefined;
  const found = lists.flatMap((list) => (list ? Locks.parse(list.body).value : []));
  const locks = found.flatMap(({ id, properties: { level } }): [string, ResourceLock][] =>
    level === 'NotSpecified' ? [] : [[id, { id, level, scope: scopeOf(id) }]],
  );
  return [...new Map(locks).values()];
}

function scopeOf(lockId: string): string {
  return lockId.slice(0, lockId.toLowerCase().lastIndexOf('/providers/microsoft.authorization/'));
}
