/** Every activity by the name it is registered under. Adding one here is the whole registration. */
import { assignRole } from './assign-role';
import { concludeRun } from './conclude-run';
import { createIdentity } from './create-identity';
import { disablePodIdentity } from './disable-pod-identity';
import { evaluateCluster } from './evaluate-cluster';
import {
  readFeature,
  registerFeature,
  registerProvider,
  unregisterFeature,
} from './feature-registration';
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
  evaluateCluster,
  sweepPage,
  storePlan,
  concludeRun,
  pollOperation,
  registerFeature,
  unregisterFeature,
  registerProvider,
  createIdentity,
  assignRole,
  switchIdentity,
  disablePodIdentity,
  startNodeImageRoll,
};

export type Activities = typeof activities;
