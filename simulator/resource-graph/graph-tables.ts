import { partsOf } from '../arm-id';
import graphTables from '../data/graph-tables.json';
import roles from '../data/roles.json';
import { isTracked } from '../resource-store';
import type { Resource, ResourceStore } from '../resource-store';

/** Types of the tables that do not hold top-level resources: "Supported tables and resource types" of Resource Graph. */
const typesByTable: Readonly<Record<string, readonly string[]>> = graphTables;

const tableByType: ReadonlyMap<string, string> = new Map(
  Object.entries(typesByTable).flatMap(([table, types]) =>
    types.map((type): [string, string] => [type.toLowerCase(), table]),
  ),
);

const builtInRoles: readonly Resource[] = roles.map(({ name, roleName, actions }) => ({
  id: `/providers/Microsoft.Authorization/RoleDefinitions/${name}`,
  name,
  properties: {
    roleName,
    type: 'BuiltInRole',
    description: roleName,
    assignableScopes: ['/'],
    permissions: [{ actions, notActions: [], dataActions: [], notDataActions: [] }],
  },
}));

/** The table that shows a resource; undefined when Resource Graph does not know it. */
export function tableOf(resource: Resource): string | undefined {
  const table = tableByType.get(partsOf(resource.id).type.toLowerCase());
  return table ?? (isTracked(resource) ? 'resources' : undefined);
}

/** The resources of a table as they are now, in order of creation; with types at least those of these. */
export function* resourcesIn(
  table: string,
  resources: ResourceStore,
  types?: readonly string[],
): Generator<Resource> {
  if (table === 'resources') {
    yield* types === undefined ? resources.tracked() : trackedOf(types, resources);
    return;
  }
  for (const type of typesByTable[table] ?? []) yield* resources.ofType(type);
  if (table === 'authorizationresources') yield* builtInRoles;
}

/** One type has an index; several are found in the whole, in order of creation. */
function* trackedOf(types: readonly string[], resources: ResourceStore): Generator<Resource> {
  const [type] = types;
  if (type === undefined) return;
  if (new Set(types).size > 1) {
    yield* resources.tracked();
    return;
  }
  for (const resource of resources.ofType(type)) if (isTracked(resource)) yield resource;
}
