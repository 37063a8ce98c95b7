import { isObject } from '../../../simulator/json';
import type { Json, JsonObject } from '../../../simulator/json';
import type { Driven } from './running';

/** All resources of a world by lower-cased id, with what Azure does not say. */
export async function worldOf(driven: Driven): Promise<Readonly<Record<string, JsonObject>>> {
  const world = await driven.control('GET', 'world');
  if (!isObject(world)) throw new Error('The world is no object.');
  return world as Readonly<Record<string, JsonObject>>;
}

/** The clusters of a world for which a condition holds, in order of their ids. */
export async function clustersOf(
  driven: Driven,
  condition: (cluster: JsonObject) => boolean = () => true,
): Promise<readonly (JsonObject & { id: string })[]> {
  const world = await worldOf(driven);
  return Object.entries(world)
    .filter(([id]) => /\/managedclusters\/[^/]+$/.test(id))
    .map(([, cluster]) => cluster as JsonObject & { id: string })
    .filter(condition)
    .sort((one, other) => (one.id < other.id ? -1 : 1));
}

/** Subscription, resource group and name of an ARM id. */
export function parts(id: string): { subscription: string; group: string; name: string } {
  const segments = id.split('/');
  return { subscription: segments[2] ?? '', group: segments[4] ?? '', name: segments.at(-1) ?? '' };
}

/** ARM's error code of an answer, in either envelope. */
export function codeOf(body: Json): Json | undefined {
  if (!isObject(body)) return undefined;
  const error = body['error'];
  return isObject(error) ? error['code'] : body['code'];
}
