import type { Resource } from '../resource-store';
import { seeded } from '../seed';
import { clusterBody } from './cluster-body';
import { deal } from './deal';
import type { FleetShape } from './fleet-shape';
import { nameClusters } from './names';
import { networkResources } from './network';
import { obstacles } from './obstacles';
import { identitiesOf } from './identities';
import { scaleSets } from './scale-sets';
import { subscriptionResources } from './subscriptions';

export interface FleetOptions {
  readonly shape: FleetShape;
  readonly seed: number;
  readonly tenantId: string;
}

/** All resources of a made-up fleet. The same shape and seed always give the same fleet. */
export function* makeFleet({ shape, seed, tenantId }: FleetOptions): Generator<Resource> {
  const random = seeded(seed);
  const hands = deal(shape, random);
  const clusters = nameClusters({ shape, seed: random, tenantId }, hands);
  yield* subscriptionResources(clusters, shape);
  yield* networkResources(clusters);
  for (const plan of clusters) {
    const identities = identitiesOf(plan);
    yield* identities.resources;
    yield clusterBody(plan, identities);
    yield* scaleSets(plan, identities);
    yield* obstacles(plan);
  }
}
