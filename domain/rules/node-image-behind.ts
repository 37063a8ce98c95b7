import { compareImages } from '../node-image';
import { compliant, notApplicable, unknown, violation } from './rule';
import type { Rule } from './rule';

/** Images carry the security fixes of a node's operating system. */
export const nodeImageBehindRule: Rule = {
  id: 'node-image/behind',
  title: 'Every node pool has the newest node image',
  severity: 'medium',
  source: 'Microsoft Learn: Upgrade Azure Kubernetes Service node images',
  evaluate: ({ nodePools, latestImages }) => {
    const pools = nodePools.filter((pool) => !pool.stopped);
    if (pools.length === 0) return notApplicable;
    if (!latestImages) return unknown;
    const behind = pools.filter(
      ({ name, imageVersion }) =>
        compareImages(imageVersion, latestImages[name] ?? imageVersion) === 'stale',
    );
    if (behind.length === 0) return compliant;
    return violation(
      `${behind.length} of ${pools.length} node pools run an older node image.`,
      behind.map(
        ({ name, imageVersion }) => `${name}: ${imageVersion}, newest ${latestImages[name] ?? ''}`,
      ),
      'Onboard the cluster with mode apply; it re-images these pools one by one.',
    );
  },
};
