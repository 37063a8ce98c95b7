/** Every activity by the name it is registered under. Adding one here is the whole registration. */
import { assignRole } from './assign-role';
import { concludeRun } from './conclude-run';
import { createIdentity } from './create-identity';
import { disablePodIdentity } from './disable-pod-identity';
import {
  readFeature,
  registerProvider,
  requestFeature,
  withdrawFeature,
} from './feature-registration';
import { judgeCluster } from './judge-cluster';
import { pollOperation } from './poll-operation';
import { readCluster } from './read-cluster';
import { readPool } from './read-pool';
import { startNodeImageRoll } from './start-node-image-roll';
import { storePlan } from './store-plan';
import { sweepPage } from './sweep-page';
import { switchIdentity } from './switch-identity';
import { takeSnapshot } from './take-snapshot';

export const activities = {
  readCluster,
  readPool,
  readFeature,
  takeSnapshot,
  judgeCluster,
  sweepPage,
  storePlan,
  concludeRun,
  pollOperation,
  requestFeature,
  withdrawFeature,
  registerProvider,
  createIdentity,
  assignRole,
  switchIdentity,
  disablePodIdentity,
  startNodeImageRoll,
};

export type Activities = typeof activities;
