import roles from '../../data/roles.json';
import { lineage } from '../../arm-id';
import { isObject, objectAt, textAt } from '../../json';
import type { JsonObject } from '../../json';
import { pageAnswer } from '../../paging';
import { armError, param } from '../../provider';
import type { ArmRequest, ArmResponse } from '../../provider';
import { visible } from '../../resource-store';
import type { World } from '../../world';

type Role = (typeof roles)[number];

/** The GUID of a role in the properties of an assignment; ids come with and without a subscription. */
export function roleGuid(properties: JsonObject): string {
  const id = textAt(properties, 'roleDefinitionId') ?? '';
  return id.slice(id.lastIndexOf('/') + 1).toLowerCase();
}

/** Built-in roles and the customer's own; `$filter` asks for a name or a type. */
export function listDefinitions(request: ArmRequest, world: World): ArmResponse {
  const filter = request.query.get('$filter') ?? '';
  const scope = param(request, 'scope');
  const asked = (member: string): string | undefined =>
    new RegExp(`${member} eq '([^']+)'`, 'i').exec(filter)?.[1]?.toLowerCase();
  const wanted = { roleName: asked('roleName'), type: asked('type') };
  const own = lineage(scope).flatMap((id) =>
    world.resources.in(`${id}/providers/Microsoft.Authorization/roleDefinitions`),
  );
  const all = [...roles.map((role) => definition(role, scope)), ...own.map(visible)];
  const found = all.filter((role) =>
    Object.entries(wanted).every(
      ([member, value]) =>
        value === undefined || textAt(role, 'properties', member)?.toLowerCase() === value,
    ),
  );
  return pageAnswer(request, found, world);
}

/** Creates or replaces a role of the customer's own. */
export function putDefinition(request: ArmRequest, world: World): ArmResponse {
  const { body, id } = request;
  const properties = objectAt(body, 'properties');
  const roleName = textAt(properties, 'roleName');
  if (!isObject(body) || roleName === undefined) {
    return armError(400, 'BadRequest', 'A role definition needs properties.roleName.');
  }
  const existing = world.resources.get(id);
  const now = new Date(world.clock.now()).toISOString();
  const saved = world.resources.put({
    ...body,
    id,
    name: param(request, 'name'),
    type: 'Microsoft.Authorization/roleDefinitions',
    properties: {
      description: '',
      assignableScopes: [param(request, 'scope')],
      permissions: [],
      createdOn: textAt(existing, 'properties', 'createdOn') ?? now,
      createdBy: textAt(existing, 'properties', 'createdBy') ?? request.principal,
      ...properties,
      type: 'CustomRole',
      updatedOn: now,
      updatedBy: request.principal,
    },
  });
  return { status: 201, body: visible(saved) };
}

export function getDefinition(request: ArmRequest, { resources }: World): ArmResponse {
  const own = resources.get(request.id);
  if (own) return { status: 200, body: visible(own) };
  const name = param(request, 'name').toLowerCase();
  const role = roles.find((one) => one.name === name);
  if (role) return { status: 200, body: definition(role, param(request, 'scope')) };
  return armError(
    404,
    'RoleDefinitionDoesNotExist',
    `The specified role definition with ID '${name}' does not exist.`,
  );
}

function definition({ name, roleName, actions }: Role, scope: string): JsonObject {
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
      permissions: [{ actions, notActions: [], dataActions: [], notDataActions: [] }],
    },
  };
}
