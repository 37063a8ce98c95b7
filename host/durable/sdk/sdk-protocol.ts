import type { Entity } from '../entities/entity-store';
import type { Operation } from '../entities/entity-messages';
import type { Outcome } from '../orchestrations/episode';
import type { Ending } from '../failures';
import type { Instance } from '../instance';

/** What a batch of operations made of an entity. */
export interface BatchResult {
  readonly entityExists: boolean;
  /** JSON text */
  readonly entityState?: string | null;
  readonly results: readonly { readonly isError: boolean; readonly result?: string }[];
  readonly signals: readonly {
    readonly target: { readonly name: string; readonly key: string };
    readonly name: string;
    readonly input?: string;
    /** The operation that sent it. */
    readonly requestId?: string;
  }[];
}

/** A call of an activity. */
export interface ActivityCall {
  readonly instanceId: string;
  readonly name: string;
  /** JSON text */
  readonly input: string | undefined;
}

/**
 * What the engine asks of the SDK that an app was written with. It says everything in the engine's
 * words: nothing else knows what the SDK is given and what it returns. Nothing here rejects.
 */
export interface SdkProtocol {
  /** Runs an orchestrator over `instance.history`, which ends with what is new. */
  orchestrate(instance: Instance, functionName: string, isReplaying: boolean): Promise<Outcome>;
  perform(call: ActivityCall): Promise<Ending>;
  operate(entity: Entity, operations: readonly Operation[]): Promise<BatchResult>;
}
