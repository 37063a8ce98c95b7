import { objectsAt } from '../../json';
import type { JsonObject } from '../../json';
import type { World } from '../../world';
import { writtenLines } from '../tokens/pod-lines';
import type { ObjectAddress } from './object-store';

/** A pod of a cluster. */
export interface PodPlace {
  readonly cluster: string;
  readonly namespace: string;
  readonly name: string;
}

export interface LogLine extends JsonObject {
  /** Epoch milliseconds at which it was written. */
  readonly time: number;
  readonly text: string;
  /** Absent: of any container. */
  readonly container?: string;
}

const mostLines = 10_000; // older ones are lost, as a rotated file is

/** Lines that a pod has written, the oldest first. */
export function logOf(pod: PodPlace, world: World): readonly LogLine[] {
  const lines = [...keptLog(pod, world), ...writtenLines(pod, world)];
  return lines.sort((one, other) => one.time - other.time);
}

function keptLog(pod: PodPlace, { objects }: World): readonly LogLine[] {
  return objectsAt(objects.get(addressOf(pod)), 'lines') as readonly LogLine[];
}

/** Adds to what a pod has written. */
export function appendLog(pod: PodPlace, lines: readonly LogLine[], world: World): void {
  const { cluster, resource, namespace, name } = addressOf(pod);
  const all = [...keptLog(pod, world), ...lines].slice(-mostLines);
  world.objects.load({ cluster, resource }, { metadata: { namespace, name }, lines: all });
}

/** Forgets what a pod has written: it is gone with the pod. */
export function dropLog(pod: PodPlace, { objects }: World): void {
  objects.forget(addressOf(pod));
}

function addressOf({ cluster, namespace, name }: PodPlace): ObjectAddress {
  return { cluster, resource: '$logs', namespace, name };
}
