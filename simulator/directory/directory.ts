import { textAt } from '../json';
import type { JsonObject } from '../json';
import type { Resource } from '../resource-store';
import type { World } from '../world';
import { clusterEntry, clusterPrincipalIds, clusterType, isDeleted } from './cluster-principal';
import type { Entry } from './entry';
import { groupsOf, isGroup } from './groups';
import {
  identityType,
  systemAssignedEntry,
  systemAssignedIds,
  userAssignedEntry,
  userAssignedIds,
} from './managed-identity';
import { applicationType, registeredEntry, registeredIds } from './registered-application';

/** What an object is asked for by: its own id, or the client id of its application. */
export interface ObjectKey {
  readonly name: 'id' | 'appId';
  readonly value: string;
}

interface Source {
  readonly resource: Resource;
  readonly entryOf: (resource: Resource, world: World) => Entry;
}

interface Ids {
  readonly appId: string;
  readonly principalId?: string | undefined;
  readonly applicationId?: string | undefined;
}

/** Microsoft Entra ID as it follows from the world: nothing of it is stored, it only remembers where it found things. */
export class Directory {
  private readonly world: World;
  private known: ReadonlyMap<string, Source> = new Map();
  private version = -1;

  constructor(world: World) {
    this.world = world;
  }

  servicePrincipal({ name, value }: ObjectKey): JsonObject | undefined {
    return this.find(name === 'id' ? 'principal' : 'appId', value).principal;
  }

  application({ name, value }: ObjectKey): JsonObject | undefined {
    return this.find(name === 'id' ? 'application' : 'appId', value).application;
  }

  /** Ids of the groups that a service principal or a group is in; undefined when there is no such object. */
  memberGroups(key: ObjectKey, securityEnabledOnly: boolean): readonly string[] | undefined {
    const principalId = textAt(this.servicePrincipal(key), 'id');
    const id = principalId ?? (isGroup(key.value, this.world) ? key.value : undefined);
    return id === undefined ? undefined : groupsOf(id, this.world, { securityEnabledOnly });
  }

  private find(kind: string, value: string): Entry {
    const { version } = this.world.resources;
    if (version !== this.version) this.known = sourcesIn(this.world);
    this.version = version;
    const source = this.known.get(keyOf(kind, value));
    return source ? source.entryOf(source.resource, this.world) : {};
  }
}

function keyOf(kind: string, value: string): string {
  return `${kind} ${value.toLowerCase()}`;
}

/** Where each id leads. What the scenario says itself comes before what follows from its clusters. */
function sourcesIn(world: World): ReadonlyMap<string, Source> {
  const sources = new Map<string, Source>();
  const add = (source: Source, { appId, principalId, applicationId }: Ids): void => {
    if (sources.has(keyOf('appId', appId))) return;
    sources.set(keyOf('appId', appId), source);
    if (principalId !== undefined) sources.set(keyOf('principal', principalId), source);
    if (applicationId !== undefined) sources.set(keyOf('application', applicationId), source);
  };
  for (const resource of world.resources.ofType(applicationType)) {
    const { id: applicationId, ...ids } = registeredIds(resource, world);
    add({ resource, entryOf: registeredEntry }, { ...ids, applicationId });
  }
  for (const resource of world.resources.ofType(identityType)) {
    const ids = userAssignedIds(resource, world);
    if (ids) add({ resource, entryOf: userAssignedEntry }, ids);
  }
  addClusterPrincipals(add, world);
  for (const resource of world.resources.tracked()) {
    const ids = systemAssignedIds(resource, world);
    if (ids) add({ resource, entryOf: systemAssignedEntry }, ids);
  }
  return sources;
}

/** Clusters may share a service principal: the first one describes it, and each one may say that it is gone. */
function addClusterPrincipals(add: (source: Source, ids: Ids) => void, world: World): void {
  const all = world.resources.ofType(clusterType).flatMap((resource) => {
    const ids = clusterPrincipalIds(resource, world);
    return ids ? [{ resource, ids }] : [];
  });
  const gone = new Set(
    all.filter(({ resource }) => isDeleted(resource)).map(({ ids }) => ids.appId.toLowerCase()),
  );
  for (const { resource, ids } of all) {
    const { id: applicationId, appId, principalId } = ids;
    if (gone.has(appId.toLowerCase())) continue;
    add({ resource, entryOf: clusterEntry }, { appId, principalId, applicationId });
  }
}
