import { compareImages } from '../node-image';
import type { ClusterSnapshot } from '../snapshot';
import type { PoolRoll } from './steps';

/**
 * Pools to re-image, system pools first: they carry what the other pools need.
 *
 * @param identityDone every pool gets its identity by another step of the plan.
 */
export function poolRolls(snapshot: ClusterSnapshot, identityDone: boolean): readonly PoolRoll[] {
  return snapshot.nodePools
    .filter((pool) => !pool.stopped)
    .map((pool) => ({ pool, roll: poolRoll(snapshot, pool.name, identityDone) }))
    .sort((a, b) => rank(a.pool.mode) - rank(b.pool.mode))
    .flatMap(({ roll }) => roll ?? []);
}

/** Running pools with the newest image there is: a re-image to the same one may change nothing. */
export function poolsWithoutNewerImage(snapshot: ClusterSnapshot): readonly string[] {
  return snapshot.nodePools
    .filter(({ stopped }) => !stopped)
    .filter(
      ({ name, imageVersion }) =>
        compareImages(imageVersion, snapshot.latestImages[name] ?? '') === 'current',
    )
    .map(({ name }) => name);
}

function rank(mode: string): number {
  return mode === 'System' ? 0 : 1;
}

function poolRoll(
  snapshot: ClusterSnapshot,
  name: string,
  identityDone: boolean,
): PoolRoll | undefined {
  const pool = snapshot.nodePools.find((candidate) => candidate.name === name);
  if (!pool) return undefined;
  const to = snapshot.latestImages[name] ?? pool.imageVersion;
  const stale = compareImages(pool.imageVersion, to) === 'stale';
  const before =
    !identityDone &&
    (snapshot.controlPlane.kind === 'servicePrincipal' ||
      snapshot.poolsBeforeSwitch.includes(name));
  if (!stale && !before) return undefined;
  const reason = !before ? 'image' : stale ? 'identity and image' : 'identity';
  return { name, reason, from: pool.imageVersion, to, nodes: pool.count };
}
