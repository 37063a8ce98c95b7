import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

type Json = Readonly<Record<string, unknown>>;

/** What a fleet has come to, as far as Steward is to bring it about: without times, tags of writes and numbers drawn. */
export function endState(world: Readonly<Record<string, Json>>): Json {
  const entries = Object.entries(world).flatMap(([id, resource]): [string, unknown][] => {
    const type = textOf(resource['type']).toLowerCase();
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

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function clusterState(resource: Json, properties: Json): Json {
  const pools = (properties['agentPoolProfiles'] ?? []) as readonly Json[];
  return {
    identity: (resource['identity'] as Json | undefined)?.['type'],
    clientId: (properties['servicePrincipalProfile'] as Json)['clientId'],
    state: properties['provisioningState'],
    podIdentity: (properties['podIdentityProfile'] as Json | undefined)?.['enabled'] ?? false,
    images: pools.map((pool) => [
      pool['name'],
      pool['nodeImageVersion'],
      pool['provisioningState'],
    ]),
  };
}

/** Every resource by its lower-cased id, read from the folder while nothing runs. */
export function worldIn(dataFolder: string): Readonly<Record<string, Json>> {
  const rows = query(dataFolder, "SELECT key, body FROM records WHERE kind = 'resource'");
  return Object.fromEntries(
    rows.map(({ key, body }) => [String(key), JSON.parse(String(body)) as Json]),
  );
}

/** Logical writes that Azure accepted more than once: the same method, path and target state. */
export function repeatedWritesIn(dataFolder: string): readonly Json[] {
  return query(
    dataFolder,
    `SELECT principal, method, path, count(*) AS times FROM calls
     WHERE target IS NOT NULL AND status BETWEEN 200 AND 299
     GROUP BY principal, method, lower(path), target HAVING count(*) > 1`,
  );
}

/** Everything that was asked of the simulated Azure, read from its folder while it is not running. */
export function callsIn(dataFolder: string): readonly Json[] {
  return query(dataFolder, 'SELECT * FROM calls ORDER BY id');
}

function query(dataFolder: string, sql: string): readonly Json[] {
  const db = new DatabaseSync(join(dataFolder, 'azure', 'azure.db'), { readOnly: true });
  try {
    return db.prepare(sql).all();
  } finally {
    db.close();
  }
}
