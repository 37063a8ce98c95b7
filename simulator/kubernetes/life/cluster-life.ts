import { at, textAt } from '../../json';
import type { JsonObject } from '../../json';
import { isStopped } from '../../providers/container-service/cluster';
import type { Effect, World } from '../../world';
import { Inside } from '../controllers/inside';
import type { ObjectChange } from '../objects/object-store';
import { dropLog } from '../objects/pod-logs';
import { noteEndOfNmi } from '../pod-identity/redirect';
import { noteReadyPods, WorkloadProbe } from '../tokens/probe-workloads';
import { reconcile } from './reconcile';

const minuteMs = 60_000;

/**
 * What happens by itself inside of clusters. Each change of a cluster's objects, or of the cluster, lets its controllers
 * run once, a moment later; what they wait for lets them run again at its time. Nothing is polled, and clusters without
 * objects never run. All state is in the objects and on the agenda.
 */
export class ClusterLife {
  readonly effects: Readonly<Record<string, Effect>> = {
    reconcileCluster: (details, world) => {
      this.run(details, world);
    },
    probeWorkloads: (details, world) => {
      this.probeAll(details, world);
    },
  };
  /** When clusters are to run, as far as this process put it on the agenda. */
  private readonly planned = new Map<string, Set<number>>();
  private running: string | undefined;
  private readonly probe = new WorkloadProbe();
  private probedAt = 0;

  /** Follows the changes of a world from now on. */
  attach(world: World): void {
    world.objects.onChange((change) => {
      this.onObject(change, world);
    });
    world.resources.onChange((key) => {
      if (world.objects.has(key) && key !== this.running) this.wake(key, world);
    });
  }

  /** The world is another one now. */
  forget(): void {
    this.planned.clear();
    this.probe.forget();
    this.probedAt = 0;
  }

  /** Begins to probe where that is wanted. */
  behave(world: World): void {
    if (!world.behaviour.kubernetes.probe) return;
    const next = Math.floor(world.clock.now() / minuteMs) * minuteMs + minuteMs;
    world.later(next, 'probeWorkloads', { at: next });
  }

  private probeAll(details: JsonObject, world: World): void {
    const time = Number(details['at']);
    // However often it was asked to begin: one probe a minute.
    if (time <= this.probedAt || !world.behaviour.kubernetes.probe) return;
    this.probedAt = time;
    this.probe.run(world);
    world.later(time + minuteMs, 'probeWorkloads', { at: time + minuteMs });
  }

  private onObject(change: ObjectChange, world: World): void {
    const cluster = change.address.cluster.toLowerCase();
    if (change.address.resource === 'events') return;
    noteEndOfNmi(change, world, { byItself: cluster === this.running });
    if (change.address.resource === 'pods' && change.after === undefined) {
      world.tokenLog.drop(change.address);
      dropLog(change.address, world);
    }
    if (cluster !== this.running) this.wake(cluster, world);
  }

  private wake(cluster: string, world: World): void {
    const now = world.clock.now();
    this.plan(cluster, Math.floor(now / 1000) * 1000 + 1000, world);
  }

  private plan(cluster: string, time: number, world: World): void {
    const planned = this.planned.get(cluster) ?? new Set();
    if ([...planned].some((one) => one <= time)) return;
    this.planned.set(cluster, planned.add(time));
    world.later(time, 'reconcileCluster', { cluster, time });
  }

  private run(details: JsonObject, world: World): void {
    const key = textAt(details, 'cluster') ?? '';
    const time = at(details, 'time');
    if (typeof time === 'number') this.planned.get(key)?.delete(time);
    const cluster = world.resources.get(key);
    if (cluster === undefined) {
      world.objects.clear(key);
      return;
    }
    if (isStopped(cluster)) return;
    const inside = new Inside(cluster, world, details['settling'] === true);
    this.running = key;
    try {
      reconcile(inside);
      if (world.behaviour.kubernetes.probe) noteReadyPods(cluster, world);
    } finally {
      this.running = undefined;
    }
    if (Number.isFinite(inside.due)) this.plan(key, inside.due, world);
  }
}
