import * as z from 'zod';

import type { Clients } from '../../clients';
import type { ClusterFacts } from '../../domain/cluster';
import { armName } from '../../domain/ids';
import type { VaultReading } from '../../domain/snapshot';
import { readIfAllowed } from './optional';

const vaultApiVersion = '2023-07-01';

const Vault = z.object({
  id: z.string(),
  properties: z.object({ enableRbacAuthorization: z.boolean().nullish() }).nullish(),
});

/** The vault whose key encrypts the cluster's Kubernetes secrets, where the cluster names it. */
export async function keyVaults(
  clients: Clients,
  { links }: ClusterFacts,
): Promise<readonly VaultReading[] | undefined> {
  const path = links.keyManagement?.vaultId ?? '';
  if (path === '') return links.keyManagement ? undefined : [];
  const arm = await clients.arm(path.split('/')[2] ?? '');
  const answer = await readIfAllowed(path, () =>
    arm({ method: 'GET', path, apiVersion: vaultApiVersion }),
  );
  if (!answer) return undefined;
  const { id, properties } = Vault.parse(answer.body);
  return [{ id, name: armName(id), rbac: properties?.enableRbacAuthorization === true }];
}
