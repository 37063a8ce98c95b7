/**
 * Every function of the app, by name. With `functions/index.ts`, which calls `registerApp` with the
 * real clients, this is the only code that sees all the parts.
 */
import { app } from '@azure/functions';
import type { HttpMethod, HttpRequest } from '@azure/functions';
import * as df from 'durable-functions';
import type { DurableClient } from 'durable-functions';

import { activities } from '../activities';
import { toHandler } from '../activities/activity';
import type { Activity } from '../activities/activity';
import type { Clients } from '../clients';
import { evaluateCluster } from '../orchestrations/evaluate-cluster';
import { changePodIdentities } from '../orchestrations/change-pod-identities';
import { adoptKubelet } from '../orchestrations/adopt-kubelet';
import { assignRoles } from '../orchestrations/assign-roles';
import { createManagedCluster } from '../orchestrations/create-managed-cluster';
import { enablePodIdentity } from '../orchestrations/enable-pod-identity';
import { enableManagedIdentity } from '../orchestrations/enable-managed-identity';
import { drawUpMigration } from '../orchestrations/migration/draw-up-migration';
import { migrateCluster } from '../orchestrations/migration/migrate-cluster';
import { migrateFleet } from '../orchestrations/migration/migrate-fleet';
import { migrateWorkload } from '../orchestrations/migration/migrate-workload';
import {
  rollBackCluster,
  rollBackMigration,
} from '../orchestrations/migration/roll-back-migration';
import { soakCluster } from '../orchestrations/migration/soak-cluster';
import { surveyClusters } from '../orchestrations/migration/survey-clusters';
import { verifyImds } from '../orchestrations/migration/verify-imds';
import { provePodIdentity } from '../orchestrations/prove-pod-identity';
import { onboardCluster } from '../orchestrations/onboard-cluster';
import { onboardFleet } from '../orchestrations/onboard-fleet';
import { registerFeature } from '../orchestrations/register-feature';
import { removeRoles } from '../orchestrations/remove-roles';
import { retirePodIdentity } from '../orchestrations/retire-pod-identity';
import { rollNodeImages } from '../orchestrations/roll-node-images';
import { sweepFleet } from '../orchestrations/sweep-fleet';
import { unregisterFeature } from '../orchestrations/unregister-feature';
import { waitForOperation } from '../orchestrations/wait-for-operation';
import { orchestrator } from '../orchestrations/workflow';
import type { Orchestration } from '../orchestrations/workflow';
import { onClusterEvent } from './cluster-events';
import { getCluster, getIdentities, listClusters } from './clusters';
import { answering } from './http';
import type { Reply } from './http';
import { onboardClusters } from './onboard-clusters';
import { getBurnDown, getMigrationFiles } from './migration-reports';
import { getMigration, getMigrationPlan, listMigrations } from './migration-views';
import { applyMigration, planMigrations, rollBackMigrations } from './migrations';
import { lazyClient } from './lazy-client';
import { getProof, startProof } from './pod-identity-proof';
import { onStartTimer } from './pending-starts';
import { getPermissions } from './permissions';
import { changeExceptions, changePodIdentity } from './pod-identity';
import { getPlan, listPlans } from './plans';
import { getRun, getUndo, listRuns } from './runs';
import type { Services } from './services';
import { onSweepTimer } from './sweep';

/** By the names under which histories know them: a name is for ever. */
const orchestrations = {
  onboardFleet,
  onboardCluster,
  registerFeature,
  unregisterFeature,
  enableManagedIdentity,
  adoptKubelet,
  createManagedCluster,
  assignRoles,
  removeRoles,
  rollNodeImages,
  retirePodIdentity,
  drawUpMigration,
  surveyClusters,
  migrateFleet,
  migrateCluster,
  migrateWorkload,
  soakCluster,
  verifyImds,
  rollBackMigration,
  rollBackCluster,
  enablePodIdentity,
  provePodIdentity,
  changePodIdentities,
  waitForOperation,
  evaluateCluster,
  sweepFleet,
};

type Trigger = (request: HttpRequest, client: DurableClient, services: Services) => Promise<Reply>;

/** A trigger that looks things up, and starts nothing. */
function looking(trigger: (request: HttpRequest, services: Services) => Promise<Reply>): Trigger {
  return (request, _client, services) => trigger(request, services);
}

const routes: Readonly<Record<string, readonly [HttpMethod, string, Trigger]>> = {
  clustersOnboard: ['POST', 'clusters', onboardClusters],
  clustersList: ['GET', 'clusters', looking(listClusters)],
  clustersGet: ['GET', 'clusters/{id}', looking(getCluster)],
  clustersIdentities: ['GET', 'clusters/{id}/identities', looking(getIdentities)],
  migrationsPlan: ['POST', 'migrations', planMigrations],
  migrationsList: ['GET', 'migrations', looking(listMigrations)],
  migrationsGet: ['GET', 'migrations/{id}', getMigration],
  migrationsPlanGet: ['GET', 'migrations/{id}/plan', looking(getMigrationPlan)],
  migrationsFiles: ['GET', 'migrations/{id}/files', looking(getMigrationFiles)],
  migrationsBurnDown: ['GET', 'migrations/{id}/burn-down', looking(getBurnDown)],
  migrationsApply: ['POST', 'migrations/{id}/apply', applyMigration],
  migrationsRollBack: ['POST', 'migrations/{id}/rollback', rollBackMigrations],
  podIdentityChange: ['POST', 'clusters/{id}/pod-identity/{action}', changePodIdentity],
  podIdentityProve: ['POST', 'clusters/{id}/pod-identity-proofs', startProof],
  podIdentityProofGet: ['GET', 'clusters/{id}/pod-identity-proofs/{proof}', getProof],
  podIdentityExceptions: [
    'POST',
    'clusters/{id}/pod-identity/exceptions/{action}',
    changeExceptions,
  ],
  permissionsGet: ['GET', 'permissions', looking(getPermissions)],
  plansList: ['GET', 'plans', looking(listPlans)],
  plansGet: ['GET', 'plans/{id}', looking(getPlan)],
  runsList: ['GET', 'runs', listRuns],
  runsGet: ['GET', 'runs/{id}', getRun],
  runsUndo: ['GET', 'runs/{id}/undo', looking(getUndo)],
};

/** @param sweepSchedule six-field NCRONTAB. */
export function registerApp(clients: Clients, services: Services, sweepSchedule: string): void {
  for (const [name, [method, path, trigger]] of Object.entries(routes)) {
    app.http(name, {
      methods: [method],
      route: `v1/${path}`,
      authLevel: 'function',
      extraInputs: [df.input.durableClient()],
      handler: answering((request, context) => {
        const client = lazyClient(() => df.getClient(context));
        return trigger(request, client, services);
      }),
    });
  }

  df.app.client.eventGrid('clusterEvents', {
    handler: (event, client, context) => onClusterEvent(event, client, { services, context }),
  });
  df.app.client.timer('fleetSweep', {
    schedule: sweepSchedule,
    handler: (timer, client, context) => onSweepTimer(timer, client, { services, context }),
  });
  df.app.client.timer('pendingStarts', {
    schedule: '0 * * * * *',
    handler: (timer, client, context) => onStartTimer(timer, client, { services, context }),
  });

  for (const [name, body] of Object.entries(orchestrations)) {
    // A parent calls a child by the name of its function, which a bundler may have changed.
    Object.defineProperty(body, 'name', { value: name });
    df.app.orchestration(name, orchestrator(body as Orchestration<unknown, unknown>));
  }
  for (const [name, activity] of Object.entries(activities)) {
    df.app.activity(name, { handler: toHandler(activity as Activity<unknown, unknown>, clients) });
  }
}
