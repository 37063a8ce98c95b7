import type { Clock } from '../clock';

/** What `getStatus` tells about an instance. `ContinuedAsNew` is never stored. */
export type RuntimeStatus =
  'Pending' | 'Running' | 'Suspended' | 'Completed' | 'Failed' | 'Terminated';

/** One invocation that the engine asks of the worker. */
export interface DurableCall {
  readonly kind: 'orchestration' | 'activity' | 'entity';
  /** Canonical registered name. */
  readonly functionName: string;
  /**
   * What the SDK's handler is given: the history object for orchestrations, the batch object for
   * entities, a `{ string }` or `{}` data union for activities.
   */
  readonly trigger: unknown;
  readonly instanceId: string;
  /** To be given the context of the invocation before the handler runs. */
  readonly watch?: (context: object) => void;
}

/** An activity threw `undefined` or `null`, which the worker does not report. */
export class ThrewNothing extends Error {}

/** The `extensions.durableTask` part of host.json, with its defaults filled in. */
export interface DurableSettings {
  readonly hubName: string;
  readonly maxConcurrentActivityFunctions: number;
  readonly maxConcurrentOrchestratorFunctions: number;
  readonly maxConcurrentEntityFunctions: number;
  readonly maxEntityOperationBatchSize: number;
  readonly maxOrchestrationActions: number;
  readonly overridableExistingInstanceStates: 'NonRunningStates' | 'AnyState';
  /** Version of starts and children that name none; without it, versioned instances stay Pending. */
  readonly defaultVersion?: string;
  readonly httpSleepMs: number;
}

/** What host.json leaves out. */
export const defaultSettings: DurableSettings = {
  hubName: 'TestHubName',
  maxConcurrentActivityFunctions: 20,
  maxConcurrentOrchestratorFunctions: 20,
  maxConcurrentEntityFunctions: 20,
  maxEntityOperationBatchSize: 50,
  maxOrchestrationActions: 100_000,
  overridableExistingInstanceStates: 'NonRunningStates',
  httpSleepMs: 30_000,
};

/**
 * What to do with code that does not work on Azure: `on` fails at the moment it happens, `warn` logs
 * and imitates Azure, `off` imitates Azure.
 */
export type Strictness = 'on' | 'warn' | 'off';

/** What can wait while somebody else is served. */
export interface Courtesy {
  /** Whether to wait now */
  readonly isDue: boolean;
  /** Runs `work` when nobody is being served any more, or it has waited long enough. */
  afterwards(work: () => void): void;
}

export interface EngineOptions {
  /** A file, or `:memory:`. */
  readonly databasePath: string;
  readonly clock: Clock;
  readonly settings: DurableSettings;
  /** Canonical name of a function, in any letter case; undefined if unknown or disabled. */
  registered(kind: DurableCall['kind'], name: string): string | undefined;
  /** Canonical names of all functions of a kind. */
  names(kind: DurableCall['kind']): readonly string[];
  /** Runs a function; resolves with the raw result of the SDK's handler, rejects with what it threw. */
  invoke(call: DurableCall): Promise<unknown>;
  log(
    level: 'debug' | 'information' | 'warning' | 'error',
    message: string,
    about?: { readonly function?: string; readonly instance?: string },
  ): void;
  /** Told of every activity and orchestration that failed, with its reason. */
  failed?(reason: string, about: { readonly function: string; readonly instance: string }): void;
  readonly strict: Strictness;
  /** Whom the engine lets go first; nobody unless given. */
  readonly courtesy?: Courtesy;
  /** Instances that ended so long ago are removed; none unless given. */
  readonly purgeAfterMs?: number;
}

/**
 * An instance as the status API shows it, where an entity is one as well: named as its id, and always
 * Running. `input`, `output` and `customStatus` are JSON texts.
 */
export interface InstanceRecord {
  readonly instanceId: string;
  readonly name: string;
  readonly version?: string;
  readonly executionId: string;
  readonly runtimeStatus: RuntimeStatus;
  readonly input?: string;
  readonly output?: string;
  readonly customStatus?: string;
  readonly createdAt: number;
  readonly updatedAt: number;
  readonly parentInstanceId?: string;
}

/** An entry of an instance's history, with the field names and numbers of the Durable extension. */
export interface HistoryEvent {
  readonly EventType: number;
  readonly EventId: number;
  readonly IsPlayed: boolean;
  readonly Timestamp: Date;
  readonly [field: string]: unknown;
}

export type ControlResult = 'accepted' | 'not-found' | 'completed' | 'wrong-state' | 'unsupported';

export interface StartRequest {
  readonly functionName: string;
  /** A new GUID without dashes when left out. */
  readonly instanceId?: string;
  /** JSON text. */
  readonly input?: string;
  readonly version?: string;
}

export interface StartResult {
  readonly instanceId: string;
  /** State of the live instance that has this id already; nothing was started. */
  readonly conflict?: RuntimeStatus;
}

export interface InstanceQuery {
  readonly instanceIdPrefix?: string;
  readonly createdFrom?: number;
  readonly createdTo?: number;
  /** Names of states; one that no instance can have matches nothing. */
  readonly runtimeStatus?: readonly string[];
  readonly top?: number;
  /** The value that the page before returned. */
  readonly continuation?: string;
  /** Leaves the inputs out. */
  readonly withoutInput?: boolean;
}

export interface InstancePage {
  readonly instances: readonly InstanceRecord[];
  readonly continuation?: string;
}

/** Instances that have ended; live ones are purged only in the way of Azure (`--strict off`). */
export interface PurgeFilter {
  readonly createdFrom: number;
  readonly createdTo?: number;
  /** States in which an instance has not ended do not count. */
  readonly runtimeStatus?: readonly string[];
}

export interface EntityRef {
  readonly name: string;
  readonly key: string;
}

export interface EntityRecord {
  readonly name: string;
  readonly key: string;
  readonly lastOperationAt: number;
  /** JSON text. */
  readonly state?: string;
}

export interface EntityQuery {
  readonly name?: string;
  readonly lastOperationFrom?: number;
  readonly lastOperationTo?: number;
  readonly fetchState?: boolean;
  readonly top?: number;
  readonly continuation?: string;
}

export interface EntityPage {
  readonly entities: readonly EntityRecord[];
  readonly continuation?: string;
}

/** All that a store knows about one instance. */
export interface InstanceTrace {
  readonly kind: 'instance';
  readonly instance: InstanceRecord;
  /** 0 for the first execution, one more for each `continueAsNew` */
  readonly generation: number;
  /** Of the current execution; the ones before it leave none */
  readonly history: readonly HistoryEvent[];
  /** Names of the external events that it waits for */
  readonly awaits: readonly string[];
  /** Numbers of the timers that are still to fire */
  readonly timers: readonly number[];
  /** Messages that have arrived and that the orchestrator has not seen */
  readonly arrived: number;
}

/** Entities keep no history: this is what there is to see. */
export interface EntityTrace {
  readonly kind: 'entity';
  readonly id: string;
  readonly exists: boolean;
  /** JSON text */
  readonly state: string | undefined;
  readonly lockedBy: string | undefined;
  /** Messages that wait for a lock to be released */
  readonly waiting: number;
  readonly lastOperationAt: number;
}

export type Trace =
  InstanceTrace | EntityTrace | { readonly kind: 'unknown'; readonly closest: readonly string[] };

/** Everything that callers may do with orchestrations and entities. Promises resolve once the effect is on disk. */
export interface DurableEngine {
  start(request: StartRequest): Promise<StartResult>;
  status(instanceId: string): Promise<InstanceRecord | undefined>;
  /** Empty for an unknown instance. */
  history(instanceId: string): Promise<readonly HistoryEvent[]>;
  /** All that can be told of an instance, or of an entity (`@name@key`). */
  trace(id: string): Promise<Trace>;
  query(filter: InstanceQuery): Promise<InstancePage>;
  /** `input` is JSON text. */
  raiseEvent(instanceId: string, name: string, input: string): Promise<ControlResult>;
  /** Children are not terminated, entity locks stay held. */
  terminate(instanceId: string, reason: string | undefined): Promise<ControlResult>;
  suspend(instanceId: string, reason: string | undefined): Promise<ControlResult>;
  resume(instanceId: string, reason: string | undefined): Promise<ControlResult>;
  /** Runs the failed parts of a failed instance again. */
  rewind(instanceId: string, reason: string | undefined): Promise<ControlResult>;
  /** Starts again with the stored input; undefined for an unknown instance. */
  restart(instanceId: string, newId: boolean): Promise<StartResult | undefined>;
  /** `wrong-state` for a live instance; an entity can always be purged. */
  purge(instanceId: string): Promise<ControlResult>;
  purgeWhere(filter: PurgeFilter): Promise<number>;
  /** `not-found` when no such entity function is registered. `input` is JSON text. */
  signalEntity(entity: EntityRef, operation: string, input?: string): Promise<ControlResult>;
  readEntity(entity: EntityRef): Promise<EntityRecord | undefined>;
  listEntities(filter: EntityQuery): Promise<EntityPage>;
  /** Frees the locks of instances that have ended; the number of entities freed. Azure has no such call. */
  releaseLocks(): Promise<number>;
  /** Recovers what an earlier process left behind, then begins to work. */
  open(): void;
  /** Takes no new work, waits up to `drainMs` for running functions, writes and closes the file. */
  close(drainMs: number): Promise<void>;
}
