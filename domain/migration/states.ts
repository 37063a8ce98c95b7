/** How far a workload has come; `waiting` says for what. */
export type WorkloadState =
  | 'planned'
  | 'trusted'
  | 'proven'
  | 'rehearsed'
  | 'rolling'
  | 'soaking'
  | 'migrated'
  | 'cut'
  | 'waiting'
  | 'failed'
  | 'rolled-back';

/** Phases of a migration in their order; what is undone begins with the last. */
export const phases = [
  'preflight',
  'unjam',
  'enable',
  'trust',
  'prove',
  'rehearse',
  'roll',
  'soak',
  'cut',
  'clean',
  'close',
] as const;
export type Phase = (typeof phases)[number];

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
