import type { CreationSpec } from './creation-spec';
import type { IdentityEntry } from './identities/inventory';
import type { ClusterId } from './ids';
import type { Approval } from './migration/approvals';
import type { LedgerRecord, WorkloadRef } from './migration/ledger';
import type { NmiHeard } from './migration/nmi-heard';
import type { MigrationOptions } from './migration/options';
import type { MigrationState, WorkloadState } from './migration/states';
import type { Failure } from './outcome';
import type { Finding } from './rules/judge';
import type { Acceptance } from './pod-identity/acceptance';
import type { PodIdentityChange } from './pod-identity/change';
import type { SideEffects, Step } from './plan/steps';
import type { FormerPrincipal } from './snapshot';

/** Where Steward keeps its own state. */
export type RecordsPlace =
  | { readonly kind: 'sqlite'; readonly file: string }
  /** URI of a table service, without a slash at its end; of an emulator its account is part of it. */
  | { readonly kind: 'tables'; readonly url: string };

/** The kinds of state that Steward keeps, each by its id. */
export interface RecordTypes {
  readonly cluster: ClusterRecord;
  readonly plan: PlanRecord;
  readonly run: RunRecord;
  /** Which run may change a cluster, by the cluster's key. */
  readonly claim: ClaimRecord;
  /** Requests with an `Idempotency-Key`, by the hash of the key. */
  readonly request: RequestRecord;
  /** Fleets that are still to be started, by their ids. */
  readonly start: StartRecord;
  /** Who clusters are, by the cluster's key. */
  readonly identities: IdentitiesRecord;
  /** Principals that clusters had before, by the cluster's key. */
  readonly identityHistory: IdentityHistoryRecord;
  /** What was there before a run changed it, by the run's id. */
  readonly undo: UndoRecord;
  /** Migrations off pod identity, by their ids. */
  readonly migration: MigrationRecord;
  /** How far each cluster and workload of a migration has come; ids begin with the migration's. */
  readonly migrationCluster: MigrationClusterRecord;
  readonly migrationWorkload: MigrationWorkloadRecord;
  /** Until when the NMI pods of a cluster were heard in the soak, by the migration and the cluster's key. */
  readonly nmiHeard: NmiHeardRecord;
  /** What a migration has changed, in the order in which it was; ids begin with the migration's. */
  readonly ledger: LedgerRecord;
  /** Until when the pod-identity add-on of clusters is accepted, by the cluster's key. */
  readonly acceptance: Acceptance;
  /** Cluster events that were received, by their key. */
  readonly event: EventRecord;
  /** The last sweep that came to its end; of the `fleet`. */
  readonly sweep: SweepRecord;
  /** What surveys have read, by the survey's id, the part and the number of the piece. */
  readonly surveyPiece: SurveyPieceRecord;
}

export type RecordKind = keyof RecordTypes;

export interface ClusterRecord {
  readonly id: string;
  readonly clusterId: ClusterId;
  readonly armId: string;
  readonly name: string;
  readonly location: string;
  readonly resourceUid: string;
  readonly status: 'ok' | 'drift' | 'failed';
  readonly findings: readonly Finding[];
  /** Rules that could not be judged at the last evaluation. */
  readonly unknown: readonly string[];
  readonly evaluatedAt: string;
  readonly cause: string;
  /** Last day on which somebody accepts that it runs the unsupported pod-identity add-on. */
  readonly podIdentityAcceptedUntil?: string;
  /** The last run of mode `apply` that ended. */
  readonly lastRun?: { readonly id: string; readonly state: 'succeeded' | 'failed' };
}

export interface PlanRecord {
  readonly id: string;
  readonly clusterId: ClusterId;
  readonly armId: string;
  /** Of the steps: a run executes exactly what this hash was made from. */
  readonly hash: string;
  readonly steps: readonly (Step & SideEffects)[];
  readonly blockers: readonly Failure[];
  readonly findings: readonly Finding[];
  readonly createdAt: string;
  /** Who approved it, and when; a plan of mode `report` waits for nobody. */
  readonly approval?: { readonly by: string; readonly at: string };
  /** Its run checks Steward's own rights before the first step; absent in what older versions have stored. */
  readonly preflight?: true;
}

export type RunMode = 'report' | 'apply';

export interface RunRecord {
  readonly id: string;
  readonly clusterId: ClusterId;
  readonly armId: string;
  readonly mode: RunMode;
  /** Instance of the durable engine that carries the run out. */
  readonly instanceId: string;
  readonly cause: string;
  /** Names the run in logs, traces and ARM's activity log; absent in what older versions wrote. */
  readonly correlationId?: string;
  readonly state: 'queued' | 'succeeded' | 'failed';
  readonly planId?: string;
  readonly applied?: number;
  readonly startedAt?: string;
  readonly endedAt?: string;
  readonly failure?: Failure;
}

export interface ClaimRecord {
  readonly owner: string;
  /** After this time anybody may take the claim over; absent while only the owner's end frees it. */
  readonly until?: string;
}

export interface RequestRecord {
  readonly bodyHash: string;
  readonly fleetId: string;
  /** In the order of the request's clusters. */
  readonly runIds: readonly string[];
  /**
   * As `runIds`, but a cluster that was busy joins the run named here. Absent before the clusters are
   * claimed: then nothing has been started.
   */
  readonly answer?: readonly string[];
}

/** A cluster that somebody asked for. */
export interface WantedCluster {
  readonly id: ClusterId;
  /** As ARM spells it, or is to. */
  readonly armId: string;
  /** It does not exist yet, and is to become this. */
  readonly create?: CreationSpec;
  /** Nothing else is to be done to it than this. */
  readonly podIdentity?: PodIdentityChange;
}

export type IdentityWish = Partial<
  Readonly<Record<'controlPlane', 'userAssigned' | 'systemAssigned'>> &
    Readonly<Record<'kubelet', 'managed' | 'own'>>
>;

export interface StartRecord {
  readonly fleetId: string;
  readonly mode: RunMode;
  readonly clusters: readonly WantedCluster[];
  /** What these clusters are to have, where it is not what the policy says. */
  readonly identity?: IdentityWish;
  /** One for each cluster, in their order. */
  readonly runIds: readonly string[];
  /** Of the {@link RequestRecord} that waits for its answer; empty for none. */
  readonly requestId: string;
}

export interface IdentitiesRecord {
  readonly id: string;
  readonly armId: string;
  readonly evaluatedAt: string;
  readonly identities: readonly IdentityEntry[];
}

export interface IdentityHistoryRecord {
  readonly id: string;
  readonly clusterId: ClusterId;
  /** A re-created cluster has no past. */
  readonly resourceUid: string;
  readonly principals: readonly FormerPrincipal[];
}

export interface UndoRecord {
  readonly id: string;
  /** In the order in which they were changed. */
  readonly entries: readonly UndoEntry[];
}

export interface UndoEntry {
  readonly action:
    | 'assignRole'
    | 'removeRole'
    | 'createResourceGroup'
    | 'createIdentity'
    | 'createCluster'
    | 'switchIdentity'
    | 'adoptKubeletIdentity'
    | 'disablePodIdentity'
    | 'writePodIdentity'
    | 'requestFeature'
    | 'withdrawFeature';
  /** ARM id of what changed; of an assignment its scope and name. */
  readonly target: string;
  /** What it was; null for nothing. */
  readonly before: Readonly<Record<string, unknown>> | null;
}

export interface MigrationRecord {
  readonly id: string;
  readonly clusters: readonly { readonly clusterId: ClusterId; readonly armId: string }[];
  readonly options: MigrationOptions;
  readonly requestedBy: string;
  readonly createdAt: string;
  readonly state: MigrationState;
  /** Instance of the durable engine that is at it, or was last. */
  readonly instanceId: string;
  /** Of the plan: a run executes exactly what this hash was made from. */
  readonly planHash?: string;
  readonly approvals?: readonly Approval[];
  /** Somebody asked to roll it back: nothing more is changed by the run. */
  readonly stopped?: boolean;
  readonly endedAt?: string;
  readonly failure?: Failure;
}

export interface MigrationClusterRecord {
  readonly id: string;
  readonly clusterId: ClusterId;
  readonly state: 'succeeded' | 'partial' | 'failed' | 'rolled-back';
  readonly endedAt: string;
  readonly failure?: Failure;
}

export interface MigrationWorkloadRecord {
  readonly id: string;
  readonly clusterId: ClusterId;
  readonly workload: WorkloadRef;
  readonly state: WorkloadState;
  /** Why it is in that state, in one sentence; empty for nothing to say. */
  readonly reason: string;
  /** ISO time of the last change of the state. */
  readonly since: string;
  /** When its first pod was replaced. */
  readonly rolledAt?: string;
}

export interface NmiHeardRecord {
  readonly id: string;
  /** ISO time of the first look. */
  readonly since: string;
  /** ISO time of the last look. */
  readonly at: string;
  /** Before that look, for when it is repeated; absent for the first. */
  readonly before?: NmiHeard;
  readonly heard: NmiHeard;
}

export interface SurveyPieceRecord {
  readonly id: string;
  /** Of how many it is one. */
  readonly pieces: number;
  /** Base64 of compressed JSON; whole only together with the other pieces. */
  readonly gzip: string;
}

export interface SweepRecord {
  /** ISO times. */
  readonly startedAt: string;
  readonly endedAt: string;
}

export interface EventRecord {
  /** Names the evaluation in logs, traces and ARM's activity log; absent in what older versions wrote. */
  readonly correlationId?: string;
  readonly type: string;
  readonly clusterId: ClusterId;
  readonly instanceId: string;
  /** Run whose echo the event is; empty for none. */
  readonly afterRun: string;
  readonly time: string;
  readonly state: 'received' | 'started';
}
