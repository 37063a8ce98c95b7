import { lineage, scopeOf } from '../../arm-id';
import { withGroups } from '../../directory/groups';
import { at, canonical, isObject, objectAt, textAt } from '../../json';
import type { JsonObject } from '../../json';
import { listAnswer } from '../../paging';
import { armError, param } from '../../provider';
import type { ArmRequest, ArmResponse } from '../../provider';
import { visible } from '../../resource-store';
import type { Resource } from '../../resource-store';
import { parseCondition } from '../../rights/condition';
import type { World } from '../../world';
import { overLimit } from './assignment-limit';
import { roleGuid } from './role-definitions';

const type = 'Microsoft.Authorization/roleAssignments';

export function getAssignment({ id }: ArmRequest, { resources }: World): ArmResponse {
  const found = resources.get(id);
  if (found) return { status: 200, body: visible(found) };
  return armError(404, 'RoleAssignmentNotFound', `The role assignment '${id}' is not found.`);
}

/** Assignments at a scope, above it and, without `atScope()`, below it. */
export function listAssignments(request: ArmRequest, world: World): ArmResponse {
  const scope = param(request, 'scope') || scopeOf(request.id);
  const filter = request.query.get('$filter') ?? '';
  const above = new Set(lineage(scope).map((id) => id.toLowerCase()));
  const below = /atScope\(\)/i.test(filter) ? undefined : `${scope.toLowerCase()}/`;
  const found = candidates(scope, principalsIn(filter, world), world).filter((assignment) => {
    const at = (textAt(assignment, 'properties', 'scope') ?? '').toLowerCase();
    return above.has(at) || (below !== undefined && at.startsWith(below));
  });
  return listAnswer(request, found, world);
}

/** Whose assignments a filter wants; `assignedTo` counts those of the principal's groups, too. */
function principalsIn(filter: string, world: World): readonly string[] | undefined {
  const [, kind = '', principal] = /(principalId eq|assignedTo\()\s*'([^']+)'/i.exec(filter) ?? [];
  if (principal === undefined) return undefined;
  return kind.endsWith('(') ? withGroups(principal, world) : [principal];
}

function candidates(
  scope: string,
  principals: readonly string[] | undefined,
  { resources }: World,
): readonly Resource[] {
  if (principals === undefined) return resources.ofType(type, scope.split('/')[2]);
  return principals
    .flatMap((principal) => resources.ofPrincipal(principal))
    .filter((resource) => textAt(resource, 'type')?.toLowerCase() === type.toLowerCase());
}

/** Idempotent by name and content. The same triple under another name, or another triple under this name, is refused. */
export function putAssignment(request: ArmRequest, world: World): ArmResponse {
  const { id, body } = request;
  const properties = objectAt(body, 'properties');
  const existing = world.resources.get(id);
  const refused = invalid(body, world) ?? clash(request, existing, world);
  if (refused) return refused;
  if (existing) return { status: 200, body: visible(rewritten(existing, request, world)) };
  const now = new Date(world.clock.now()).toISOString();
  const saved = world.resources.put({
    ...objectAt(body),
    id,
    name: param(request, 'name'),
    type,
    properties: {
      condition: null,
      conditionVersion: null,
      description: null,
      delegatedManagedIdentityResourceId: null,
      ...properties,
      roleDefinitionId: `/subscriptions/${id.split('/')[2] ?? ''}/providers/Microsoft.Authorization/roleDefinitions/${roleGuid(properties)}`,
      principalType: textAt(properties, 'principalType') ?? 'ServicePrincipal',
      scope: param(request, 'scope'),
      createdOn: now,
      updatedOn: now,
      createdBy: request.principal,
      updatedBy: request.principal,
    },
  });
  return { status: 201, body: visible(saved) };
}

/** What an assignment grants stays; a description and members of the caller's own may change. */
function rewritten(existing: Resource, { body }: ArmRequest, { resources }: World): Resource {
  const { id, name } = existing;
  const before = objectAt(existing, 'properties');
  const fixed = Object.fromEntries(fixedMembers.map((member) => [member, before[member]]));
  const properties = { ...before, ...objectAt(body, 'properties'), ...fixed };
  const changed = { ...existing, ...objectAt(body), id, name, type, properties };
  return canonical(changed) === canonical(existing) ? existing : resources.put(changed);
}

const fixedMembers = [
  'roleDefinitionId',
  'principalId',
  'principalType',
  'scope',
  'createdOn',
  'createdBy',
  'updatedOn',
  'updatedBy',
];

export function deleteAssignment({ id }: ArmRequest, { resources }: World): ArmResponse {
  const removed = resources.delete(id);
  return removed ? { status: 200, body: visible(removed) } : { status: 204 };
}

function invalid(body: ArmRequest['body'], world: World): ArmResponse | undefined {
  const properties = objectAt(body, 'properties');
  const principalId = textAt(properties, 'principalId');
  if (!isObject(body) || principalId === undefined || roleGuid(properties) === '') {
    return armError(
      400,
      'BadRequest',
      'A role assignment needs properties.roleDefinitionId and properties.principalId.',
    );
  }
  const refused = invalidCondition(textAt(properties, 'condition') ?? '');
  if (refused) return refused;
  if (textAt(properties, 'principalType') !== undefined || isReplicated(principalId, world)) {
    return undefined;
  }
  return armError(
    400,
    'PrincipalNotFound',
    `Principal ${principalId.replaceAll('-', '')} does not exist in the directory ${world.tenantId}. Check that you have the correct principal ID. If you are creating this principal and then immediately assigning a role, this error might be related to a replication delay. In this case, set the role assignment principalType property to a value, such as ServicePrincipal, User, or Group.`,
  );
}

function invalidCondition(condition: string): ArmResponse | undefined {
  try {
    if (condition !== '') parseCondition(condition);
    return undefined;
  } catch (error) {
    return armError(400, 'InvalidConditionOrVersion', error instanceof Error ? error.message : '');
  }
}

/** A principal made a moment ago is not in every replica of the directory yet. */
function isReplicated(principalId: string, { resources, clock, behaviour }: World): boolean {
  const known = resources.ofPrincipal(principalId);
  const oldEnough = clock.now() - behaviour.directoryMinutes * 60_000;
  return known.some((resource) => {
    const createdAt = at(resource.$truth, 'createdAt');
    return typeof createdAt !== 'number' || createdAt <= oldEnough;
  });
}

function clash(
  request: ArmRequest,
  existing: Resource | undefined,
  world: World,
): ArmResponse | undefined {
  const properties = objectAt(request.body, 'properties');
  const scope = param(request, 'scope');
  if (existing) {
    return sameTriple(existing, properties, scope)
      ? undefined
      : armError(
          400,
          'RoleAssignmentUpdateNotPermitted',
          'Tenant ID, application ID, principal ID, and scope are not allowed to be updated.',
        );
  }
  const other = world.resources
    .ofPrincipal(textAt(properties, 'principalId') ?? '')
    .some((assignment) => sameTriple(assignment, properties, scope));
  if (other) {
    return armError(409, 'RoleAssignmentExists', 'The role assignment already exists.');
  }
  return overLimit(request.id, world);
}

function sameTriple(assignment: Resource, wanted: JsonObject, scope: string): boolean {
  const has = objectAt(assignment, 'properties');
  const lower = (value: string | undefined): string => (value ?? '').toLowerCase();
  return (
    roleGuid(has) === roleGuid(wanted) &&
    lower(textAt(has, 'principalId')) === lower(textAt(wanted, 'principalId')) &&
    lower(textAt(has, 'scope')) === lower(scope)
  );
}
