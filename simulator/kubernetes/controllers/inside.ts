import { canonical, textAt, withAt } from '../../json';
import type { JsonObject } from '../../json';
import type { Cluster } from '../../providers/container-service/cluster';
import type { World } from '../../world';
import { nodeObject } from '../nodes/node-object';
import { nodesOf } from '../nodes/nodes-of';
import type { NodeState } from '../nodes/nodes-of';
import type { KubeObject } from '../resource-table';
import { controllerOf, createdAt, nameOf, namespaceOf, resourceOf, stamp, uidOf } from './objects';
import type { Kind } from './objects';

export interface LiveNode {
  readonly state: NodeState;
  readonly object: JsonObject;
}

interface Cached {
  readonly version: number;
  readonly objects: readonly KubeObject[];
  readonly owned: ReadonlyMap<string, readonly KubeObject[]>;
}

/**
 * One cluster from inside, for the time of one reconciliation: what its controllers read and write. It remembers when the
 * next thing is due.
 */
export class Inside {
  readonly cluster: Cluster;
  readonly world: World;
  readonly now: number;
  readonly settling: boolean;
  private dueAt = Number.POSITIVE_INFINITY;
  private readonly cache = new Map<Kind, Cached>();
  private knownNodes: readonly LiveNode[] | undefined;

  /** @param settling what is missing has been there for long, so nothing starts slowly and nobody speaks of it. */
  constructor(cluster: Cluster, world: World, settling = false) {
    this.cluster = cluster;
    this.world = world;
    this.settling = settling;
    this.now = world.clock.now();
  }

  /** When something is due by itself; infinite when nothing is. */
  get due(): number {
    return this.dueAt;
  }

  get version(): number {
    return this.world.objects.version(this.cluster.id);
  }

  get nodes(): readonly LiveNode[] {
    this.knownNodes ??= nodesOf(this.cluster, this.world).map((state) => ({
      state,
      object: nodeObject(state, this.cluster, this.world),
    }));
    return this.knownNodes;
  }

  list(kind: Kind): readonly KubeObject[] {
    return this.read(kind).objects;
  }

  get(kind: Kind, namespace: string, name: string): KubeObject | undefined {
    const resource = resourceOf[kind];
    return this.world.objects.get({ cluster: this.cluster.id, resource, namespace, name });
  }

  /** Objects of a kind that this owner controls. */
  owned(kind: Kind, owner: KubeObject): readonly KubeObject[] {
    return this.read(kind).owned.get(uidOf(owner)) ?? [];
  }

  /** Keeps an object, unless it is as it was. */
  put(kind: Kind, object: KubeObject): KubeObject {
    const before = this.get(kind, namespaceOf(object), nameOf(object));
    if (before !== undefined && sameBut(before, object)) return before;
    return this.world.objects.put({ cluster: this.cluster.id, resource: resourceOf[kind] }, object);
  }

  /** Keeps a new object with an identity of its own. */
  create(kind: Kind, object: KubeObject): KubeObject {
    const { metadata } = object;
    return this.put(kind, {
      ...object,
      metadata: {
        ...metadata,
        uid: this.guid(kind, namespaceOf(object), nameOf(object)),
        creationTimestamp: stamp(this.now),
        generation: 1,
      },
    });
  }

  /** Takes an object away at once, whatever it says. */
  remove(kind: Kind, object: KubeObject): void {
    const address = { namespace: namespaceOf(object), name: nameOf(object) };
    this.world.objects.delete({ cluster: this.cluster.id, resource: resourceOf[kind], ...address });
  }

  /** Deletes an object as a client does: pods in their grace period, and nothing before its finalizers are gone. */
  delete(kind: Kind, object: KubeObject): void {
    const finalizers = object.metadata['finalizers'];
    const held = Array.isArray(finalizers) && finalizers.length > 0;
    if (kind !== 'Pod' && !held) {
      this.remove(kind, object);
      return;
    }
    if (textAt(object.metadata, 'deletionTimestamp') !== undefined) return;
    const spec = object['spec'];
    const grace = kind === 'Pod' ? graceIn(spec) : 0;
    this.put(kind, {
      ...object,
      metadata: {
        ...object.metadata,
        deletionTimestamp: stamp(this.now + grace * 1000),
        deletionGracePeriodSeconds: grace,
      },
    });
  }

  /** Lets the cluster be reconciled at this time at the latest. */
  wakeAt(time: number): void {
    if (time > this.now) this.dueAt = Math.min(this.dueAt, time);
  }

  guid(...names: readonly (string | number)[]): string {
    return this.world.seed.guid('object', this.cluster.id.toLowerCase(), this.version, ...names);
  }

  /** Seconds between two bounds that follow from the uid of an object. */
  secondsOf(object: KubeObject, { least, most }: { least: number; most: number }): number {
    return Math.round(least + this.world.seed.fraction('seconds', uidOf(object)) * (most - least));
  }

  private read(kind: Kind): Cached {
    const { version } = this;
    const known = this.cache.get(kind);
    if (known?.version === version) return known;
    const objects = this.world.objects.list({
      cluster: this.cluster.id,
      resource: resourceOf[kind],
    });
    const owned = new Map<string, KubeObject[]>();
    for (const object of objects) {
      const owner = textAt(controllerOf(object), 'uid');
      if (owner === undefined) continue;
      const siblings = owned.get(owner) ?? [];
      siblings.push(object);
      owned.set(owner, siblings);
    }
    const read = { version, objects, owned };
    this.cache.set(kind, read);
    return read;
  }
}

/** Oldest first; objects of one second by name. */
export function byAge(one: KubeObject, other: KubeObject): number {
  const age = createdAt(one) - createdAt(other);
  if (age !== 0) return age;
  return nameOf(one) < nameOf(other) ? -1 : 1;
}

function graceIn(spec: JsonObject[string]): number {
  const seconds = (spec as JsonObject | undefined)?.['terminationGracePeriodSeconds'];
  return typeof seconds === 'number' && seconds > 0 ? seconds : 30;
}

function sameBut(before: KubeObject, after: KubeObject): boolean {
  const plain = (object: KubeObject): string =>
    canonical(withAt(object, ['metadata', 'resourceVersion'], undefined));
  return before === after || plain(before) === plain(after);
}
