import { adoptKubelet } from '../../orchestrations/adopt-kubelet';
import { assignRoles } from '../../orchestrations/assign-roles';
import { changePodIdentities } from '../../orchestrations/change-pod-identities';
import { enablePodIdentity } from '../../orchestrations/enable-pod-identity';
import { createManagedCluster } from '../../orchestrations/create-managed-cluster';
import { enableManagedIdentity } from '../../orchestrations/enable-managed-identity';
import { evaluateCluster } from '../../orchestrations/evaluate-cluster';
import { drawUpMigration } from '../../orchestrations/migration/draw-up-migration';
import { migrateCluster } from '../../orchestrations/migration/migrate-cluster';
import { migrateFleet } from '../../orchestrations/migration/migrate-fleet';
import { migrateWorkload } from '../../orchestrations/migration/migrate-workload';
import {
  rollBackCluster,
  rollBackMigration,
} from '../../orchestrations/migration/roll-back-migration';
import { soakCluster } from '../../orchestrations/migration/soak-cluster';
import { surveyClusters } from '../../orchestrations/migration/survey-clusters';
import { verifyImds } from '../../orchestrations/migration/verify-imds';
import { provePodIdentity } from '../../orchestrations/prove-pod-identity';
import { onboardCluster } from '../../orchestrations/onboard-cluster';
import { onboardFleet } from '../../orchestrations/onboard-fleet';
import { registerFeature } from '../../orchestrations/register-feature';
import { removeRoles } from '../../orchestrations/remove-roles';
import { retirePodIdentity } from '../../orchestrations/retire-pod-identity';
import { rollNodeImages } from '../../orchestrations/roll-node-images';
import { sweepFleet } from '../../orchestrations/sweep-fleet';
import { unregisterFeature } from '../../orchestrations/unregister-feature';
import { waitForOperation } from '../../orchestrations/wait-for-operation';
import { orchestrator } from '../../orchestrations/workflow';
import type { Orchestration } from '../../orchestrations/workflow';

const bodies: readonly { readonly name: string }[] = [
  adoptKubelet,
  assignRoles,
  changePodIdentities,
  enablePodIdentity,
  createManagedCluster,
  enableManagedIdentity,
  evaluateCluster,
  drawUpMigration,
  migrateCluster,
  migrateFleet,
  migrateWorkload,
  rollBackCluster,
  rollBackMigration,
  soakCluster,
  surveyClusters,
  verifyImds,
  onboardCluster,
  provePodIdentity,
  onboardFleet,
  registerFeature,
  removeRoles,
  retirePodIdentity,
  rollNodeImages,
  sweepFleet,
  unregisterFeature,
  waitForOperation,
];

/** Every orchestration by the name that a parent calls it by. */
export const registry: ReadonlyMap<string, ReturnType<typeof orchestrator>> = new Map(
  bodies.map((body) => [body.name, orchestrator(body as Orchestration<unknown, unknown>)]),
);
