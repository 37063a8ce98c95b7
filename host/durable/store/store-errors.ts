import { reasonOf } from '../failures';

/** What is wrong with a store: `failing` is everything that may pass. */
export type StoreTrouble = 'busy' | 'damaged' | 'full' | 'failing';

/** By primary result code of SQLite. */
const troubles: Readonly<Record<number, StoreTrouble>> = {
  5: 'busy',
  11: 'damaged',
  13: 'full',
  26: 'damaged',
};

export function troubleOf(error: unknown): StoreTrouble {
  const code = (error as { errcode?: unknown } | null)?.errcode;
  const known = typeof code === 'number' ? troubles[code & 0xff] : undefined;
  return known ?? 'failing';
}

/** Why a store cannot be opened, and what to do. */
export function cannotOpen(path: string, error: unknown): string {
  const reason = reasonOf(error);
  switch (troubleOf(error)) {
    case 'busy':
      return `Another process uses ${path}. Stop it, or choose another data folder.`;
    case 'damaged':
      return `${path} is damaged (${reason}). Move it away to start empty, or restore a copy.`;
    case 'full':
      return `No space is left for ${path}. Free some and start again.`;
    case 'failing':
      return `${path} cannot be used: ${reason}. Correct this, or choose another data folder.`;
  }
}

/** Why a store that was in use no longer works, and what happens next. */
export function stoppedWorking(error: unknown): string {
  const reason = reasonOf(error);
  switch (troubleOf(error)) {
    case 'damaged':
      return `The store is damaged (${reason}): orchestrations have stopped. Stop the host, then restore a copy of durable.db, or move it away to start empty.`;
    case 'full':
      return 'No space is left for the store: orchestrations wait. Free some, and they go on.';
    case 'busy':
    case 'failing':
      return `The store failed (${reason}); reading it again.`;
  }
}
