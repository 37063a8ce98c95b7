import * as z from 'zod';

import type { Clients } from '../../clients';
import type { ClusterFacts } from '../../domain/cluster';
import { canonicalArmId } from '../../domain/ids';
import type { Policy } from '../../domain/policy';
import type { RegistryMode } from '../../domain/snapshot';
import { readIfAllowed } from './optional';

// The first version that knows how a registry grants.
const registryApiVersion = '2025-04-01';

const Registry = z.object({
  properties: z.object({ roleAssignmentMode: z.string().nullish() }).nullish(),
});

/** How the registries that the cluster pulls from grant; one that cannot be read is left out. */
export async function registryModes(
  clients: Clients,
  { links }: ClusterFacts,
  policy: Policy,
): Promise<Readonly<Record<string, RegistryMode>>> {
  const ids = [...policy.roles.registries, links.bootstrapRegistry].flatMap((id) => id ?? []);
  const modes = await Promise.all(
    [...new Set(ids.map(canonicalArmId))].map(async (path): Promise<[string, RegistryMode][]> => {
      const arm = await clients.arm(path.split('/')[2] ?? '');
      const answer = await readIfAllowed(path, () =>
        arm({ method: 'GET', path, apiVersion: registryApiVersion }),
      );
      if (!answer) return [];
      const mode = Registry.parse(answer.body).properties?.roleAssignmentMode?.toLowerCase();
      return [[path, mode === 'abacrepositorypermissions' ? 'abac' : 'rbac']];
    }),
  );
  return Object.fromEntries(modes.flat());
}
