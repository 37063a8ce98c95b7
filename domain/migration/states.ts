/** How far a workload has come; `waiting` says for what. */
export type WorkloadState =
  | 'planned'
  | 'trusted'
  | 'proven'
  | 'rehearsed'
  | 'rolling'
  | 'soaking'
  | 'migrated'
  | 'waiting'
  | 'failed'
  | 'rolled-back';

/** Where a migration is. `planned` waits for somebody to apply it. */
export type MigrationState =
  | 'planning'
  | 'planned'
  | 'running'
  | 'rolling-back'
  | 'succeeded'
  | 'partial'
  | 'failed'
  | 'rolled-back';
