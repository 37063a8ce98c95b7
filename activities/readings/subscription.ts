import * as z from 'zod';

import type { Clients } from '../../clients';
import { callArm } from '../../clients/arm-errors';
import type { ClusterFacts } from '../../domain/cluster';
import { clusterIdParts } from '../../domain/ids';
import type { Policy } from '../../domain/policy';
import { neededProviders } from '../../domain/rules/features/providers';
import type { Surroundings } from '../../domain/snapshot';
import { readFeatures } from './features';
import { readIfAllowed, unlessForbidden } from './optional';

/** What all clusters of a subscription share. */
export type SubscriptionReading = Pick<Surroundings, 'features' | 'providers' | 'assignmentUsage'>;

const usageApiVersion = '2019-08-01-preview';
const Usage = z.object({
  roleAssignmentsCurrentCount: z.number(),
  roleAssignmentsLimit: z.number(),
});

/** Flags, providers and the use of the limit on role assignments, by subscription; each is read once. */
export async function subscriptionReadings(
  clients: Clients,
  fleet: readonly ClusterFacts[],
  policy: Policy,
): Promise<ReadonlyMap<string, SubscriptionReading>> {
  const samples = new Map(fleet.map((facts) => [clusterIdParts(facts.id).subscriptionId, facts]));
  const entries = [...samples].map(
    async ([subscriptionId, facts]): Promise<[string, SubscriptionReading]> => {
      const [features, providers, usage] = await Promise.all([
        unlessForbidden(() => readFeatures(clients, facts, policy)),
        unlessForbidden(() => providerStates(clients, subscriptionId)),
        assignmentUsage(clients, subscriptionId),
      ]);
      return [
        subscriptionId,
        {
          ...(features && { features }),
          ...(providers && { providers }),
          ...(usage && { assignmentUsage: usage }),
        },
      ];
    },
  );
  return new Map(await Promise.all(entries));
}

async function providerStates(
  clients: Clients,
  subscriptionId: string,
): Promise<Readonly<Record<string, string>>> {
  const { providers } = await clients.resources(subscriptionId);
  const states = await Promise.all(
    neededProviders.map(async (namespace): Promise<[string, string]> => {
      const target = `/subscriptions/${subscriptionId}/providers/${namespace}`;
      const { registrationState = '' } = await callArm(target, () => providers.get(namespace));
      return [namespace, registrationState];
    }),
  );
  return Object.fromEntries(states);
}

/** How many role assignments there are, and may be. Source: "Troubleshoot Azure RBAC limits". */
async function assignmentUsage(
  clients: Clients,
  subscriptionId: string,
): Promise<SubscriptionReading['assignmentUsage']> {
  const path = `/subscriptions/${subscriptionId}/providers/Microsoft.Authorization/roleAssignmentsUsageMetrics`;
  const arm = await clients.arm(subscriptionId);
  const answer = await readIfAllowed(path, () =>
    arm({ method: 'GET', path, apiVersion: usageApiVersion }),
  );
  const parsed = Usage.safeParse(answer?.body);
  if (!parsed.success) return undefined;
  const { roleAssignmentsCurrentCount: count, roleAssignmentsLimit: limit } = parsed.data;
  return { count, limit };
}
