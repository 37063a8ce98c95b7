import { canonicalArmId } from '../ids';
import type { MigrationPlan } from './document';
import { tokensByNamespace } from './nmi-silence';
import type { MigrationSnapshot } from './snapshot';

/** A namespace to which NMI has given tokens although no workload with a pod identity was found in it. */
export interface UnexplainedTokens {
  /** Id of the cluster. */
  readonly cluster: string;
  /** Empty where NMI did not know it. */
  readonly namespace: string;
  /** Since the NMI pods that are there began to count. */
  readonly tokens: number;
}

/**
 * Where to look for what has no template but asks for tokens: pods that a workflow engine, a CI agent or Spark makes at run
 * time. Pure.
 *
 * @param snapshot what the plan was made from.
 */
export function unexplainedTokens(
  { clusters }: MigrationPlan,
  { kubernetes }: MigrationSnapshot,
): readonly UnexplainedTokens[] {
  const counted = new Map(
    Object.entries(kubernetes).map(([id, { nmiCounts = {} }]) => [canonicalArmId(id), nmiCounts]),
  );
  return clusters.flatMap(({ id, workloads }) => {
    const known = new Set(workloads.map(({ namespace }) => namespace));
    const tokens = tokensByNamespace(counted.get(canonicalArmId(id)) ?? {});
    return Object.entries(tokens)
      .filter(([namespace, count]) => count > 0 && !known.has(namespace))
      .sort(([one], [other]) => (one < other ? -1 : 1))
      .map(([namespace, count]) => ({ cluster: id, namespace, tokens: count }));
  });
}
