import roles from '../../data/roles.json';
import { objectAt, textAt } from '../../json';
import type { JsonObject } from '../../json';
import { pageAnswer } from '../../paging';
import { armError, param } from '../../provider';
import type { ArmRequest, ArmResponse } from '../../provider';
import { visible } from '../../resource-store';
import { customRole, customRoles } from '../../rights/roles';
import type { World } from '../../world';

type Role = (typeof roles)[number];

/** The GUID of a role in the properties of an assignment; ids come with and without a subscription. */
export function roleGuid(properties: JsonObject): string {
  const id = textAt(properties, 'roleDefinitionId') ?? '';
  return id.slice(id.lastIndexOf('/') + 1).toLowerCase();
}

/** Built-in roles, and custom ones that are assignable at the scope or below it. */
export function listDefinitions(request: ArmRequest, world: World): ArmResponse {
  const filter = request.query.get('$filter') ?? '';
  const wanted = /roleName eq '([^']+)'/i.exec(filter)?.[1]?.toLowerCase();
  const type = /type eq '([^']+)'/i.exec(filter)?.[1]?.toLowerCase();
  const scope = param(request, 'scope').toLowerCase();
  const all = [
    ...roles.map((role) => definition(role, param(request, 'scope'))),
    ...customRoles(world.resources)
      .filter((role) => assignableScopes(role).some((at) => reaches(at.toLowerCase(), scope)))
      .map(visible),
  ];
  const found = all.filter((role) => {
    const properties = objectAt(role, 'properties');
    const has = (name: string, value: string | undefined): boolean =>
      value === undefined || textAt(properties, name)?.toLowerCase() === value;
    return has('roleName', wanted) && has('type', type);
  });
  return pageAnswer(request, found, world);
}

export function getDefinition(request: ArmRequest, { resources }: World): ArmResponse {
  const name = param(request, 'name').toLowerCase();
  const role = roles.find((one) => one.name === name);
  if (role) return { status: 200, body: definition(role, param(request, 'scope')) };
  const custom = customRole(name, resources);
  return custom ? { status: 200, body: visible(custom) } : missing(name);
}

/** Makes or changes a custom role. Its name is a GUID; a role name exists once in the tenant. */
export function putDefinition(request: ArmRequest, { resources, clock }: World): ArmResponse {
  const name = param(request, 'name').toLowerCase();
  const properties = objectAt(request.body, 'properties');
  const refused = invalid(properties, name);
  if (refused) return refused;
  const roleName = textAt(properties, 'roleName') ?? '';
  const clash = customRoles(resources).some(
    (role) =>
      textAt(role, 'name') !== name &&
      textAt(role, 'properties', 'roleName')?.toLowerCase() === roleName.toLowerCase(),
  );
  if (clash) {
    return armError(
      409,
      'RoleDefinitionWithSameNameExists',
      `A custom role with the same name already exists in this directory. Use a different name: ${roleName}.`,
    );
  }
  const existing = customRole(name, resources);
  const now = new Date(clock.now()).toISOString();
  const saved = resources.put({
    ...objectAt(request.body),
    id: existing?.id ?? request.id,
    name,
    type: 'Microsoft.Authorization/roleDefinitions',
    properties: {
      description: '',
      permissions: [],
      assignableScopes: [param(request, 'scope')],
      createdOn: now,
      createdBy: request.principal,
      ...objectAt(existing, 'properties'),
      ...properties,
      type: 'CustomRole',
      updatedOn: now,
      updatedBy: request.principal,
    },
  });
  return { status: 201, body: visible(saved) };
}

export function deleteDefinition(request: ArmRequest, { resources }: World): ArmResponse {
  const name = param(request, 'name').toLowerCase();
  if (roles.some((one) => one.name === name)) return readOnly(name);
  const role = customRole(name, resources);
  if (role === undefined) return { status: 204 };
  const used = resources
    .ofType('Microsoft.Authorization/roleAssignments')
    .some((one) => roleGuid(objectAt(one, 'properties')) === textAt(role, 'name'));
  if (used) {
    return armError(
      400,
      'RoleDefinitionHasAssignments',
      'There are existing role assignments referencing role. Delete them first.',
    );
  }
  resources.delete(role.id);
  return { status: 200, body: visible(role) };
}

function invalid(properties: JsonObject, name: string): ArmResponse | undefined {
  if (roles.some((role) => role.name === name)) return readOnly(name);
  return textAt(properties, 'roleName') === undefined
    ? armError(400, 'RoleDefinitionInvalid', 'A role definition needs properties.roleName.')
    : undefined;
}

function readOnly(name: string): ArmResponse {
  return armError(400, 'RoleDefinitionIsReadOnly', `The built-in role ${name} cannot be changed.`);
}

function assignableScopes(role: JsonObject): readonly string[] {
  const scopes = objectAt(role, 'properties')['assignableScopes'];
  return Array.isArray(scopes) ? scopes.filter((scope) => typeof scope === 'string') : [];
}

/** Whether one scope is the other, above it or below it. */
function reaches(one: string, other: string): boolean {
  return one === '/' || `${one}/`.startsWith(`${other}/`) || `${other}/`.startsWith(`${one}/`);
}

function missing(name: string): ArmResponse {
  return armError(
    404,
    'RoleDefinitionDoesNotExist',
    `The specified role definition with ID '${name}' does not exist.`,
  );
}

function definition({ name, roleName, actions, notActions = [] }: Role, scope: string): JsonObject {
  const subscription = /^\/subscriptions\/[^/]+/i.exec(scope)?.[0] ?? '';
  return {
    id: `${subscription}/providers/Microsoft.Authorization/roleDefinitions/${name}`,
    name,
    type: 'Microsoft.Authorization/roleDefinitions',
    properties: {
      roleName,
      type: 'BuiltInRole',
      description: roleName,
      assignableScopes: ['/'],
      permissions: [{ actions, notActions, dataActions: [], notDataActions: [] }],
    },
  };
}
