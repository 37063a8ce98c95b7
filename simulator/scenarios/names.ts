import type { Seed } from '../seed';
import type { Deal, Trait } from './deal';
import type { FleetShape } from './fleet-shape';

/** Everything the parts of one made-up cluster have in common. */
export interface ClusterPlan {
  readonly number: number;
  readonly name: string;
  readonly team: string;
  readonly region: Region;
  readonly subscription: Subscription;
  readonly group: string;
  readonly id: string;
  readonly nodeGroup: string;
  readonly traits: ReadonlySet<Trait>;
  readonly pools: readonly PoolPlan[];
  readonly tenantId: string;
  readonly seed: Seed;
}

export interface Region {
  readonly name: string;
  readonly short: string;
}

export interface Subscription {
  readonly id: string;
  readonly name: string;
}

export interface PoolPlan {
  readonly name: string;
  readonly mode: 'System' | 'User';
  readonly count: number;
  readonly image: string;
  readonly scaleSet: string;
}

const regions: readonly Region[] = [
  { name: 'westeurope', short: 'weu' },
  { name: 'northeurope', short: 'neu' },
  { name: 'swedencentral', short: 'sdc' },
  { name: 'eastus2', short: 'eus2' },
];
/** Where clusters that run out of cores live, so that no other cluster does. */
const fullRegion: Region = { name: 'norwayeast', short: 'noe' };
const teams =
  'orders billing catalog search payments shipping web reports inventory crm media risk'.split(' ');
const estates = ['commerce', 'logistics', 'platform', 'finance', 'data', 'support', 'labs'];
const family = 'AKSUbuntu-2204gen2containerd';
const newest = '202611.11.0';
const older = ['202608.05.1', '202609.23.0', '202610.14.0'];

/** Names and places of all clusters. Names are unique and count up within team and region. */
export function nameClusters(
  { shape, seed, tenantId }: { shape: FleetShape; seed: Seed; tenantId: string },
  hands: Deal,
): readonly ClusterPlan[] {
  const used = new Map<string, number>();
  const subscriptions = Array.from({ length: shape.subscriptions }, (_, index) =>
    subscriptionNumber(index, seed),
  );
  return hands.map((traits, number) => {
    const team = pick(teams, seed, 'team', number);
    const region = traits.has('overQuota') ? fullRegion : pick(regions, seed, 'region', number);
    const place = `${team}-${region.short}`;
    const count = (used.get(place) ?? 0) + 1;
    used.set(place, count);
    const name = `aks-${place}-${String(count).padStart(2, '0')}`;
    const subscription = pick(subscriptions, seed, 'subscription', number);
    const group = traits.has('denied') ? `rg-${name.slice(4)}-restricted` : `rg-${place}`;
    const groupId = `/subscriptions/${subscription.id}/resourceGroups/${group}`;
    const id = `${groupId}/providers/Microsoft.ContainerService/managedClusters/${name}`;
    const nodeGroup = `MC_${group}_${name}_${region.name}`;
    const pools = makePools({ name, traits, seed });
    const common = { number, name, team, region, subscription, group, id };
    return { ...common, nodeGroup, traits, pools, tenantId, seed };
  });
}

function subscriptionNumber(index: number, seed: Seed): Subscription {
  const estate = estates[index % estates.length] ?? '';
  const round = Math.floor(index / estates.length);
  const name = `sub-${estate}-${round === 0 ? 'prod' : `prod-${round + 1}`}`;
  return { id: seed.guid('subscription', index), name };
}

function makePools({
  name,
  traits,
  seed,
}: Pick<ClusterPlan, 'name' | 'traits' | 'seed'>): readonly PoolPlan[] {
  const number = seed.guid('scale sets', name).replace(/\D/g, '').padEnd(8, '4').slice(0, 8);
  const names = ['system', 'apps', 'batch'].slice(0, seed.between(1, 3, 'pools', name));
  return names.map((pool) => ({
    name: pool,
    mode: pool === 'system' ? 'System' : 'User',
    count: pool === 'system' ? 3 : seed.between(2, 8, 'nodes', name, pool),
    image: `${family}-${traits.has('clean') ? newest : pick(older, seed, 'image', name, pool)}`,
    scaleSet: `aks-${pool}-${number}-vmss`,
  }));
}

function pick<T>(choices: readonly T[], seed: Seed, ...names: readonly (string | number)[]): T {
  const chosen = choices[seed.between(0, choices.length - 1, ...names)];
  if (chosen === undefined) throw new Error('There is nothing to choose from.');
  return chosen;
}
