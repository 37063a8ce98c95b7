import type { EntityRef } from '../contract';
import type { Operation } from '../entities/entity-messages';
import type { Hazard } from './hazard';
import { failure, warning } from './hazard';

/** What an entity function returned for a batch of operations, and the state before it. */
export interface Batch {
  readonly self: string;
  readonly operations: readonly Operation[];
  readonly stateBefore: string | undefined;
  readonly stateAfter: string | undefined;
  readonly results: readonly { readonly isError: boolean; readonly result?: string }[];
  readonly signals: readonly { readonly target: EntityRef; readonly requestId?: string }[];
}

/** What is wrong with each operation of a batch, by its id. */
export function batchHazards(batch: Batch): ReadonlyMap<string, Hazard> {
  const { operations, results } = batch;
  const isKept = results.every(({ isError }) => isError) && batch.stateBefore !== batch.stateAfter;
  const found = new Map<string, Hazard>();
  operations.forEach((operation, index) => {
    const about = `the operation '${operation.operation}' of ${batch.self}`;
    const hazard =
      (results.length > operations.length ? returnedTwiceHazard(about) : undefined) ??
      signalHazard(batch, operation, about) ??
      thrownHazard(results[index], about, isKept);
    if (hazard !== undefined) found.set(operation.id, hazard);
  });
  return found;
}

/** Results are told apart by their order, so one too many shifts those of the others. */
function returnedTwiceHazard(about: string): Hazard {
  return failure(
    'EntityReturnedTwice',
    `${about}, or another one of its batch, called return() more than once; on Azure other callers then get its results. Call return() once.`,
  );
}

function signalHazard(batch: Batch, operation: Operation, about: string): Hazard | undefined {
  const { target } =
    batch.signals.find(
      ({ requestId, target: { name } }) =>
        requestId === operation.id && name !== name.toLowerCase(),
    ) ?? {};
  if (target === undefined) return undefined;
  return failure(
    'SignalNameCase',
    `${about} signals the entity '${target.name}'; on Azure a signal from an entity to a name with capital letters is lost. Write '${target.name.toLowerCase()}'.`,
  );
}

/** The SDK makes JSON of what was thrown, which of an Error leaves nothing. */
function thrownHazard(
  result: Batch['results'][number] | undefined,
  about: string,
  isKept: boolean,
): Hazard | undefined {
  if (result?.isError !== true) return undefined;
  const next = 'Return { ok: false, error } instead of throwing.';
  if (isKept) {
    return failure(
      'EntityKeptState',
      `${about} threw after it had set the state; Azure keeps the new state. ${next}`,
    );
  }
  if (result.result !== undefined && !/^[[{]/.test(result.result)) return undefined;
  return failure(
    'EntityErrorLost',
    `${about} threw; on Azure its caller gets an error without the text. ${next}`,
  );
}

/** Azure has no way to free the locks of an instance that was terminated. */
export function lockHeldHazard(entity: string): Hazard {
  return warning(
    'TerminatedWithLock',
    `the instance was terminated while it holds the lock of ${entity}; on Azure everyone else waits for it for ever. Use a lease entity with an expiry for what may be terminated. Here POST /admin/durable/unlock frees it.`,
  );
}
