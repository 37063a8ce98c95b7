import roles from '../../data/roles.json';
import { textAt } from '../../json';
import type { JsonObject } from '../../json';
import { pageAnswer } from '../../paging';
import { armError, param } from '../../provider';
import type { ArmRequest, ArmResponse } from '../../provider';
import type { World } from '../../world';

type Role = (typeof roles)[number];

/** The GUID of a role in the properties of an assignment; ids come with and without a subscription. */
export function roleGuid(properties: JsonObject): string {
  const id = textAt(properties, 'roleDefinitionId') ?? '';
  return id.slice(id.lastIndexOf('/') + 1).toLowerCase();
}

export function listDefinitions(request: ArmRequest, world: World): ArmResponse {
  const filter = request.query.get('$filter') ?? '';
  const wanted = /roleName eq '([^']+)'/i.exec(filter)?.[1]?.toLowerCase();
  const found = roles.filter(
    ({ roleName }) => wanted === undefined || roleName.toLowerCase() === wanted,
  );
  return pageAnswer(
    request,
    found.map((role) => definition(role, param(request, 'scope'))),
    world,
  );
}

export function getDefinition(request: ArmRequest): ArmResponse {
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
