import type { Journal } from './journal';
import type { JsonObject } from './json';

export interface OperationError extends JsonObject {
  readonly code: string;
  readonly message: string;
}

export type OperationStatus = 'InProgress' | 'Succeeded' | 'Failed' | 'Canceled';

/** A long-running operation as it is kept; its status answer is made of the first five members. */
export interface Operation extends JsonObject {
  readonly id: string;
  readonly status: OperationStatus;
  /** Epoch milliseconds. */
  readonly startedAt: number;
  readonly endsAt: number;
  readonly error?: OperationError;
  /** Nobody finds it by its URL. */
  readonly lost?: boolean;
  /** Name of the `OperationKind`. */
  readonly kind: string;
  /** Id of the resource it works on. */
  readonly target: string;
  readonly details: JsonObject;
}

/** Operations by id, and the one that runs on each resource. */
export class Operations {
  private readonly byId = new Map<string, Operation>();
  private readonly running = new Map<string, string>();
  private readonly journal: Journal;

  constructor(journal: Journal) {
    this.journal = journal;
    for (const [, found] of journal.load('operation')) this.remember(found as Operation);
  }

  get(id: string): Operation | undefined {
    return this.byId.get(id.toLowerCase());
  }

  /** The operation that works on this very resource now. */
  runningOn(target: string): Operation | undefined {
    const id = this.running.get(target.toLowerCase());
    return id === undefined ? undefined : this.byId.get(id);
  }

  put(operation: Operation): Operation {
    this.remember(operation);
    this.journal.put('operation', operation.id, operation);
    return operation;
  }

  clear(): void {
    for (const id of this.byId.keys()) this.journal.put('operation', id, undefined);
    this.byId.clear();
    this.running.clear();
  }

  private remember(operation: Operation): void {
    const target = operation.target.toLowerCase();
    this.byId.set(operation.id, operation);
    if (operation.status === 'InProgress') this.running.set(target, operation.id);
    else if (this.running.get(target) === operation.id) this.running.delete(target);
  }
}
