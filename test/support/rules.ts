import type { ClusterFacts } from '../../domain/cluster';
import type { Finding } from '../../domain/rules/judge';
import type { ClusterSnapshot, ClusterView } from '../../domain/snapshot';
import { aPolicy } from './clusters';
import { judge } from './planning';

/** What one rule finds, by its code. */
export function findingsOf(
  rule: string,
  cluster: ClusterView,
  policy = aPolicy(),
): readonly Finding[] {
  return judge(cluster, policy).findings.filter((finding) => finding.rule === rule);
}

export function isUnknown(rule: string, cluster: ClusterView, policy = aPolicy()): boolean {
  return judge(cluster, policy).unknown.includes(rule);
}

/** What a sweep knows of a cluster: the facts, and nothing read around them. */
export function factsOf(cluster: ClusterSnapshot): ClusterFacts {
  const surroundings = [
    'routeTables',
    'registries',
    'latestImages',
    'poolsBeforeSwitch',
    'missingIdentities',
    'danglingIdentities',
    'features',
    'assignments',
    'otherClusters',
    'formerPrincipals',
    'orphans',
  ];
  const facts = Object.entries(cluster).filter(([member]) => !surroundings.includes(member));
  return Object.fromEntries(facts) as unknown as ClusterFacts;
}
