import type { World } from '../../world';

/**
 * Lets a cluster whose objects have just been put there settle in the next second, as if they had been there for long.
 * Nothing happens while time stands still.
 */
export function settleSoon(cluster: string, world: World): void {
  const next = Math.floor(world.clock.now() / 1000) * 1000 + 1000;
  world.later(next, 'reconcileCluster', { cluster: cluster.toLowerCase(), settling: true });
}
