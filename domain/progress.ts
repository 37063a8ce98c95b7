/** Why something that is not finished is not moving: a closed list, because people filter by it. */
export type WaitReason =
  | 'concurrency'
  | 'rbac-propagation'
  | 'feature-registering'
  | 'operation-in-progress'
  | 'dependency'
  | 'soak';

/** What a run is doing right now. */
export interface Progress {
  /** Kind of the current step, or `read`, `plan`, `verify`. */
  readonly step: string;
  readonly done: number;
  readonly total: number;
  readonly wait?: Wait;
  readonly planId?: string;
}

export interface Wait {
  readonly reason: WaitReason;
  /** One sentence for people. */
  readonly text: string;
  /** When the wait is looked at again or ends; ISO 8601. */
  readonly until?: string;
}
