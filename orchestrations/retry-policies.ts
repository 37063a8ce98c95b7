import type { Activities } from '../activities';

/** How often a thrown error is worth repeating. Whole seconds: the engine keeps no finer ones. */
export interface RetryPolicy {
  readonly attempts: number;
  readonly firstDelaySeconds: number;
  readonly factor: number;
  readonly maxDelaySeconds: number;
}

const reads: RetryPolicy = { attempts: 6, firstDelaySeconds: 5, factor: 2, maxDelaySeconds: 120 };
/** A write that meets somebody else's operation waits for it: about an hour in all. */
const writes: RetryPolicy = {
  attempts: 20,
  firstDelaySeconds: 15,
  factor: 2,
  maxDelaySeconds: 240,
};
/** Our own store, on disk or in the same region. */
const records: RetryPolicy = { attempts: 8, firstDelaySeconds: 1, factor: 2, maxDelaySeconds: 60 };

/** The one place where retries are chosen. A new activity does not compile until it has a row. */
const policies: Readonly<Record<keyof Activities, RetryPolicy>> = {
  readCluster: reads,
  takeSnapshot: reads,
  readPool: reads,
  readFeature: reads,
  pollOperation: reads,
  sweepPage: reads,
  judgeCluster: reads,
  requestFeature: writes,
  withdrawFeature: writes,
  registerProvider: writes,
  createIdentity: writes,
  assignRole: writes,
  switchIdentity: writes,
  disablePodIdentity: writes,
  startNodeImageRoll: writes,
  storePlan: records,
  concludeRun: records,
};

export function retryPolicyFor(activity: keyof Activities): RetryPolicy {
  return policies[activity];
}
