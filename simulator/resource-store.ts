import { collectionOf, partsOf } from './arm-id';
import { textAt, withAt } from './json';
import type { JsonObject } from './json';

/**
 * A resource as its GET answers, unknown members included. The one extra member `$truth` is what Azure knows about it
 * but never says; it leaves the world only through the control surface.
 */
export interface Resource extends JsonObject {
  readonly id: string;
  readonly $truth?: JsonObject;
}

/** The part of a resource that callers may see. */
export function visible(resource: Resource): JsonObject {
  return resource.$truth === undefined
    ? resource
    : withAt<JsonObject>(resource, ['$truth'], undefined);
}

/** Called with every change; `undefined` for a deletion, and before a creation. */
export type ChangeListener = (
  key: string,
  resource: Resource | undefined,
  before: Resource | undefined,
) => void;

/**
 * Resources by id, compared without regard to case. Resources are values: a change is a `put` of a new object.
 * Every listing is answered from an index, in order of creation.
 */
export class ResourceStore {
  private readonly byId = new Map<string, Resource>();
  private readonly collections = new Map<string, Set<string>>();
  private readonly types = new Map<string, Set<string>>();
  private readonly principals = new Map<string, Set<string>>();
  private readonly changed: ChangeListener;
  private readonly trackedById = new Map<string, Resource>();
  private readonly listeners = new Set<(key: string) => void>();
  private changes = 0;

  constructor(changed: ChangeListener) {
    this.changed = changed;
  }

  /** Grows with every change: what was derived from the resources holds while it stays. */
  get version(): number {
    return this.changes;
  }

  get(id: string): Resource | undefined {
    return this.byId.get(id.toLowerCase());
  }

  put<T extends Resource>(resource: T): T {
    const before = this.get(resource.id);
    const key = this.restore(resource);
    this.changed(key, resource, before);
    for (const tell of this.listeners) tell(key);
    return resource;
  }

  /** Tells the lower-cased id of everything that changes from now on; the result ends it. */
  onChange(listener: (key: string) => void): () => void {
    this.listeners.add(listener);
    return () => {
      this.listeners.delete(listener);
    };
  }

  /** Like `put`, for what is on disk already. */
  restore(resource: Resource): string {
    this.changes += 1;
    const key = resource.id.toLowerCase();
    const before = this.byId.get(key);
    if (before === undefined) {
      add(this.collections, collectionOf(key), key);
      for (const type of typeKeys(key)) add(this.types, type, key);
    }
    this.indexPrincipal(key, before, resource);
    this.byId.set(key, resource);
    if (isTracked(resource)) this.trackedById.set(key, resource);
    return key;
  }

  delete(id: string): Resource | undefined {
    const key = id.toLowerCase();
    const before = this.byId.get(key);
    if (before === undefined) return undefined;
    this.changes += 1;
    this.byId.delete(key);
    this.trackedById.delete(key);
    this.collections.get(collectionOf(key))?.delete(key);
    for (const type of typeKeys(key)) this.types.get(type)?.delete(key);
    this.indexPrincipal(key, before, undefined);
    this.changed(key, undefined, before);
    for (const tell of this.listeners) tell(key);
    return before;
  }

  /** Resources directly in a collection, such as `/…/managedClusters`. */
  in(collection: string): readonly Resource[] {
    return this.resolve(this.collections.get(collection.toLowerCase()));
  }

  /** Resources of a type in one subscription, or in all. */
  ofType(type: string, subscriptionId?: string): readonly Resource[] {
    const key = subscriptionId === undefined ? type : `${subscriptionId} ${type}`;
    return this.resolve(this.types.get(key.toLowerCase()));
  }

  /** How many resources of a type a subscription has. */
  count(type: string, subscriptionId: string): number {
    return this.types.get(`${subscriptionId} ${type}`.toLowerCase())?.size ?? 0;
  }

  /** Identities with this principal, and the role assignments it holds. */
  ofPrincipal(principalId: string): readonly Resource[] {
    return this.resolve(this.principals.get(principalId.toLowerCase()));
  }

  all(): IterableIterator<Resource> {
    return this.byId.values();
  }

  /** Top-level resources with a location of their own: what Resource Graph calls resources. */
  tracked(): IterableIterator<Resource> {
    return this.trackedById.values();
  }

  /** Resources below an id, at any depth. Reads the whole store: not for requests that come often. */
  below(id: string): readonly Resource[] {
    const prefix = `${id.toLowerCase()}/`;
    return [...this.byId].filter(([key]) => key.startsWith(prefix)).map(([, found]) => found);
  }

  private resolve(keys: ReadonlySet<string> | undefined): readonly Resource[] {
    return [...(keys ?? [])].flatMap((key) => this.byId.get(key) ?? []);
  }

  private indexPrincipal(key: string, before?: Resource, after?: Resource): void {
    const from = principalOf(before);
    const to = principalOf(after);
    if (from === to) return;
    if (from !== undefined) this.principals.get(from)?.delete(key);
    if (to !== undefined) add(this.principals, to, key);
  }
}

/** Whether it is a top-level resource with a location of its own. */
export function isTracked(resource: Resource): boolean {
  const { id } = resource;
  return (
    resource['location'] !== undefined && /^\/[^/]+\/[^/]+\/[^/]+\/[^/]+\/providers\//i.test(id)
  );
}

function typeKeys(key: string): readonly string[] {
  const { type, subscriptionId } = partsOf(key);
  const lower = type.toLowerCase();
  return subscriptionId === undefined ? [lower] : [lower, `${subscriptionId} ${lower}`];
}

function principalOf(resource: Resource | undefined): string | undefined {
  const found =
    textAt(resource, 'properties', 'principalId') ?? textAt(resource, 'identity', 'principalId');
  return found?.toLowerCase();
}

function add(index: Map<string, Set<string>>, name: string, key: string): void {
  const keys = index.get(name) ?? new Set();
  keys.add(key);
  index.set(name, keys);
}
