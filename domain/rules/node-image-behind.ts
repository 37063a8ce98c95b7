import { compareImages } from '../node-image';
import { notApplicable, onboarding, unknown, verdictOf } from './rule';
import type { Rule, Violation } from './rule';

/** Images carry the security fixes of a node's operating system. */
export const nodeImageBehindRule: Rule = {
  code: 'IMG-001',
  id: 'node-image/behind',
  title: 'Every node pool has the newest node image',
  severity: 'medium',
  class: 'approval',
  source: 'Microsoft Learn: Upgrade Azure Kubernetes Service node images',
  evaluate: ({ cluster: { nodePools, latestImages } }) => {
    const pools = nodePools.filter((pool) => !pool.stopped);
    if (pools.length === 0) return notApplicable;
    if (!latestImages) return unknown;
    return verdictOf(
      pools.flatMap(({ name, imageVersion }): Violation[] => {
        const latest = latestImages[name] ?? imageVersion;
        if (compareImages(imageVersion, latest) !== 'stale') return [];
        return [
          {
            subject: `pool:${name}`,
            text: `Node pool ${name} runs an older node image.`,
            evidence: [`${imageVersion}, newest ${latest}`],
            fix: onboarding('re-images this pool'),
          },
        ];
      }),
    );
  },
};
