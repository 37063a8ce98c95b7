import type { Journal } from '../../journal';
import { textAt, withAt } from '../../json';
import type { JsonObject } from '../../json';
import type { KubeObject } from '../resource-table';

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
    const found = [...(this.objects.get(shelf(of)) ?? [])];
    return found
      .filter(([key]) => namespace === undefined || key.startsWith(`${namespace}/`))
      .sort(([one], [other]) => (one < other ? -1 : 1))
      .map(([, object]) => object);
  }

  /** The version of a cluster's last change. */
  version(cluster: string): number {
    return this.versions.get(cluster.toLowerCase()) ?? 1000;
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
    this.take({ cluster, resource, object: kept });
    this.journal.put('object', keyOf(address), { cluster, resource, object: kept });
    this.tell({ address, before, after: kept });
    return kept;
  }

  delete(address: ObjectAddress): KubeObject | undefined {
    const before = this.get(address);
    if (before === undefined) return undefined;
    this.versions.set(address.cluster.toLowerCase(), this.version(address.cluster) + 1);
    this.objects.get(shelf(address))?.delete(place(address));
    this.journal.put('object', keyOf(address), undefined);
    this.tell({ address, before, after: undefined });
    return before;
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
  }

  /** Forgets everything, or everything of one cluster; nobody is told. */
  clear(cluster?: string): void {
    const prefix = cluster === undefined ? '' : `${cluster.toLowerCase()} `;
    for (const [key, objects] of [...this.objects]) {
      if (!key.startsWith(prefix)) continue;
      for (const name of objects.keys()) this.journal.put('object', `${key} ${name}`, undefined);
      this.objects.delete(key);
    }
    if (cluster === undefined) this.versions.clear();
    else this.versions.delete(cluster.toLowerCase());
  }

  private take({ cluster, resource, object }: Stored): void {
    const address = addressOf({ cluster, resource }, object);
    const objects = this.objects.get(shelf(address)) ?? new Map<string, KubeObject>();
    objects.set(place(address), object);
    this.objects.set(shelf(address), objects);
    const version = Number(textAt(object, 'metadata', 'resourceVersion') ?? 0);
    this.versions.set(cluster.toLowerCase(), Math.max(this.version(cluster), version));
  }

  private tell(change: ObjectChange): void {
    for (const listener of this.listeners) listener(change);
  }
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
