import { setTimeout as pause } from 'node:timers/promises';

import type { Api, MigrationPlanView, MigrationView, PlannedWorkload } from './api';
import type { Azure } from './azure';
import type { Screen } from './screen';

const everyMs = 250;
/** Simulated seconds in one real second while nothing is done but to wait a day. */
const soakSpeed = 5_000;

export interface MigrationRun {
  readonly api: Api;
  readonly azure: Azure;
  readonly screen: Screen;
  readonly signal: AbortSignal;
  readonly clock: () => string;
  readonly speed: number;
}

/**
 * Shows a migration off pod identity from its plan to its end: what the plan has, what of it needs a person and why, and
 * what becomes of each workload. Everything that only needs approval is approved.
 *
 * @returns the exit code: 0 when all that could be migrated is, and no pod was ever without a token.
 */
export async function migrate(run: MigrationRun, request: object): Promise<number> {
  const { api, screen, signal } = run;
  const known = await api.migrations();
  const id = known[0]?.id ?? (await api.planMigration(request));
  const planned = await until(run, id, ({ state }) => state !== 'planning');
  if (planned.plan === null) {
    screen.line(`No plan: ${planned.failure?.message ?? 'interrupted'}`);
    return 1;
  }
  const plan = await api.migrationPlan(id);
  showPlan(plan, screen);
  if (planned.state === 'planned') {
    const codes = [...new Set(codesOf(plan))].map((code) => ({ code }));
    await api.applyMigration(id, { planHash: planned.plan.hash, approvals: codes });
  }
  const end = await watch(run, { id, plan });
  if (signal.aborted) return 130;
  return conclude(run, { end, plan });
}

/** The codes that ask for a person's word, and for nothing else. */
function codesOf({ clusters }: MigrationPlanView): readonly string[] {
  return clusters.flatMap(({ approvals }) => approvals);
}

async function until(
  { api, signal }: MigrationRun,
  id: string,
  reached: (migration: MigrationView) => boolean,
): Promise<MigrationView> {
  for (;;) {
    const migration = await api.migration(id);
    if (reached(migration) || signal.aborted) return migration;
    await pause(everyMs);
  }
}

function showPlan({ clusters }: MigrationPlanView, screen: Screen): void {
  for (const { name, codes, steps, workloads } of clusters) {
    screen.line(`${name}: ${[...steps, ...codes].join(', ')}`);
    const width = Math.max(...workloads.map((one) => nameOf(one).length));
    for (const workload of workloads) {
      const { status, auth, codes: why } = workload;
      const how = ['ready', 'needs-approval', 'pull-request'].includes(status) ? auth : '';
      const reasons = why.map((code) => code.toLowerCase().replaceAll('_', ' ')).join(', ');
      screen.line(
        `  ${nameOf(workload).padEnd(width)}  ${status.padEnd(14)}  ${how.padEnd(7)}  ${reasons}`.trimEnd(),
      );
    }
    screen.line('');
  }
}

/** Says every change of a workload's state. Waiting a day takes seconds here. */
async function watch(
  run: MigrationRun,
  { id, plan }: { readonly id: string; readonly plan: MigrationPlanView },
): Promise<MigrationView> {
  const { azure, screen, clock, speed } = run;
  const before = new Map<string, string>();
  let fast = false;
  const end = await until(run, id, (migration) => {
    for (const workload of workloadsOf(migration)) {
      const now = `${workload.state}${workload.reason === '' ? '' : `: ${workload.reason}`}`;
      if (before.get(nameOf(workload)) === now) continue;
      before.set(nameOf(workload), now);
      screen.line(`${clock()}  ${nameOf(workload)} ${now}`);
    }
    const soaks = isSoaking(migration, plan);
    if (soaks !== fast) {
      fast = soaks;
      void azure.runAt(soaks ? soakSpeed : speed);
      screen.line(`${clock()}  ${soaks ? 'soaking for a day, here in seconds' : 'soaked'}`);
    }
    return !['planned', 'running', 'rolling-back'].includes(migration.state);
  });
  await azure.runAt(speed);
  return end;
}

/** Everything is rolled out that is going to be, and something of it is watched. */
function isSoaking(migration: MigrationView, { clusters }: MigrationPlanView): boolean {
  const wanted = clusters
    .flatMap(({ workloads }) => workloads)
    .filter(({ delivery }) => ['patch', 'pull-request'].includes(delivery)).length;
  const states = workloadsOf(migration).map(({ state }) => state);
  const under = ['planned', 'proven', 'rehearsed', 'rolling'];
  return (
    states.length >= wanted &&
    states.includes('soaking') &&
    !states.some((state) => under.includes(state))
  );
}

async function conclude(
  { azure, screen }: MigrationRun,
  { end, plan }: { readonly end: MigrationView; readonly plan: MigrationPlanView },
): Promise<number> {
  const probes = await azure.probes();
  const workloads = plan.clusters.flatMap((cluster) => cluster.workloads);
  const migrated = workloadsOf(end).filter(({ state }) => state === 'migrated').length;
  const wanted = workloads.filter(({ delivery }) => delivery === 'patch').length;
  screen.line('');
  screen.line(`${migrated} of ${workloads.length} workloads migrated; the others need a person:`);
  for (const workload of workloads.filter((one) => !isDone(one, end))) {
    const known = workloadsOf(end).find((one) => nameOf(one) === nameOf(workload));
    const reason = known && known.reason !== '' ? known.reason : workload.codes.join(', ');
    screen.line(`  ${nameOf(workload)} (${known?.state ?? workload.status}): ${reason}`);
  }
  screen.line(
    `${probes.asked} token requests of their pods, ${probes.failed} failed of those that worked before`,
  );
  for (const { failure } of end.clusters) if (failure) screen.line(`✗ ${failure.message}`);
  return migrated >= wanted && probes.failed === 0 ? 0 : 1;
}

function isDone(workload: PlannedWorkload, end: MigrationView): boolean {
  return workloadsOf(end).some(
    (one) => nameOf(one) === nameOf(workload) && one.state === 'migrated',
  );
}

function workloadsOf({ clusters }: MigrationView) {
  return clusters.flatMap(({ workloads }) => workloads);
}

function nameOf(workload: {
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
}): string {
  return `${workload.namespace}/${workload.kind}/${workload.name}`;
}
