/** Every activity by the name it is registered under. Adding one here is the whole registration. */
import { adoptKubeletIdentity } from './adopt-kubelet-identity';
import { assignRole } from './assign-role';
import { checkRights } from './check-rights';
import { concludeRun } from './conclude-run';
import { createCluster } from './create-cluster';
import { createIdentity } from './create-identity';
import { createResourceGroup } from './create-resource-group';
import { disablePodIdentity } from './disable-pod-identity';
import {
  readFeature,
  readProvider,
  registerProvider,
  requestFeature,
  withdrawFeature,
} from './feature-registration';
import { judgeCluster } from './judge-cluster';
import { noteAcceptance } from './note-acceptance';
import { noteIdentityChange } from './note-identity-change';
import { readDemoPod, removeDemoPod, startDemoPod } from './pod-identity-demo';
import { pollOperation } from './poll-operation';
import { readCluster } from './read-cluster';
import { readClusterContent } from './read-cluster-content';
import { readPool } from './read-pool';
import { removeRole } from './remove-role';
import { startNodeImageRoll } from './start-node-image-roll';
import { storePlan } from './store-plan';
import { surveyCreation } from './survey-creation';
import { surveyMigration } from './survey-migration';
import { surveyPodIdentity } from './survey-pod-identity';
import { sweepPage } from './sweep-page';
import { switchIdentity } from './switch-identity';
import { takeSnapshot } from './take-snapshot';
import { writePodIdentity } from './write-pod-identity';

import { migrationActivities } from './migration';

export const activities = {
  readCluster,
  readPool,
  readFeature,
  readProvider,
  takeSnapshot,
  surveyCreation,
  readClusterContent,
  surveyMigration,
  surveyPodIdentity,
  judgeCluster,
  sweepPage,
  storePlan,
  checkRights,
  concludeRun,
  pollOperation,
  requestFeature,
  withdrawFeature,
  registerProvider,
  createResourceGroup,
  createIdentity,
  createCluster,
  assignRole,
  removeRole,
  switchIdentity,
  adoptKubeletIdentity,
  noteIdentityChange,
  noteAcceptance,
  writePodIdentity,
  startDemoPod,
  readDemoPod,
  removeDemoPod,
  disablePodIdentity,
  startNodeImageRoll,
  ...migrationActivities,
};

export type Activities = typeof activities;
