import type { Page, Records } from '../../clients/records/records';
import { clusterIdParts, clusterKey } from '../../domain/ids';
import type { Approval } from '../../domain/migration/approvals';
import { cutOf } from '../../domain/migration/cut';
import type { CutPlan } from '../../domain/migration/cut';
import type { ClusterMigration } from '../../domain/migration/document';
import { refText } from '../../domain/migration/ledger';
import { doubtsOf } from '../../domain/migration/nmi-heard';
import { matchedIdentities } from '../../domain/migration/nmi-log';
import type { MigrationOptions } from '../../domain/migration/options';
import { planMigration } from '../../domain/migration/plan';
import type { MigrationSnapshot } from '../../domain/migration/snapshot';
import type { MigrationWorkloadRecord } from '../../domain/records';
import { defineActivity } from '../activity';
import { loadSurvey } from '../survey-store';
import type { MigrationPlace } from './ledger';
import { approvedPlan, clusterIn } from './plans';

export interface PlanCutInput extends MigrationPlace {
  /** Of the cluster as it is now. */
  readonly surveyId: string;
  readonly options: MigrationOptions;
  readonly approvals: readonly Approval[];
  /** ISO time of the survey; absent in runs that began before it was asked for. */
  readonly asOf?: string;
}

/** What of the approved clean-up can be done as a cluster is now. */
export const planCut = defineActivity(
  [],
  async (
    { migrationId, clusterId, surveyId, options, approvals, asOf }: PlanCutInput,
    { clients: { records } },
  ): Promise<CutPlan> => {
    const place = { migrationId, clusterId };
    const { cluster: approved } = await approvedPlan(records, place);
    const survey = await loadSurvey(records, surveyId, [clusterId]);
    const plan = planMigration(survey, options);
    const { subscriptionId } = clusterIdParts(clusterId);
    return cutOf({
      ...{ approved, now: clusterIn(plan, clusterId), plan, fleet: survey.fleet },
      ...{ approvals, subscriptionId },
      unproved: await unprovedWorkloads(records, place),
      asked:
        asOf === undefined
          ? new Set()
          : await askedIdentities(records, place, { survey, approved, options, asOf }),
    });
  },
);

/** Those that the migration has not moved to the end, for whatever reason. */
async function unprovedWorkloads(
  records: Records,
  { migrationId, clusterId }: MigrationPlace,
): Promise<ReadonlySet<string>> {
  const prefix = `${migrationId}~${clusterKey(clusterId)}~`;
  const found = new Set<string>();
  for (let after: string | undefined = prefix; after !== undefined;) {
    const page: Page<MigrationWorkloadRecord> = await records.list('migrationWorkload', {
      limit: 200,
      after,
    });
    const own = page.items.filter(({ id }) => id.startsWith(prefix));
    for (const { workload, state } of own) if (state !== 'migrated') found.add(refText(workload));
    after = own.length === page.items.length ? page.next : undefined;
  }
  return found;
}

/** Pods that were replaced have ended by then, and ask no more. */
const lingerMinutes = 10;

/**
 * Identities that NMI has found for somebody since the soak began, or may have for all that is known of its pods; without a
 * soak, those that its logs of the last day have.
 */
async function askedIdentities(
  records: Records,
  { migrationId, clusterId }: MigrationPlace,
  { survey, approved, options, asOf }: Asking,
): Promise<ReadonlySet<string>> {
  const heard = (await records.get('nmiHeard', `${migrationId}~${clusterKey(clusterId)}`))?.value;
  const dayAgo = Date.parse(asOf) - 86_400_000;
  const since = heard ? Date.parse(heard.since) + lingerMinutes * 60_000 : dayAgo;
  const window = { since: new Date(since).toISOString(), until: asOf };
  const logs = Object.values(survey.kubernetes).flatMap(({ podLogs }) =>
    Object.values(podLogs ?? {}),
  );
  const within = { now: asOf, hours: options.soakHours };
  const inDoubt = approved.cleanup.podIdentities.filter(
    ({ namespace }) => doubtsOf(namespace, heard?.heard ?? {}, within).length > 0,
  );
  return new Set([
    ...logs.flatMap((log) => [...matchedIdentities(log, window)]),
    ...inDoubt.map(({ namespace, name }) => `${namespace}/${name}`),
  ]);
}

interface Asking {
  readonly survey: MigrationSnapshot;
  readonly approved: ClusterMigration;
  readonly options: MigrationOptions;
  /** ISO time. */
  readonly asOf: string;
}
