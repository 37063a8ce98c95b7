import { at, objectsAt, textAt, withAt } from '../../json';
import type { JsonObject } from '../../json';
import type { Resource } from '../../resource-store';
import { clustersIn } from './clusters-in';
import type { Mending } from './filling';

/** States that last: `Succeeded`, `Failed`, `Canceled`. No operation of an imported world will end the others. */
const lasting = ['Succeeded', 'Failed', 'Canceled'];

/** Gives clusters and pools the eTags that exports do not have, and ends what was under way. */
export function mendClusters({ resources, replace, seed }: Mending): void {
  for (const cluster of clustersIn(resources)) {
    const withTags = tagged(cluster, seed.guid('etag', cluster.id));
    const pools = objectsAt(withTags, 'properties', 'agentPoolProfiles').map((pool) =>
      settled(tagged(pool, seed.guid('etag', cluster.id, textAt(pool, 'name') ?? '')), []),
    );
    const whole =
      at(cluster, 'properties', 'agentPoolProfiles') === undefined
        ? withTags
        : withAt(withTags, ['properties', 'agentPoolProfiles'], pools);
    const ended = settled(whole, ['properties']);
    const wasBusy = JSON.stringify(statesOf(cluster)) !== JSON.stringify(statesOf(ended));
    replace(wasBusy ? 'operations' : '', ended);
  }
}

function tagged<T extends JsonObject>(value: T, eTag: string): T {
  return value['eTag'] === undefined ? { ...value, eTag } : value;
}

function settled<T extends JsonObject>(value: T, path: readonly string[]): T {
  const state = textAt(value, ...path, 'provisioningState');
  if (state === undefined || lasting.includes(state)) return value;
  return withAt(value, [...path, 'provisioningState'], 'Succeeded');
}

function statesOf(cluster: Resource): readonly unknown[] {
  const pools = objectsAt(cluster, 'properties', 'agentPoolProfiles');
  return [
    at(cluster, 'properties', 'provisioningState'),
    ...pools.map((pool) => pool['provisioningState']),
  ];
}
