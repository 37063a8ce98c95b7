import * as z from 'zod';

import type { Clients } from '../../clients';
import { callArm } from '../../clients/arm-errors';
import type { ClusterFacts } from '../../domain/cluster';
import { clusterIdParts, sameArmId } from '../../domain/ids';

const computeApiVersion = '2024-07-01';

const ScaleSets = z.object({
  value: z.array(
    z.object({
      tags: z.record(z.string(), z.string()).nullish(),
      identity: z
        .object({ userAssignedIdentities: z.record(z.string(), z.unknown()).nullish() })
        .nullish(),
    }),
  ),
  nextLink: z.string().nullish(),
});

/**
 * Node pools whose nodes do not carry the kubelet identity: they were imaged before the cluster left
 * its service principal. A pool without a scale set of its own is not among them.
 *
 * @returns nothing for a cluster on a service principal, where no node has the identity.
 */
export async function poolsBeforeSwitch(
  clients: Clients,
  facts: ClusterFacts,
): Promise<readonly string[]> {
  const { kubelet } = facts;
  if (facts.controlPlane.kind === 'servicePrincipal' || !kubelet) return [];
  const scaleSets = await listScaleSets(clients, facts);
  return facts.nodePools
    .map(({ name }) => name)
    .filter((pool) => {
      const own = scaleSets.filter(({ tags }) => tags?.['aks-managed-poolName'] === pool);
      return own.some(
        ({ identity }) =>
          !Object.keys(identity?.userAssignedIdentities ?? {}).some((id) =>
            sameArmId(id, kubelet.resourceId),
          ),
      );
    });
}

async function listScaleSets(clients: Clients, facts: ClusterFacts) {
  const { subscriptionId } = clusterIdParts(facts.id);
  const group = `/subscriptions/${subscriptionId}/resourceGroups/${facts.nodeResourceGroup}`;
  const arm = await clients.arm(subscriptionId);
  const found: z.infer<typeof ScaleSets>['value'] = [];
  let next: string | undefined =
    `${group}/providers/Microsoft.Compute/virtualMachineScaleSets?api-version=${computeApiVersion}`;
  while (next !== undefined) {
    const path: string = next;
    const { body } = await callArm(group, () => arm({ method: 'GET', path }));
    const page = ScaleSets.parse(body);
    found.push(...page.value);
    next = page.nextLink ?? undefined;
  }
  return found;
}
