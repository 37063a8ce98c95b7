import { TransientError } from '../domain/outcome';
import type { UndoEntry } from '../domain/records';
import type { ActivityContext } from './activity';

const attempts = 10;

/**
 * Writes down what was there before a run changes it, so that a person can go back. Called before the
 * write; a repeated call keeps what the first one saw.
 */
export async function rememberBefore(
  { clients: { records }, runId }: Pick<ActivityContext, 'clients' | 'runId'>,
  entry: UndoEntry,
): Promise<void> {
  if (runId === '') return; // not part of a run: nothing that anybody could look up
  const isSame = ({ action, target }: UndoEntry) =>
    action === entry.action && target.toLowerCase() === entry.target.toLowerCase();
  for (let attempt = 0; attempt < attempts; attempt += 1) {
    const known = await records.get('undo', runId);
    if (known?.value.entries.some(isSame)) return;
    const value = { id: runId, entries: [...(known?.value.entries ?? []), entry] };
    const written = known
      ? await records.replace('undo', runId, { value, etag: known.etag })
      : await records.insert('undo', runId, value);
    if (written) return;
  }
  throw new TransientError(`the undo record of ${runId} is written by too many at once`);
}
