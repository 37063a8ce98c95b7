import type { EntityMessage, LockRequest, Operation } from './entity-messages';

/** What decides which message of an entity is next. */
export interface Door {
  /** Instance that holds the lock, and the request that got it. */
  lock: { readonly holder: string; readonly id: string } | undefined;
  /** Messages that could not be taken yet, in order. */
  waiting: EntityMessage[];
}

/** What an entity does next. */
export interface Turn {
  /** Operations to run in one call of the function. */
  readonly operations: readonly Operation[];
  /** Locks that were granted, in order: the next entity is asked, or the caller is told. */
  readonly granted: readonly LockRequest[];
}

/**
 * Takes messages in order for as long as nobody else holds the lock; what the holder sends goes
 * first. A lock is granted only between two batches.
 */
export function nextTurn(door: Door, arrived: readonly EntityMessage[], limit: number): Turn {
  for (const message of arrived) accept(door, message);
  const operations: Operation[] = [];
  const granted: LockRequest[] = [];
  while (operations.length < limit) {
    const at = door.waiting.findIndex((message) => mayEnter(door, message));
    const message = door.waiting[at];
    if (message === undefined || (message.kind === 'lock' && operations.length > 0)) break;
    door.waiting.splice(at, 1);
    if (message.kind === 'lock') {
      door.lock = { holder: message.sender, id: message.id };
      granted.push(message);
    } else if (message.kind === 'operation') operations.push(message);
  }
  return { operations, granted };
}

function accept(door: Door, message: EntityMessage): void {
  if (message.kind !== 'release') door.waiting.push(message);
  else if (door.lock?.id === message.id && door.lock.holder === message.sender) {
    door.lock = undefined;
  }
}

function mayEnter({ lock }: Door, message: EntityMessage): boolean {
  return lock === undefined || (message.kind === 'operation' && message.sender === lock.holder);
}
