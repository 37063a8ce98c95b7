import type { ClusterId } from '../../domain/ids';
import type { MigrationOptions } from '../../domain/migration/options';
import { failureOf } from '../../domain/outcome';
import type { Run, Workflow } from '../workflow';
import { surveyClusters } from './survey-clusters';

export interface DrawUpMigrationInput {
  readonly migrationId: string;
  readonly clusterIds: readonly ClusterId[];
  readonly options: MigrationOptions;
}

/** Surveys clusters and stores a plan of their way off pod identity. Changes nothing; somebody is to apply the plan. */
export function* drawUpMigration(
  workflow: Workflow,
  { migrationId, clusterIds, options }: DrawUpMigrationInput,
): Run<void> {
  const { activities } = workflow;
  try {
    const input = { surveyId: migrationId, clusterIds };
    yield* workflow.child(surveyClusters, input, 'survey');
    const { planHash } = yield* activities.storeMigrationPlan({ migrationId, clusterIds, options });
    workflow.log.info('migration.planned', { migrationId, planHash });
  } catch (error) {
    const failure = failureOf(error);
    const asOf = workflow.now().toISOString();
    yield* activities.noteMigration({ migrationId, state: 'failed', failure, asOf });
  }
}
