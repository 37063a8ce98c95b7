/** What a migration off pod identity does, by the names under which it is registered. */
import { deleteBindings, parkBindings, readBindings } from './bindings';
import { checkMigrationRights } from './check-migration-rights';
import { checkSoak } from './check-soak';
import { checkWorkloadIdentity } from './check-workload-identity';
import { editPodIdentities, restorePodIdentities } from './edit-pod-identities';
import { enableWorkloadIdentity } from './enable-workload-identity';
import { evictPod } from './evict-pod';
import { holdCluster, releaseCluster } from './hold-cluster';
import { planPoolRolls, readImdsProbes, removeImdsProbes, startImdsProbes } from './imds';
import { noteClusterEnd, noteMigration, noteWorkload } from './note-progress';
import { patchWorkload, restoreTemplate, steerRollout } from './patch-workload';
import { planCut } from './plan-cut';
import { readMigrationWork, storeMigrationPlan } from './plans';
import { prepareAccount } from './prepare-account';
import { proveIdentity } from './prove-identity';
import { readRollout } from './read-rollout';
import { rehearseWorkload } from './rehearse-workload';
import { removeGrant } from './remove-grant';
import { removeScaleSetIdentities } from './scale-set-identities';
import { closeLedgerLine, readLedger, rememberFeature, undoChange } from './undo-change';
import { removePodIdentityCrds, uninstallPart } from './uninstall';
import { writeCredential } from './write-credential';

export const migrationActivities = {
  storeMigrationPlan,
  readMigrationWork,
  checkMigrationRights,
  planCut,
  noteMigration,
  noteClusterEnd,
  noteWorkload,
  holdCluster,
  releaseCluster,
  enableWorkloadIdentity,
  checkWorkloadIdentity,
  writeCredential,
  prepareAccount,
  proveIdentity,
  rehearseWorkload,
  patchWorkload,
  steerRollout,
  readRollout,
  evictPod,
  restoreTemplate,
  checkSoak,
  editPodIdentities,
  restorePodIdentities,
  readBindings,
  parkBindings,
  deleteBindings,
  uninstallPart,
  removePodIdentityCrds,
  removeScaleSetIdentities,
  removeGrant,
  startImdsProbes,
  readImdsProbes,
  removeImdsProbes,
  planPoolRolls,
  readLedger,
  rememberFeature,
  undoChange,
  closeLedgerLine,
};

export type MigrationActivities = typeof migrationActivities;
