import type { Records } from '../../clients/records/records';
import { FailureError } from '../../domain/outcome';

/** Whether somebody has asked to roll a migration back. */
export async function isStopped(records: Records, migrationId: string): Promise<boolean> {
  return (await records.get('migration', migrationId))?.value.stopped === true;
}

/**
 * Before every write of a run: what is being rolled back is not carried on.
 *
 * @throws FailureError `Stopped`.
 */
export async function requireGoing(records: Records, migrationId: string): Promise<void> {
  if (!(await isStopped(records, migrationId))) return;
  throw new FailureError({
    code: 'Stopped',
    message: 'The migration is being rolled back.',
    next: 'Wait until it is rolled back, then plan again.',
  });
}
