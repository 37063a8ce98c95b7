/** The numbers that the SDK gives to what an orchestrator asks for. */
export const ActionType = {
  CallActivity: 0,
  CallActivityWithRetry: 1,
  CallSubOrchestrator: 2,
  CallSubOrchestratorWithRetry: 3,
  ContinueAsNew: 4,
  CreateTimer: 5,
  WaitForExternalEvent: 6,
  CallEntity: 7,
  CallHttp: 8,
  SignalEntity: 9,
  WhenAny: 11,
  WhenAll: 12,
  LockEntities: 13,
  ReleaseEntities: 14,
} as const;

export interface RetryOptions {
  readonly firstRetryIntervalInMilliseconds: number;
  readonly maxNumberOfAttempts: number;
  readonly backoffCoefficient?: number;
  readonly maxRetryIntervalInMilliseconds?: number;
  readonly retryTimeoutInMilliseconds?: number;
}

export interface HttpRequest {
  readonly method: string;
  readonly uri: string;
  readonly content?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly tokenSource?: unknown;
  readonly asynchronousPatternEnabled?: boolean;
}

/** An entry of `state.actions`, as the SDK returns it: which fields are set depends on the type. */
export interface Action {
  readonly actionType: number;
  readonly functionName?: string;
  readonly input?: unknown;
  readonly instanceId?: string;
  readonly version?: string;
  readonly retryOptions?: RetryOptions;
  /** A Date, or its text when the state came in an error message. */
  readonly fireAt?: Date | string;
  readonly isCanceled?: boolean;
  readonly externalEventName?: string;
  readonly operation?: string;
  readonly httpRequest?: HttpRequest;
  readonly compoundActions?: readonly Action[];
  readonly lockSet?: readonly { name: string; key: string }[];
  readonly lockRequestId?: string;
}

/** What the host has to do for an orchestrator; `id` is its sequence number. */
export type Decision =
  | {
      readonly kind: 'activity';
      readonly id: number;
      readonly name: string;
      readonly input: unknown;
      /** From 2 on */
      readonly attempt?: number;
    }
  | {
      readonly kind: 'child';
      readonly id: number;
      readonly name: string;
      readonly input: unknown;
      readonly instanceId?: string;
      readonly version?: string;
      readonly attempt?: number;
    }
  | {
      readonly kind: 'timer';
      readonly id: number;
      readonly fireAt: number;
      readonly cancelled: boolean;
      /** The attempt that it follows, when it delays another one */
      readonly attempt?: number;
    }
  | {
      readonly kind: 'call' | 'signal';
      readonly id: number;
      readonly entityId: string;
      readonly operation: string;
      readonly input: unknown;
    }
  | {
      readonly kind: 'lock';
      readonly id: number;
      readonly requestId: string;
      readonly lockSet: readonly { name: string; key: string }[];
    }
  | {
      readonly kind: 'release';
      readonly id: number;
      readonly entityId: string;
      readonly requestId: string;
    };

/** The name under which the host makes HTTP calls for orchestrators. */
export const httpActivity = 'BuiltIn::HttpActivity';
