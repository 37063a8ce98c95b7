import { lineage } from '../arm-id';
import { withGroups } from '../directory/groups';
import { at, objectsAt, textAt } from '../json';
import type { Json, JsonObject } from '../json';
import { parseCondition } from './condition';
import type { ConditionSubject } from './condition';
import { allows, permissionsOf } from './roles';
import type { Permission } from './roles';
import type { Resource } from '../resource-store';
import type { World } from '../world';

export interface Right {
  readonly principalId: string;
  readonly action: string;
  /** Id of the resource that the action is on. */
  readonly scope: string;
  /** The role assignment that the action would make or remove: what conditions look at. */
  readonly assignment?: ConditionSubject['attributes'];
}

/**
 * Whether a principal holds a right through a role assignment on the resource or above it, its own or one of a group it
 * is in, that no deny assignment takes away. An assignment works only some time after it was made, and one with a
 * condition only where the condition holds.
 */
export function isAllowed(world: World, right: Right): boolean {
  const { action, assignment = {} } = right;
  const granted = assignmentsFor(world, right).some(
    (found) =>
      holds(found, { action, attributes: assignment }) &&
      permissionsIn(found, world).some((permission) => allows(permission, action)),
  );
  return granted && !isDenied(world, right);
}

/** What a principal's role assignments on a scope and above it allow. */
export function permissionsAt(
  world: World,
  right: Pick<Right, 'principalId' | 'scope'>,
): readonly Permission[] {
  return assignmentsFor(world, right).flatMap((found) => permissionsIn(found, world));
}

/** Ids of a scope and everything above it, management groups and the root included, lower-cased. */
export function scopesOver(world: World, scope: string): ReadonlySet<string> {
  const ids = lineage(scope);
  const subscription = world.resources.get(ids.at(-1) ?? '');
  const groups = at(subscription?.$truth, 'managementGroups');
  const above = Array.isArray(groups) ? (groups as readonly Json[]) : [];
  return new Set([...ids, ...above.map(String), '/', ''].map((id) => id.toLowerCase()));
}

function assignmentsFor(
  world: World,
  { principalId, scope }: Pick<Right, 'principalId' | 'scope'>,
): readonly Resource[] {
  const held = withGroups(principalId, world).flatMap((id) => world.resources.ofPrincipal(id));
  if (held.length === 0) return held;
  const scopes = scopesOver(world, scope);
  const effective = world.clock.now() - world.behaviour.roleEffectMinutes * 60_000;
  return held.filter((assignment) => {
    const at = textAt(assignment, 'properties', 'scope');
    const made = Date.parse(textAt(assignment, 'properties', 'createdOn') ?? '');
    return (
      at !== undefined && scopes.has(at.toLowerCase()) && (Number.isNaN(made) || made <= effective)
    );
  });
}

function permissionsIn(assignment: Resource, { resources }: World): readonly Permission[] {
  return permissionsOf(textAt(assignment, 'properties', 'roleDefinitionId') ?? '', resources);
}

function holds(assignment: JsonObject, subject: ConditionSubject): boolean {
  const condition = textAt(assignment, 'properties', 'condition') ?? '';
  if (condition === '') return true;
  try {
    return parseCondition(condition)(subject);
  } catch {
    return false; // a condition that nobody understands allows nothing
  }
}

/** The managed resource groups of Azure's own services are locked this way. */
function isDenied(world: World, { principalId, action, scope }: Right): boolean {
  const concerned = new Set([...withGroups(principalId, world), everyone]);
  const denials = [...scopesOver(world, scope)].flatMap((id) =>
    world.resources.in(`${id}/providers/Microsoft.Authorization/denyAssignments`),
  );
  return denials.some((denial) => {
    const has = (list: string): boolean =>
      objectsAt(denial, 'properties', list).some((one) =>
        concerned.has((textAt(one, 'id') ?? '').toLowerCase()),
      );
    return (
      has('principals') &&
      !has('excludePrincipals') &&
      objectsAt(denial, 'properties', 'permissions').some((permission) =>
        allows({ ...none, ...(permission as Partial<Permission>) }, action),
      )
    );
  });
}

const everyone = '00000000-0000-0000-0000-000000000000';
const none: Permission = { actions: [], notActions: [], dataActions: [], notDataActions: [] };
