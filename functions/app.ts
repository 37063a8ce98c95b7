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
import type { Settings } from '../settings/parse-settings';
import { isAuthenticated } from '../settings/platform';
import { byAppRole, byFunctionKey } from './authorization';
import type { AppRole } from './authorization';
import { onClusterEvent } from './cluster-events';
import { getCluster, getIdentities, listClusters } from './clusters';
import { getHealth } from './health';
import { answering } from './http';
import type { Reply } from './http';
import { onboardClusters } from './onboard-clusters';
import { getMetrics } from './metrics';
import { getBurnDown, getMigrationFiles } from './migration-reports';
import { getMigration, getMigrationPlan, listMigrations } from './migration-views';
import { applyMigration, planMigrations, rollBackMigrations } from './migrations';
import { reacting, requireSwitchedOn } from './kill-switch';
import { lazyClient } from './lazy-client';
import { getProof, startProof } from './pod-identity-proof';
import { onStartTimer } from './pending-starts';
import { getPermissions } from './permissions';
import { changeExceptions, changePodIdentity } from './pod-identity';
import { getPlan, listPlans } from './plans';
import { eventQueue, onQueuedEvent } from './queued-events';
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

interface Route {
  readonly method: HttpMethod;
  readonly path: string;
  /** What a caller needs with `STEWARD_AUTH=entra`. */
  readonly role: AppRole;
  readonly trigger: Trigger;
}

const get = (path: string, trigger: Trigger): Route => ({
  method: 'GET',
  path,
  role: 'Fleet.Read',
  trigger,
});
const post = (path: string, role: AppRole, trigger: Trigger): Route => ({
  method: 'POST',
  path,
  role,
  trigger,
});

/** The API below `v1/`, by the names of its functions, and who may call what. */
const routes: Readonly<Record<string, Route>> = {
  clustersOnboard: post('clusters', 'Fleet.Onboard', onboardClusters),
  clustersList: get('clusters', looking(listClusters)),
  clustersGet: get('clusters/{id}', looking(getCluster)),
  clustersIdentities: get('clusters/{id}/identities', looking(getIdentities)),
  migrationsPlan: post('migrations', 'Fleet.Remediate', planMigrations),
  migrationsList: get('migrations', looking(listMigrations)),
  migrationsGet: get('migrations/{id}', getMigration),
  migrationsPlanGet: get('migrations/{id}/plan', looking(getMigrationPlan)),
  migrationsFiles: get('migrations/{id}/files', looking(getMigrationFiles)),
  migrationsBurnDown: get('migrations/{id}/burn-down', looking(getBurnDown)),
  migrationsApply: post('migrations/{id}/apply', 'Fleet.Approve', applyMigration),
  migrationsRollBack: post('migrations/{id}/rollback', 'Fleet.Remediate', rollBackMigrations),
  podIdentityChange: post(
    'clusters/{id}/pod-identity/{action}',
    'Fleet.Remediate',
    changePodIdentity,
  ),
  podIdentityProve: post('clusters/{id}/pod-identity-proofs', 'Fleet.Remediate', startProof),
  podIdentityProofGet: get('clusters/{id}/pod-identity-proofs/{proof}', getProof),
  podIdentityExceptions: post(
    'clusters/{id}/pod-identity/exceptions/{action}',
    'Fleet.Remediate',
    changeExceptions,
  ),
  metricsGet: get('metrics', getMetrics),
  permissionsGet: get('permissions', looking(getPermissions)),
  plansList: get('plans', looking(listPlans)),
  plansGet: get('plans/{id}', looking(getPlan)),
  runsList: get('runs', listRuns),
  runsGet: get('runs/{id}', getRun),
  runsUndo: get('runs/{id}/undo', looking(getUndo)),
};

/** The settings that decide how the app is reached. */
export type Doors = Pick<Settings, 'auth' | 'enabled' | 'eventDelivery' | 'sweepSchedule'>;

export function registerApp(clients: Clients, services: Services, doors: Doors): void {
  registerHttp(services, doors);
  registerEvents(services, doors);
  registerTimers(services, doors);
  for (const [name, body] of Object.entries(orchestrations)) {
    // A parent calls a child by the name of its function, which a bundler may have changed.
    Object.defineProperty(body, 'name', { value: name });
    df.app.orchestration(name, orchestrator(body as Orchestration<unknown, unknown>));
  }
  for (const [name, activity] of Object.entries(activities)) {
    df.app.activity(name, { handler: toHandler(activity as Activity<unknown, unknown>, clients) });
  }
}

function registerHttp(services: Services, { auth, enabled }: Doors): void {
  const authorize =
    auth === 'entra' ? byAppRole(() => isAuthenticated(process.env)) : byFunctionKey;
  for (const [name, { method, path, role, trigger }] of Object.entries(routes)) {
    app.http(name, {
      methods: [method],
      route: `v1/${path}`,
      authLevel: auth === 'entra' ? 'anonymous' : 'function',
      extraInputs: [df.input.durableClient()],
      handler: answering(async (request, context) => {
        authorize(request, role);
        requireSwitchedOn(enabled, method);
        const client = lazyClient(() => df.getClient(context));
        return trigger(request, client, services);
      }),
    });
  }
  app.http('health', {
    methods: ['GET'],
    route: 'health',
    authLevel: 'anonymous',
    handler: getHealth,
  });
}

/** Two ways to the same reaction. Only one is open: an app that is fed by a queue has no webhook, and no key for it. */
function registerEvents(services: Services, { enabled, eventDelivery }: Doors): void {
  if (eventDelivery === 'queue') {
    df.app.client.storageQueue('queuedClusterEvents', {
      ...eventQueue,
      handler: reacting(onQueuedEvent, { services, enabled }),
    });
  } else {
    df.app.client.eventGrid('clusterEvents', {
      handler: reacting(onClusterEvent, { services, enabled }),
    });
  }
}

function registerTimers(services: Services, { enabled, sweepSchedule }: Doors): void {
  df.app.client.timer('fleetSweep', {
    schedule: sweepSchedule,
    handler: reacting(onSweepTimer, { services, enabled }),
  });
  df.app.client.timer('pendingStarts', {
    schedule: '0 * * * * *',
    handler: reacting(onStartTimer, { services, enabled }),
  });
}
