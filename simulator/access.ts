import { lineage } from './arm-id';
import roles from './data/roles.json';
import { textAt } from './json';
import type { World } from './world';

export interface Right {
  readonly principalId: string;
  readonly action: string;
  /** Id of the resource that the action is on. */
  readonly scope: string;
}

/**
 * Whether a principal holds a right through a role assignment on the resource or above it. An assignment works only some
 * time after it was made, and one with a condition never counts.
 */
export function isAllowed(world: World, { principalId, action, scope }: Right): boolean {
  const scopes = new Set(lineage(scope).map((id) => id.toLowerCase()));
  const effective = world.clock.now() - world.behaviour.roleEffectMinutes * 60_000;
  return world.resources.ofPrincipal(principalId).some((assignment) => {
    const of = (name: string): string => textAt(assignment, 'properties', name) ?? '';
    const made = Date.parse(of('createdOn'));
    return (
      scopes.has(of('scope').toLowerCase()) &&
      of('condition') === '' &&
      (Number.isNaN(made) || made <= effective) &&
      actionsOf(of('roleDefinitionId')).some((pattern) => covers(pattern, action))
    );
  });
}

function actionsOf(roleDefinitionId: string): readonly string[] {
  const guid = roleDefinitionId.slice(roleDefinitionId.lastIndexOf('/') + 1).toLowerCase();
  return roles.find(({ name }) => name === guid)?.actions ?? [];
}

function covers(pattern: string, action: string): boolean {
  const source = pattern.toLowerCase().replaceAll('.', '\\.').replaceAll('*', '.*');
  return new RegExp(`^${source}$`).test(action.toLowerCase());
}
