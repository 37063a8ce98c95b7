import type { Activities } from '../activities';

/** How often a thrown error is worth repeating. Whole seconds: the engine keeps no finer ones. */
export interface RetryPolicy {
  readonly attempts: number;
  readonly firstDelaySeconds: number;
  readonly factor: number;
  readonly maxDelaySeconds: number;
}

/** Where nothing has been changed yet, or nobody waits: whoever asked may as well ask again. */
const reads: RetryPolicy = { attempts: 6, firstDelaySeconds: 5, factor: 2, maxDelaySeconds: 120 };
/**
 * Once a run has begun to change a cluster it outlasts somebody else's operation, and an Azure that is
 * out of reach: about an hour in all.
 */
export const steps: RetryPolicy = {
  attempts: 20,
  firstDelaySeconds: 15,
  factor: 2,
  maxDelaySeconds: 240,
};
/** Until Entra knows a new credential: seconds as a rule, and up to ten minutes. */
const propagation: RetryPolicy = {
  attempts: 14,
  firstDelaySeconds: 10,
  factor: 2,
  maxDelaySeconds: 60,
};
/** Our own store, on disk or in the same region. */
const records: RetryPolicy = { attempts: 8, firstDelaySeconds: 1, factor: 2, maxDelaySeconds: 60 };

/** The one place where retries are chosen. A new activity does not compile until it has a row. */
const policies: Readonly<Record<keyof Activities, RetryPolicy>> = {
  readCluster: steps,
  takeSnapshot: reads,
  checkRights: steps, // its plan stands: what follows is as patient
  checkMigrationRights: steps,
  surveyCreation: reads,
  readClusterContent: reads,
  surveyMigration: reads,
  surveyPodIdentity: reads,
  readPool: steps,
  readFeature: steps,
  readProvider: steps,
  pollOperation: steps,
  sweepPage: reads,
  judgeCluster: reads,
  requestFeature: steps,
  withdrawFeature: steps,
  registerProvider: steps,
  createResourceGroup: steps,
  createIdentity: steps,
  createCluster: steps,
  assignRole: steps,
  removeRole: steps,
  switchIdentity: steps,
  adoptKubeletIdentity: steps,
  noteIdentityChange: records,
  noteAcceptance: records,
  writePodIdentity: steps,
  startDemoPod: steps,
  readDemoPod: steps,
  removeDemoPod: steps,
  disablePodIdentity: steps,
  startNodeImageRoll: steps,
  storeMigrationPlan: records,
  readMigrationWork: records,
  planCut: records,
  noteMigration: records,
  noteClusterEnd: records,
  noteWorkload: records,
  holdCluster: steps,
  releaseCluster: records,
  enableWorkloadIdentity: steps,
  checkWorkloadIdentity: steps,
  writeCredential: steps,
  prepareAccount: steps,
  proveIdentity: propagation,
  rehearseWorkload: steps,
  patchWorkload: steps,
  steerRollout: steps,
  readRollout: steps,
  evictPod: steps,
  restoreTemplate: steps,
  checkSoak: steps,
  editPodIdentities: steps,
  restorePodIdentities: steps,
  readBindings: steps,
  parkBindings: steps,
  deleteBindings: steps,
  uninstallPart: steps,
  removePodIdentityCrds: steps,
  removeScaleSetIdentities: steps,
  removeGrant: steps,
  startImdsProbes: steps,
  readImdsProbes: steps,
  removeImdsProbes: steps,
  planPoolRolls: steps,
  readLedger: records,
  rememberFeature: records,
  undoChange: steps,
  closeLedgerLine: records,
  storePlan: records,
  concludeRun: records,
};

export function retryPolicyFor(activity: keyof Activities): RetryPolicy {
  return policies[activity];
}
