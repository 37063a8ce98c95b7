import type { RecordKind, RecordTypes } from '../../domain/records';

/** A stored value and the tag that its next conditional write must name. */
export interface Stored<T> {
  readonly value: T;
  readonly etag: string;
}

export interface Page<T> {
  readonly items: readonly T[];
  /** Id to continue after; absent on the last page. */
  readonly next?: string;
}

/**
 * Where Steward keeps what it knows, beside the histories of its runs: small JSON values by kind and
 * id. Every write is on disk, or replicated, when its promise resolves.
 */
export interface Records {
  get<K extends RecordKind>(kind: K, id: string): Promise<Stored<RecordTypes[K]> | undefined>;
  /** @returns false, and changes nothing, when the id is taken. */
  insert<K extends RecordKind>(kind: K, id: string, value: RecordTypes[K]): Promise<boolean>;
  /** Writes whatever was there before. */
  put<K extends RecordKind>(kind: K, id: string, value: RecordTypes[K]): Promise<void>;
  /** @returns false, and changes nothing, when the value is not the one that `etag` was read with. */
  replace<K extends RecordKind>(
    kind: K,
    id: string,
    change: { readonly value: RecordTypes[K]; readonly etag: string },
  ): Promise<boolean>;
  /**
   * Succeeds when there is nothing to remove, too.
   *
   * @param etag removes only the value that it was read with, and leaves any other alone.
   */
  remove(kind: RecordKind, id: string, etag?: string): Promise<void>;
  /** In the order of the ids; at most `limit` of them, beginning behind the id `after`. */
  list<K extends RecordKind>(
    kind: K,
    page: { readonly limit: number; readonly after?: string },
  ): Promise<Page<RecordTypes[K]>>;
  close(): void;
}
