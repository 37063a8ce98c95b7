/** How far the pods of a workload have followed its template. Names only, so that a history stays small. */
export interface Rollout {
  readonly desired: number;
  /** Pods of the patched template, ready ones and all. */
  readonly newReady: number;
  readonly newPods: readonly string[];
  readonly oldPods: readonly string[];
  /** Every pod that is wanted is a new one and is ready, and no old one is left. */
  readonly complete: boolean;
  /** The template is the one without the patch, and as many pods as wanted are ready. */
  readonly restored: boolean;
  /** What went wrong with new pods: one sentence each. */
  readonly problems: readonly string[];
}
