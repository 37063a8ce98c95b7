import { isAllowed } from './access';
import { scopeOf } from '../arm-id';
import { objectAt, objectsAt, textAt } from '../json';
import { armError } from '../provider';
import type { ArmRequest, ArmResponse } from '../provider';
import type { World } from '../world';
import { linkedActions } from './linked-actions';
import { requiredAction } from './required-action';

/** Tenant-wide reads that everybody may make; what they show is limited to what the caller may read. */
const forEverybody = /^\/(?:subscriptions|tenants|providers\/Microsoft\.ResourceGraph\/.*)$/i;

/**
 * Carries out what the caller may do. A list across a subscription shows what the caller may read of it, and is refused
 * only where that is nothing.
 */
export function authorized(
  request: ArmRequest,
  world: World,
  carryOut: () => ArmResponse,
): ArmResponse {
  const refused = unauthorized(request, world);
  if (refused === undefined) return carryOut();
  if (request.method !== 'GET' || !acrossSubscription.test(request.id)) return refused;
  const answer = carryOut();
  const seen = objectsAt(answer.body, 'value').filter((one) =>
    mayRead(world, request.principal, textAt(one, 'id') ?? ''),
  );
  return seen.length === 0
    ? refused
    : { ...answer, body: { ...objectAt(answer.body), value: seen } };
}

const acrossSubscription =
  /^\/subscriptions\/[^/]+\/(?:resourceGroups|resources|providers\/[^/]+\/[^/]+)$/i;

/** Refuses a caller that lacks the right to do this, or a right on something that the request refers to. */
function unauthorized(request: ArmRequest, world: World): ArmResponse | undefined {
  const { method, id, principal } = request;
  if (world.behaviour.rights === 'open' || forEverybody.test(id)) return undefined;
  const action = requiredAction(method === 'HEAD' ? 'GET' : method, id);
  const scope = /\/roleAssignments\/[^/]+$/i.test(id) ? scopeOf(id) : id;
  const assignment = assignmentIn(request, world);
  const right = { principalId: principal, action, scope };
  if (!isAllowed(world, { ...right, ...(assignment && { assignment }) })) {
    return forbidden({ principal, action, scope: id });
  }
  const missing = linkedActions(request, world).filter(
    (linked) => !isAllowed(world, { principalId: principal, ...linked }),
  );
  if (missing.length === 0) return undefined;
  const actions = [...new Set(missing.map((linked) => linked.action))].join(',');
  const scopes = missing.map((linked) => linked.scope).join(',');
  return armError(
    403,
    'LinkedAuthorizationFailed',
    `The client '${principal}' with object id '${principal}' has permission to perform action '${action}' on scope '${id}'; however, it does not have permission to perform action(s) '${actions}' on the linked scope(s) '${scopes}' (respectively) or the linked scope(s) are invalid.`,
  );
}

/** Whether a caller may see a resource in lists and queries. */
export function mayRead(world: World, principal: string, id: string): boolean {
  if (world.behaviour.rights === 'open') return true;
  const action = requiredAction('GET', id);
  return isAllowed(world, { principalId: principal, action, scope: id });
}

function forbidden({
  principal,
  action,
  scope,
}: {
  readonly principal: string;
  readonly action: string;
  readonly scope: string;
}): ArmResponse {
  return armError(
    403,
    'AuthorizationFailed',
    `The client '${principal}' with object id '${principal}' does not have authorization to perform action '${action}' over scope '${scope}' or the scope is invalid. If access was recently granted, please refresh your credentials.`,
  );
}

/** What conditions ask about a role assignment: of a write as it is wanted, of a removal as it is. */
function assignmentIn(
  { method, id, body }: ArmRequest,
  { resources }: World,
): Readonly<Record<string, string>> | undefined {
  if (!/\/roleAssignments\/[^/]+$/i.test(id) || method === 'GET') return undefined;
  const properties = objectAt(method === 'PUT' ? body : resources.get(id), 'properties');
  const roleDefinitionId = textAt(properties, 'roleDefinitionId') ?? '';
  return {
    RoleDefinitionId: roleDefinitionId.slice(roleDefinitionId.lastIndexOf('/') + 1),
    PrincipalType: textAt(properties, 'principalType') ?? '',
    PrincipalId: textAt(properties, 'principalId') ?? '',
  };
}
