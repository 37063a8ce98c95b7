import { partsOf } from '../../arm-id';
import { isObject, objectAt, textAt } from '../../json';
import type { Json, JsonObject } from '../../json';
import type { Resource } from '../../resource-store';
import type { ExportRow } from './read-export';

/** Columns that Resource Graph adds to what ARM answers. */
const added = new Set(['tenantid', 'resourcegroup', 'subscriptionid', 'type', 'apiversion']);
/** Columns that every resource may have, and what they hold. */
const shapes: Readonly<Record<string, { fits: (value: Json) => boolean; called: string }>> = {
  name: { fits: isText, called: 'a text' },
  location: { fits: isText, called: 'a text' },
  kind: { fits: isText, called: 'a text' },
  managedBy: { fits: isText, called: 'a text' },
  properties: { fits: isObject, called: 'an object' },
  tags: { fits: isObject, called: 'an object' },
  identity: { fits: isObject, called: 'an object' },
  sku: { fits: isObject, called: 'an object' },
  plan: { fits: isObject, called: 'an object' },
  zones: { fits: Array.isArray, called: 'a list' },
};
/** Ids of resources that lie directly in a group. */
const topLevel = /^\/[^/]+\/[^/]+\/[^/]+\/[^/]+\/providers\/[^/]+\/[^/]+\/[^/]+$/;
/** Types of which a world without the properties would be of no use. */
const needsProperties =
  /^microsoft\.(containerservice\/managedclusters|managedidentity\/userassignedidentities|authorization\/roleassignments)$/i;

/**
 * The resource that a row shows; undefined for what is no resource of a tenant, such as a built-in role or a change.
 *
 * @throws Error that names the row and the member.
 */
export function importRow({ where, columns }: ExportRow): Resource | undefined {
  const id = textAt(columns, 'id');
  if (id?.startsWith('/') !== true) throw new Error(`${where}: id is missing. Project it.`);
  const { type, name, subscriptionId } = partsOf(id);
  if (subscriptionId === undefined || /^Microsoft\.Resources\/changes$/i.test(type))
    return undefined;
  checkShapes(columns, where);
  if (type === 'Microsoft.Resources/subscriptions') return subscription(id, columns);
  checkPresence(type, { where, columns }, id);
  return { id, name: textAt(columns, 'name') ?? name, type: armType(type), ...membersOf(columns) };
}

function checkPresence(type: string, { where, columns }: ExportRow, id: string): void {
  const isTopLevel = topLevel.test(id) && !type.startsWith('Microsoft.Authorization/');
  const missing =
    needsProperties.test(type) && !isObject(columns['properties'])
      ? 'properties'
      : isTopLevel && !isText(columns['location'] ?? null)
        ? 'location'
        : undefined;
  if (missing === undefined) return;
  throw new Error(`${where}: ${missing} is missing. Export without project, or project it.`);
}

/** What ARM answers under this type; Resource Graph has types in lower case, ids as they are. */
function armType(type: string): string {
  return /^Microsoft\.ContainerService\/managedClusters$/i.test(type)
    ? 'Microsoft.ContainerService/ManagedClusters'
    : type;
}

/** Empty columns are members that the resource does not have. */
function membersOf(columns: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(columns).filter(
      ([name, value]) =>
        value !== null && value !== '' && name !== 'id' && !added.has(name.toLowerCase()),
    ),
  );
}

function subscription(id: string, columns: JsonObject): Resource {
  const properties = objectAt(columns, 'properties');
  const { subscriptionPolicies, state } = properties;
  const subscriptionId = id.slice(id.lastIndexOf('/') + 1);
  return {
    id,
    subscriptionId,
    tenantId: textAt(columns, 'tenantId') ?? '',
    displayName: textAt(columns, 'name') ?? subscriptionId,
    state: state ?? 'Enabled',
    authorizationSource: 'RoleBased',
    ...(subscriptionPolicies !== undefined && { subscriptionPolicies }),
    ...(isObject(columns['tags']) && { tags: columns['tags'] }),
  };
}

function checkShapes(columns: JsonObject, where: string): void {
  for (const [member, { fits, called }] of Object.entries(shapes)) {
    const value = columns[member];
    if (value === undefined || value === null || value === '' || fits(value)) continue;
    throw new Error(
      `${where}: ${member} is not ${called}. Export it as Resource Graph answers it.`,
    );
  }
}

function isText(value: Json): boolean {
  return typeof value === 'string' && value !== '';
}
