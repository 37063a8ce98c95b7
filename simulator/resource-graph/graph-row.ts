import { partsOf } from '../arm-id';
import { objectAt, textAt } from '../json';
import type { JsonObject } from '../json';
import type { Row } from '../kusto/scalar';
import type { Resource } from '../resource-store';

export type GraphRow = Row & { readonly subscriptionId: string };

/** Resources are values that never change, so their rows are made once. */
const rows = new WeakMap<Resource, GraphRow>();

/** A resource in the columns of Resource Graph: types and groups in lower case, ids as they are. */
export function rowOf(resource: Resource, tenantId: string): GraphRow {
  const known = rows.get(resource);
  if (known) return known;
  const { subscriptionId = '', resourceGroup = '', type } = partsOf(resource.id);
  const shown = type === 'Microsoft.Resources/subscriptions' ? subscription(resource) : resource;
  const row = {
    ...columnsOf(shown),
    type: tableType(type),
    resourceGroup: resourceGroup.toLowerCase(),
    subscriptionId: subscriptionId.toLowerCase(),
    tenantId,
  };
  rows.set(resource, row);
  return row;
}

/** All rows have the same members, in the same order: engines read those faster than others. */
function columnsOf(resource: JsonObject): JsonObject {
  const { id, name, location, kind, managedBy, sku, plan, properties } = resource;
  const { tags, identity, zones, extendedLocation } = resource;
  return {
    ...{ id, name, location, kind, managedBy, sku, plan, properties },
    ...{ tags, identity, zones, extendedLocation },
  };
}

/** ARM's answer has other members than the row: the display name is the name, the rest is in the properties. */
function subscription(resource: Resource): JsonObject {
  const { id, displayName, state = 'Enabled', subscriptionPolicies } = resource;
  return {
    id,
    name: displayName ?? textAt(resource, 'subscriptionId') ?? partsOf(id).name,
    tags: objectAt(resource, 'tags'),
    properties: {
      state,
      subscriptionPolicies: subscriptionPolicies ?? {},
      managementGroupAncestorsChain: [],
    },
  };
}

/** Resource Graph knows resource groups by another type than ARM. */
function tableType(type: string): string {
  return type === 'Microsoft.Resources/resourceGroups'
    ? 'microsoft.resources/subscriptions/resourcegroups'
    : type.toLowerCase();
}
