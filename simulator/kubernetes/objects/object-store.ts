import type { Journal } from '../../journal';
import { textAt, withAt } from '../../json';
import type { JsonObject } from '../../json';
import type { KubeObject } from '../kube-object';

/** Where an object stands. */
export interface ObjectAddress {
  /** ARM id of the cluster. */
  readonly cluster: string;
  /** Plural name with the group, such as `pods` or `deployments.apps`. */
  readonly resource: string;
  /** The empty text for what belongs to no namespace. */
  readonly namespace: string;
  readonly name: string;
}

export interface ObjectChange {
  readonly address: ObjectAddress;
  readonly before: KubeObject | undefined;
  /** Absent: it was deleted. */
  readonly after: KubeObject | undefined;
}

/** One entry of what a cluster remembers of its changes. */
export interface LoggedChange extends ObjectChange {
  readonly version: number;
}

const remembered = 5000;

interface Stored extends JsonObject {
  readonly cluster: string;
  readonly resource: string;
  readonly object: KubeObject;
}

/**
 * The Kubernetes objects of all clusters, and what etcd is to them: it numbers every change of a cluster. Objects are
 * values: a change is a `put` of a new object. What an object may look like, who may change it and what follows from a
 * change is the business of others.
 */
export class ObjectStore {
  private readonly objects = new Map<string, Map<string, KubeObject>>();
  private readonly versions = new Map<string, number>();
  private readonly listeners = new Set<(change: ObjectChange) => void>();
  private readonly sorted = new Map<string, readonly KubeObject[]>();
  private readonly logs = new Map<string, LoggedChange[]>();
  /** By cluster: changes up to this version are not in its log. */
  private readonly oldest = new Map<string, number>();
  private readonly reads = new Map<string, number>();
  private readonly journal: Journal;

  constructor(journal: Journal) {
    this.journal = journal;
  }

  get(address: ObjectAddress): KubeObject | undefined {
    return this.objects.get(shelf(address))?.get(place(address));
  }

  /** Objects of one resource, by namespace and name; of one namespace when that is given. */
  list({
    namespace,
    ...of
  }: Pick<ObjectAddress, 'cluster' | 'resource'> & {
    readonly namespace?: string | undefined;
  }): readonly KubeObject[] {
    const key = shelf(of);
    const all = this.sorted.get(key) ?? inOrder(this.objects.get(key));
    this.sorted.set(key, all);
    if (namespace === undefined) return all;
    return all.filter((object) => (textAt(object, 'metadata', 'namespace') ?? '') === namespace);
  }

  /** Whether a cluster holds any object of a resource. */
  any(cluster: string, resource: string): boolean {
    return (this.objects.get(shelf({ cluster, resource }))?.size ?? 0) > 0;
  }

  /** Every object of a cluster with the name of its resource. */
  *of(cluster: string): Generator<readonly [resource: string, object: KubeObject]> {
    const prefix = `${cluster.toLowerCase()} `;
    for (const [key, objects] of this.objects) {
      if (!key.startsWith(prefix)) continue;
      for (const object of objects.values()) yield [key.slice(prefix.length), object];
    }
  }

  /** Changes of a cluster after a version, the oldest first; undefined when they are no longer remembered. */
  since(cluster: string, version: number): readonly LoggedChange[] | undefined {
    const key = cluster.toLowerCase();
    if (version < (this.oldest.get(key) ?? 1000) || version > this.version(cluster)) {
      return undefined;
    }
    return (this.logs.get(key) ?? []).filter((change) => change.version > version);
  }

  /** Counts that objects of a resource were sent to somebody. */
  noteRead(cluster: string, resource: string): void {
    const key = shelf({ cluster, resource });
    this.reads.set(key, (this.reads.get(key) ?? 0) + 1);
  }

  /** How often objects of a resource were sent, since this process began. */
  readsOf(cluster: string, resource: string): number {
    return this.reads.get(shelf({ cluster, resource })) ?? 0;
  }

  /** The version of a cluster's last change. */
  version(cluster: string): number {
    return this.versions.get(cluster.toLowerCase()) ?? 1000;
  }

  /** Clusters that hold objects, by lower-cased id. */
  clusters(): readonly string[] {
    return [...this.versions.keys()];
  }

  /** Whether the cluster holds any object. */
  has(cluster: string): boolean {
    return this.versions.has(cluster.toLowerCase());
  }

  /** @returns the object as it is kept: with the resource version of this change. */
  put(
    { cluster, resource }: Pick<ObjectAddress, 'cluster' | 'resource'>,
    object: KubeObject,
  ): KubeObject {
    const version = this.version(cluster) + 1;
    const kept = withAt(object, ['metadata', 'resourceVersion'], String(version));
    const address = addressOf({ cluster, resource }, kept);
    const before = this.get(address);
    this.keep(address, kept);
    this.tell({ address, before, after: kept, version });
    return kept;
  }

  /** Takes an object as it is, its resource version included where it is a number; nobody is told. */
  load(
    { cluster, resource }: Pick<ObjectAddress, 'cluster' | 'resource'>,
    object: KubeObject,
  ): void {
    const given = textAt(object, 'metadata', 'resourceVersion') ?? '';
    const version = /^\d{1,15}$/.test(given) ? given : String(this.version(cluster) + 1);
    const kept = withAt(object, ['metadata', 'resourceVersion'], version);
    this.keep(addressOf({ cluster, resource }, kept), kept);
    this.logs.delete(cluster.toLowerCase());
    this.oldest.set(cluster.toLowerCase(), this.version(cluster));
  }

  delete(address: ObjectAddress): KubeObject | undefined {
    const before = this.get(address);
    if (before === undefined) return undefined;
    const version = this.version(address.cluster) + 1;
    this.versions.set(address.cluster.toLowerCase(), version);
    this.objects.get(shelf(address))?.delete(place(address));
    this.sorted.delete(shelf(address));
    this.journal.put('object', keyOf(address), undefined);
    this.journal.put('meta', versionKey(address.cluster), { version });
    this.tell({ address, before, after: undefined, version });
    return before;
  }

  /** Takes an object away without a trace; nobody is told. */
  forget(address: ObjectAddress): void {
    this.objects.get(shelf(address))?.delete(place(address));
    this.sorted.delete(shelf(address));
    this.journal.put('object', keyOf(address), undefined);
  }

  /** Tells every change from now on; the result ends it. */
  onChange(listener: (change: ObjectChange) => void): () => void {
    this.listeners.add(listener);
    return () => {
      this.listeners.delete(listener);
    };
  }

  /** Takes up what an earlier process left; nobody is told. */
  restore(): void {
    for (const [, stored] of this.journal.load('object')) this.take(stored as Stored);
    for (const [key, { version }] of this.journal.load('meta')) {
      const cluster = clusterOf(key);
      if (cluster === undefined) continue;
      this.versions.set(cluster, Math.max(this.version(cluster), Number(version)));
    }
    for (const [cluster, version] of this.versions) this.oldest.set(cluster, version);
  }

  /** Forgets everything, or everything of one cluster; nobody is told. */
  clear(cluster?: string): void {
    const prefix = cluster === undefined ? '' : `${cluster.toLowerCase()} `;
    for (const [key, objects] of [...this.objects]) {
      if (!key.startsWith(prefix)) continue;
      for (const name of objects.keys()) this.journal.put('object', `${key} ${name}`, undefined);
      this.objects.delete(key);
      this.sorted.delete(key);
    }
    const clusters = cluster === undefined ? [...this.versions.keys()] : [cluster.toLowerCase()];
    for (const one of clusters) {
      this.versions.delete(one);
      this.logs.delete(one);
      this.oldest.delete(one);
      this.journal.put('meta', versionKey(one), undefined);
    }
    if (cluster === undefined) this.reads.clear();
  }

  private keep(address: ObjectAddress, object: KubeObject): void {
    const { cluster, resource } = address;
    this.take({ cluster, resource, object });
    this.journal.put('object', keyOf(address), { cluster, resource, object });
  }

  private take({ cluster, resource, object }: Stored): void {
    const address = addressOf({ cluster, resource }, object);
    const objects = this.objects.get(shelf(address)) ?? new Map<string, KubeObject>();
    objects.set(place(address), object);
    this.objects.set(shelf(address), objects);
    this.sorted.delete(shelf(address));
    const version = Number(textAt(object, 'metadata', 'resourceVersion') ?? 0);
    this.versions.set(cluster.toLowerCase(), Math.max(this.version(cluster), version));
  }

  private tell(change: LoggedChange): void {
    const key = change.address.cluster.toLowerCase();
    const log = this.logs.get(key) ?? [];
    this.logs.set(key, log);
    log.push(change);
    if (log.length > remembered) this.oldest.set(key, log.shift()?.version ?? 0);
    for (const listener of this.listeners) listener(change);
  }
}

function inOrder(objects: ReadonlyMap<string, KubeObject> | undefined): readonly KubeObject[] {
  return [...(objects ?? [])]
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([, object]) => object);
}

const versionPrefix = 'objects of ';

function versionKey(cluster: string): string {
  return `${versionPrefix}${cluster.toLowerCase()}`;
}

function clusterOf(metaKey: string): string | undefined {
  return metaKey.startsWith(versionPrefix) ? metaKey.slice(versionPrefix.length) : undefined;
}

function addressOf(
  { cluster, resource }: Pick<ObjectAddress, 'cluster' | 'resource'>,
  { metadata }: KubeObject,
): ObjectAddress {
  const namespace = textAt(metadata, 'namespace') ?? '';
  return { cluster, resource, namespace, name: textAt(metadata, 'name') ?? '' };
}

function shelf({ cluster, resource }: Pick<ObjectAddress, 'cluster' | 'resource'>): string {
  return `${cluster.toLowerCase()} ${resource}`;
}

function place({ namespace, name }: Pick<ObjectAddress, 'namespace' | 'name'>): string {
  return `${namespace}/${name}`;
}

function keyOf(address: ObjectAddress): string {
  return `${shelf(address)} ${place(address)}`;
}
