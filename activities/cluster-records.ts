import type { Records } from '../clients/records/records';
import type { ClusterFacts } from '../domain/cluster';
import { clusterKey } from '../domain/ids';
import type { ClusterRecord } from '../domain/records';
import type { Judgement } from '../domain/rules';

/** When a cluster was looked at, and why. */
export interface Occasion {
  /** ISO time. */
  readonly asOf: string;
  readonly cause: string;
}

/**
 * Stores what an evaluation found. A rule that could not be judged this time keeps what was found the
 * last time, so that a sweep, which reads less, takes nothing back that it has not seen.
 */
export async function recordJudgement(
  records: Records,
  { facts, judgement }: { readonly facts: ClusterFacts; readonly judgement: Judgement },
  { asOf, cause }: Occasion,
): Promise<ClusterRecord> {
  const id = clusterKey(facts.id);
  const before = (await records.get('cluster', id))?.value;
  const same = before?.resourceUid === facts.resourceUid ? before : undefined;
  const kept = (same?.findings ?? []).filter(({ rule }) => judgement.unknown.includes(rule));
  const findings = [...judgement.findings, ...kept];
  const record: ClusterRecord = {
    id,
    clusterId: facts.id,
    armId: facts.armId,
    name: facts.name,
    location: facts.location,
    resourceUid: facts.resourceUid,
    status: statusOf(findings.length, same?.lastRun),
    findings,
    unknown: judgement.unknown,
    evaluatedAt: asOf,
    cause,
    ...(same?.lastRun && { lastRun: same.lastRun }),
  };
  await records.put('cluster', id, record);
  return record;
}

export function statusOf(
  findings: number,
  lastRun: ClusterRecord['lastRun'],
): ClusterRecord['status'] {
  if (lastRun?.state === 'failed') return 'failed';
  return findings === 0 ? 'ok' : 'drift';
}
