import type { Seed } from '../seed';
import type { FleetShape } from './fleet-shape';

export type Trait =
  | 'clean'
  | 'halfMigrated'
  | 'ownSubnet'
  | 'ownRouteTable'
  | 'deadPodIdentity'
  | 'livePodIdentity'
  | 'stopped'
  | 'locked'
  | 'denied'
  | 'overQuota'
  | 'localAccounts';

/** The traits of each cluster, by its number. */
export type Deal = readonly ReadonlySet<Trait>[];

/** Deals out the shares: always the same clusters for a seed, and as exact a number as whole clusters allow. */
export function deal(shape: FleetShape, seed: Seed): Deal {
  const hands = Array.from({ length: shape.clusters }, () => new Set<Trait>());
  const give = (trait: Trait, share: number, eligible: (hand: Set<Trait>) => boolean): void => {
    const ranked = hands
      .map((hand, number) => ({ hand, rank: seed.fraction('deal', trait, number) }))
      .filter(({ hand }) => eligible(hand))
      .sort((one, other) => one.rank - other.rank);
    for (const { hand } of ranked.slice(0, Math.round(share * hands.length))) hand.add(trait);
  };
  const all = (): boolean => true;
  const dirty = (hand: Set<Trait>): boolean => !hand.has('clean');
  const unhindered = (hand: Set<Trait>): boolean =>
    dirty(hand) &&
    !['stopped', 'locked', 'denied', 'overQuota'].some((one) => hand.has(one as Trait));

  give('clean', shape.clean, all);
  give('halfMigrated', shape.halfMigrated, dirty);
  give('ownSubnet', shape.ownSubnet, all);
  give('ownRouteTable', shape.ownRouteTable * shape.ownSubnet, (hand) => hand.has('ownSubnet'));
  give('deadPodIdentity', shape.deadPodIdentity, dirty);
  give('livePodIdentity', shape.livePodIdentity, (hand) => hand.has('clean'));
  for (const trait of ['stopped', 'locked', 'denied', 'overQuota'] as const) {
    give(trait, shape[trait], unhindered);
  }
  give('localAccounts', shape.localAccounts, all);
  return hands;
}
