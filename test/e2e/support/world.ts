import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

type Json = Readonly<Record<string, unknown>>;

/** What a fleet has come to, as far as Steward is to bring it about: without times, tags of writes and numbers drawn. */
export function endState(world: Readonly<Record<string, Json>>): Json {
  const entries = Object.entries(world).flatMap(([id, resource]): [string, unknown][] => {
    const type = String(resource['type'] ?? '').toLowerCase();
    const properties = (resource['properties'] ?? {}) as Json;
    if (type === 'microsoft.containerservice/managedclusters') {
      return [[id, clusterState(resource, properties)]];
    }
    if (type === 'microsoft.features/providers/features') return [[id, properties['state']]];
    if (type === 'microsoft.authorization/roleassignments') {
      return [[id.split('/roleassignments/')[0] ?? '', properties['roleDefinitionId']]];
    }
    return type === 'microsoft.managedidentity/userassignedidentities' ? [[id, 'exists']] : [];
  });
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
}

function clusterState(resource: Json, properties: Json): Json {
  const pools = (properties['agentPoolProfiles'] ?? []) as readonly Json[];
  return {
    identity: (resource['identity'] as Json)['type'],
    clientId: (properties['servicePrincipalProfile'] as Json)['clientId'],
    state: properties['provisioningState'],
    podIdentity: (properties['podIdentityProfile'] as Json | undefined)?.['enabled'] ?? false,
    images: pools.map((pool) => [pool['name'], pool['nodeImageVersion'], pool['provisioningState']]),
  };
}

/** Logical writes that Azure accepted more than once: the same method, path and target state. */
export async function repeatedWrites(azureUrl: string): Promise<unknown> {
  const response = await fetch(`${azureUrl}/_simulator/calls?summary=true`);
  return ((await response.json()) as { repeatedWrites: unknown }).repeatedWrites;
}

/** Everything that was asked of the simulated Azure, read from its folder while it is not running. */
export function callsIn(dataFolder: string): readonly Json[] {
  const db = new DatabaseSync(join(dataFolder, 'azure', 'azure.db'), { readOnly: true });
  try {
    return db.prepare('SELECT * FROM calls ORDER BY id').all() as Json[];
  } finally {
    db.close();
  }
}
