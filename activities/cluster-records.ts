import type { Records } from '../clients/records/records';
import type { ClusterFacts } from '../domain/cluster';
import { clusterKey } from '../domain/ids';
import type { ClusterId } from '../domain/ids';
import { TransientError } from '../domain/outcome';
import type { ClusterRecord } from '../domain/records';
import type { Judgement } from '../domain/rules/judge';
import type { ClusterView } from '../domain/snapshot';

/** When a cluster was looked at, and why. */
export interface Occasion {
  /** ISO time. */
  readonly asOf: string;
  readonly cause: string;
}

type Seen = ClusterFacts & Pick<ClusterView, 'podIdentityAccepted'>;

/**
 * Stores what an evaluation found. A rule that could not be judged this time keeps what was found the
 * last time, so that a sweep, which reads less, takes nothing back that it has not seen.
 */
export async function recordJudgement(
  records: Records,
  { facts, judgement }: { readonly facts: Seen; readonly judgement: Judgement },
  { asOf, cause }: Occasion,
): Promise<ClusterRecord> {
  const judged = (before: ClusterRecord | undefined): ClusterRecord => {
    const same = before?.resourceUid === facts.resourceUid ? before : undefined;
    const kept = (same?.findings ?? []).filter(({ rule }) => judgement.unknown.includes(rule));
    const findings = [...judgement.findings, ...kept];
    return {
      id: clusterKey(facts.id),
      clusterId: facts.id,
      armId: facts.armId,
      name: facts.name,
      location: facts.location,
      resourceUid: facts.resourceUid,
      status: statusOf(findings, same?.lastRun),
      findings,
      unknown: judgement.unknown,
      evaluatedAt: asOf,
      cause,
      ...(facts.podIdentityAccepted && {
        podIdentityAcceptedUntil: facts.podIdentityAccepted.until,
      }),
      ...(same?.lastRun && { lastRun: same.lastRun }),
    };
  };
  return changeCluster(records, clusterKey(facts.id), judged);
}

/** Notes how the last run of a cluster ended, if the cluster is known. */
export async function noteLastRun(
  records: Records,
  clusterId: ClusterId,
  lastRun: NonNullable<ClusterRecord['lastRun']>,
): Promise<void> {
  const id = clusterKey(clusterId);
  if (!(await records.get('cluster', id))) return;
  await changeCluster(records, id, (before) => {
    if (!before) throw new TransientError('the cluster was forgotten meanwhile');
    return { ...before, lastRun, status: statusOf(before.findings, lastRun) };
  });
}

const attempts = 10;

/** A sweep, an evaluation and the end of a run may write at the same moment: none undoes another. */
async function changeCluster(
  records: Records,
  id: string,
  change: (before: ClusterRecord | undefined) => ClusterRecord,
): Promise<ClusterRecord> {
  for (let attempt = 0; attempt < attempts; attempt += 1) {
    const before = await records.get('cluster', id);
    const value = change(before?.value);
    const written = before
      ? await records.replace('cluster', id, { value, etag: before.etag })
      : await records.insert('cluster', id, value);
    if (written) return value;
  }
  throw new TransientError(`cluster record ${id} is written by too many at once`);
}

function statusOf(
  findings: ClusterRecord['findings'],
  lastRun: ClusterRecord['lastRun'],
): ClusterRecord['status'] {
  if (lastRun?.state === 'failed') return 'failed';
  return findings.every(({ scope }) => scope === 'subscription') ? 'ok' : 'drift';
}
