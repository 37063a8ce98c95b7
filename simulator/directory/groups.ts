import { at, textAt } from '../json';
import type { Json } from '../json';
import type { Resource } from '../resource-store';
import type { World } from '../world';

const groupType = 'Microsoft.Graph/groups';

/** The object id of a group of the scenario: `properties.id`, or the last part of its id. */
function groupIdOf({ id, properties }: Resource): string {
  return textAt(properties, 'id') ?? id.slice(id.lastIndexOf('/') + 1);
}

export function isGroup(id: string, world: World): boolean {
  return world.resources
    .ofType(groupType)
    .some((group) => groupIdOf(group).toLowerCase() === id.toLowerCase());
}

/** Ids of the groups that an object is in, directly or through other groups, in the order of the scenario. */
export function groupsOf(
  id: string,
  { resources }: World,
  { securityEnabledOnly }: { readonly securityEnabledOnly: boolean },
): readonly string[] {
  const groups = resources.ofType(groupType);
  if (groups.length === 0) return [];
  const members = new Set([id.toLowerCase()]);
  const found = new Set<Resource>();
  for (let before = -1; before < found.size;) {
    before = found.size;
    for (const group of groups) {
      if (!membersOf(group).some((member) => members.has(member))) continue;
      found.add(group);
      members.add(groupIdOf(group).toLowerCase());
    }
  }
  return groups
    .filter((group) => found.has(group) && groupIdOf(group).toLowerCase() !== id.toLowerCase())
    .filter((group) => !securityEnabledOnly || isSecurityEnabled(group))
    .map(groupIdOf);
}

/** A principal and the security groups that it is in, lower-cased: whose role assignments count for it. */
export function withGroups(id: string, world: World): readonly string[] {
  return [id, ...groupsOf(id, world, { securityEnabledOnly: true })].map((one) =>
    one.toLowerCase(),
  );
}

function membersOf({ properties }: Resource): readonly string[] {
  const members = at(properties, 'members');
  if (!Array.isArray(members)) return [];
  return (members as readonly Json[])
    .filter((member) => typeof member === 'string')
    .map((member) => member.toLowerCase());
}

function isSecurityEnabled({ properties }: Resource): boolean {
  return at(properties, 'securityEnabled') !== false;
}
