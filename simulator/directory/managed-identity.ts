import { at, textAt } from '../json';
import type { JsonObject } from '../json';
import type { Resource } from '../resource-store';
import type { Seed } from '../seed';
import type { World } from '../world';
import { servicePrincipal } from './entry';
import type { Entry } from './entry';

export const identityType = 'Microsoft.ManagedIdentity/userAssignedIdentities';

export interface IdentityIds {
  readonly principalId: string;
  readonly appId: string;
}

/** The ids of a user-assigned identity; undefined for a resource that is none. */
export function userAssignedIds(
  { properties }: Resource,
  { seed }: World,
): IdentityIds | undefined {
  const principalId = textAt(properties, 'principalId');
  if (principalId === undefined) return undefined;
  return { principalId, appId: textAt(properties, 'clientId') ?? clientOf(principalId, seed) };
}

/** The ids of a resource's own identity, whose client id no resource tells; undefined where it has none. */
export function systemAssignedIds(
  { identity }: Resource,
  { seed }: World,
): IdentityIds | undefined {
  const principalId = textAt(identity, 'principalId');
  return principalId === undefined
    ? undefined
    : { principalId, appId: clientOf(principalId, seed) };
}

/** The service principal of a user-assigned identity; nothing until the directory knows it. */
export function userAssignedEntry(identity: Resource, world: World): Entry {
  const createdAt = at(identity.$truth, 'createdAt');
  const since = typeof createdAt === 'number' ? createdAt : undefined;
  const ids = userAssignedIds(identity, world);
  return ids && isReplicated(since, world)
    ? { principal: ofResource(identity, { ...ids, isExplicit: true }) }
    : {};
}

/** The service principal of a resource's own identity; it comes and goes with what the resource says. */
export function systemAssignedEntry(owner: Resource, world: World): Entry {
  const ids = systemAssignedIds(owner, world);
  return ids && isReplicated(givenAt(owner, world), world)
    ? { principal: ofResource(owner, { ...ids, isExplicit: false }) }
    : {};
}

function clientOf(principalId: string, seed: Seed): string {
  return seed.guid('client of', principalId);
}

function ofResource(
  { id, name }: Resource,
  { principalId, appId, isExplicit }: IdentityIds & { readonly isExplicit: boolean },
): JsonObject {
  return servicePrincipal({
    id: principalId,
    appId,
    displayName: typeof name === 'string' ? name : id.slice(id.lastIndexOf('/') + 1),
    servicePrincipalType: 'ManagedIdentity',
    appOwnerOrganizationId: null,
    alternativeNames: [`isExplicit=${isExplicit ? 'True' : 'False'}`, id],
  });
}

/** When the resource got the identity that it has; undefined for one that it always had. */
function givenAt({ id, identity }: Resource, { history }: World): number | undefined {
  const principalId = textAt(identity, 'principalId');
  const key = id.toLowerCase();
  return history.all.findLast(
    (change) =>
      change.id.toLowerCase() === key &&
      textAt(change.after, 'identity', 'principalId') === principalId &&
      textAt(change.before, 'identity', 'principalId') !== principalId,
  )?.time;
}

/** What is made a moment ago is not in every replica of the directory yet. */
function isReplicated(since: number | undefined, { clock, behaviour }: World): boolean {
  return since === undefined || since + behaviour.directoryMinutes * 60_000 <= clock.now();
}
