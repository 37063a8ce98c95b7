import type { ClusterId } from '../domain/ids';
import type { MigrationPlan } from '../domain/migration/document';
import type { MigrationSnapshot } from '../domain/migration/snapshot';
import type { Capability, GrantedAt } from '../domain/permissions';
import type { Policy } from '../domain/policy';
import type { RecordKind, RecordTypes } from '../domain/records';

/**
 * What triggers may use. They do not know the clients: the composition root hands them the little
 * they need, so that a trigger can only look things up and start runs.
 */
export interface Services {
  readonly records: RecordAccess;
  readonly policy: Policy;
  /** Whether Steward is switched on. */
  readonly enabled: boolean;
  /** Subscriptions that Steward looks after, lower-cased. */
  readonly subscriptions: readonly string[];
  /** What Steward's own identity may do at scopes. @throws when Azure cannot be asked. */
  readonly ownPermissions: (scopes: readonly string[]) => Promise<readonly GrantedAt[]>;
  /** ARM actions that each capability needs. */
  readonly capabilityNeeds: Readonly<Record<Capability, readonly string[]>>;
  /** The plan of a migration and what it was made from; undefined while it has none. */
  readonly migrationPapers: (
    migrationId: string,
    clusterIds: readonly ClusterId[],
  ) => Promise<MigrationPapers | undefined>;
  /** Which of the clusters exist in Azure. @throws when Azure cannot be asked. */
  readonly existing: (ids: readonly ClusterId[]) => Promise<ReadonlySet<ClusterId>>;
}

export interface MigrationPapers {
  readonly plan: MigrationPlan;
  readonly survey: MigrationSnapshot;
}

interface Stored<T> {
  readonly value: T;
  readonly etag: string;
}

/** The part of the store that triggers use; the store itself offers more. */
export interface RecordAccess {
  get<K extends RecordKind>(kind: K, id: string): Promise<Stored<RecordTypes[K]> | undefined>;
  insert<K extends RecordKind>(kind: K, id: string, value: RecordTypes[K]): Promise<boolean>;
  put<K extends RecordKind>(kind: K, id: string, value: RecordTypes[K]): Promise<void>;
  replace<K extends RecordKind>(
    kind: K,
    id: string,
    change: { readonly value: RecordTypes[K]; readonly etag: string },
  ): Promise<boolean>;
  remove(kind: RecordKind, id: string): Promise<void>;
  list<K extends RecordKind>(
    kind: K,
    page: { readonly limit: number; readonly after?: string },
  ): Promise<{ readonly items: readonly RecordTypes[K][]; readonly next?: string }>;
}
