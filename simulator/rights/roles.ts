import builtIn from '../data/roles.json';
import { at, objectsAt, textAt } from '../json';
import type { Json, JsonObject } from '../json';
import type { Resource, ResourceStore } from '../resource-store';

/** What a role allows. `actions` are those of Resource Manager, `dataActions` those of what the resources hold. */
export interface Permission {
  readonly actions: readonly string[];
  readonly notActions: readonly string[];
  readonly dataActions: readonly string[];
  readonly notDataActions: readonly string[];
}

const type = 'Microsoft.Authorization/roleDefinitions';

const permissionsByName = new Map(
  builtIn.map(({ name, actions, notActions = [] }) => [
    name,
    [{ actions, notActions, dataActions: [], notDataActions: [] }] as readonly Permission[],
  ]),
);

/** What a role allows, be it built in or made in this world; nothing for one that does not exist. */
export function permissionsOf(
  roleDefinitionId: string,
  resources: ResourceStore,
): readonly Permission[] {
  const name = roleDefinitionId.slice(roleDefinitionId.lastIndexOf('/') + 1).toLowerCase();
  return permissionsByName.get(name) ?? ofCustom(customRole(name, resources));
}

/** A role made in this world, by its GUID: the same wherever it is assignable. */
export function customRole(name: string, resources: ResourceStore): Resource | undefined {
  return customRoles(resources).find(
    (role) => textAt(role, 'name')?.toLowerCase() === name.toLowerCase(),
  );
}

export function customRoles(resources: ResourceStore): readonly Resource[] {
  return resources.ofType(type);
}

/** Whether a permission holds for an action: what `notActions` take away, another role may still give. */
export function allows({ actions, notActions }: Permission, action: string): boolean {
  const covers = (pattern: string): boolean => matcher(pattern).test(action);
  return actions.some(covers) && !notActions.some(covers);
}

const matchers = new Map<string, RegExp>();

function matcher(pattern: string): RegExp {
  const known = matchers.get(pattern);
  if (known) return known;
  const source = pattern.replaceAll(/[.+?^${}()|[\]\\]/g, '\\$&').replaceAll('*', '.*');
  const made = new RegExp(`^${source}$`, 'i');
  matchers.set(pattern, made);
  return made;
}

function ofCustom(role: Resource | undefined): readonly Permission[] {
  return objectsAt(role, 'properties', 'permissions').map((permission) => ({
    actions: textsAt(permission, 'actions'),
    notActions: textsAt(permission, 'notActions'),
    dataActions: textsAt(permission, 'dataActions'),
    notDataActions: textsAt(permission, 'notDataActions'),
  }));
}

function textsAt(object: JsonObject, name: string): readonly string[] {
  const found = at(object, name);
  if (!Array.isArray(found)) return [];
  return (found as readonly Json[]).filter((value) => typeof value === 'string');
}
