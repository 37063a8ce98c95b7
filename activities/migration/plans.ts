import { createHash } from 'node:crypto';

import type { Records } from '../../clients/records/records';
import type { ClusterId } from '../../domain/ids';
import type { Approval } from '../../domain/migration/approvals';
import type { ClusterMigration, MigrationPlan } from '../../domain/migration/document';
import type { MigrationOptions } from '../../domain/migration/options';
import { planMigration } from '../../domain/migration/plan';
import type { MigrationSnapshot } from '../../domain/migration/snapshot';
import { workOf } from '../../domain/migration/work';
import type { ClusterWork } from '../../domain/migration/work';
import { FailureError } from '../../domain/outcome';
import { defineActivity } from '../activity';
import { loadPart, loadSurvey, storePart } from '../survey-store';
import type { MigrationPlace } from './ledger';

/** Looks up what a migration was planned from, and its plan. */
export function migrationPapers(
  records: Records,
): (
  migrationId: string,
  clusterIds: readonly ClusterId[],
) => Promise<{ readonly plan: MigrationPlan; readonly survey: MigrationSnapshot } | undefined> {
  return async (migrationId, clusterIds) => {
    const plan = await migrationPlan(records, migrationId);
    return plan && { plan, survey: await loadSurvey(records, migrationId, clusterIds) };
  };
}

/** The plan of a migration; undefined while it has none. */
export async function migrationPlan(
  records: Records,
  migrationId: string,
): Promise<MigrationPlan | undefined> {
  return (await loadPart(records, planPart(migrationId))) as MigrationPlan | undefined;
}

/** A plan lies beside the survey that it was made from. */
function planPart(migrationId: string) {
  return { surveyId: migrationId, name: 'plan' };
}

/** Plans a migration from its survey and keeps the plan: a run executes that one and no other. Idempotent. */
export const storeMigrationPlan = defineActivity(
  [],
  async (
    {
      migrationId,
      clusterIds,
      options,
    }: {
      readonly migrationId: string;
      readonly clusterIds: readonly ClusterId[];
      readonly options: MigrationOptions;
    },
    { clients: { records }, runEnded },
  ): Promise<{ readonly planHash: string }> => {
    const survey = await loadSurvey(records, migrationId, clusterIds);
    const plan = planMigration(survey, options);
    await storePart(records, planPart(migrationId), plan);
    const digest = createHash('sha256').update(JSON.stringify(plan)).digest('hex');
    const planHash = `sha256:${digest}`;
    const stored = await records.get('migration', migrationId);
    if (stored?.value.state === 'planning') {
      const value = { ...stored.value, state: 'planned', planHash } as const;
      await records.replace('migration', migrationId, { value, etag: stored.etag });
    }
    runEnded('migration-plan');
    return { planHash };
  },
);

/** What the approved plan of a migration lets be done in one cluster. */
export const readMigrationWork = defineActivity(
  [],
  async (
    {
      migrationId,
      clusterId,
      approvals,
    }: MigrationPlace & { readonly approvals: readonly Approval[] },
    { clients: { records } },
  ): Promise<ClusterWork & { readonly preflight?: true }> => {
    const { plan, cluster } = await approvedPlan(records, { migrationId, clusterId });
    const { fleet } = await loadSurvey(records, migrationId, [clusterId]);
    return { ...workOf({ plan, cluster, fleet, approvals }), preflight: true };
  },
);

/** What was approved for a cluster. @throws FailureError `NotFound`. */
export async function approvedPlan(
  records: Records,
  { migrationId, clusterId }: MigrationPlace,
): Promise<{ readonly plan: MigrationPlan; readonly cluster: ClusterMigration }> {
  const plan = await migrationPlan(records, migrationId);
  if (plan) return { plan, cluster: clusterIn(plan, clusterId) };
  throw new FailureError({
    code: 'NotFound',
    message: `The migration ${migrationId} has no plan.`,
    next: 'Plan the migration again.',
    target: clusterId,
  });
}

export function clusterIn({ clusters }: MigrationPlan, clusterId: ClusterId): ClusterMigration {
  const found = clusters.find(({ id }) => id.toLowerCase() === clusterId);
  if (found) return found;
  throw new FailureError({
    code: 'NotFound',
    message: 'The plan does not have the cluster.',
    next: 'Plan the migration again.',
    target: clusterId,
  });
}
