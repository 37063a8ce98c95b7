import type { ClusterId } from '../../domain/ids';
import type { WorkloadMigration } from '../../domain/migration/document';
import type { Canary } from '../../domain/migration/ledger';
import type { Rollout } from '../../domain/migration/rollout';
import type { Json } from '../../domain/migration/snapshot';
import { FailureError, failureOf } from '../../domain/outcome';
import { waiting } from '../steps';
import type { Run, Workflow } from '../workflow';

export interface RollWorkloadInput {
  readonly migrationId: string;
  readonly clusterId: ClusterId;
  readonly workload: WorkloadMigration;
  /** The init container that the webhook injects, where it is to be pinned. */
  readonly proxyInit: Json | null;
}

const canaryMinutes = 15;
const gateMinutes = 5;
const pollsPerWait = 40;

/**
 * Changes the template of a workload and sees its pods replaced: a first one alone, watched for some minutes, then the
 * rest. When anything of it goes wrong the template is put back, and the old pods with it.
 *
 * @throws FailureError `RolledBack` when the workload runs as before.
 */
export function* rollWorkload(workflow: Workflow, input: RollWorkloadInput): Run<void> {
  const { migrationId, clusterId, workload, proxyInit } = input;
  const of = { migrationId, clusterId, workload };
  const patched = yield* workflow.patiently.patchWorkload({ ...of, proxyInit });
  try {
    yield* behindCanary(workflow, of, patched);
  } catch (error) {
    const { code, message } = failureOf(error);
    if (code === 'Stopped') throw error; // whoever stopped it puts everything back
    yield* restoreWorkload(workflow, of);
    throw new FailureError({
      code: 'RolledBack',
      message: `The rollout was taken back: ${message}`,
      next: 'Look at the events of the workload, mend the cause, then plan again.',
      target: clusterId,
    });
  }
}

type Of = Pick<RollWorkloadInput, 'migrationId' | 'clusterId' | 'workload'>;

interface Patched {
  readonly canary: Canary;
  readonly limitSeconds: number;
}

function* behindCanary(workflow: Workflow, of: Of, { canary, limitSeconds }: Patched): Run<void> {
  if (canary === 'none') return;
  const canaryLimit = canaryMinutes * 60;
  if (canary === 'evict') {
    yield* oneByOne(workflow, of, limitSeconds);
    return;
  }
  yield* until(workflow, of, {
    limitSeconds: canaryLimit,
    reached: ({ newReady }) => newReady > 0,
  });
  yield* workflow.patiently.steerRollout({ ...of, hold: true });
  yield* workflow.sleepSeconds(gateMinutes * 60);
  requireHealthy(yield* workflow.patiently.readRollout(of), of);
  yield* workflow.patiently.steerRollout({ ...of, hold: false });
  yield* until(workflow, of, { limitSeconds, reached: ({ complete }) => complete });
}

/** Whoever replaces no pods by itself gets them replaced one after the other, as disruption budgets allow. */
function* oneByOne(workflow: Workflow, of: Of, limitSeconds: number): Run<void> {
  let rollout = yield* workflow.patiently.readRollout(of);
  while (rollout.oldPods.length > 0) {
    const ready = rollout.newReady;
    yield* workflow.patiently.evictPod({ ...of, pod: rollout.oldPods[0] ?? '' });
    rollout = yield* until(workflow, of, {
      limitSeconds,
      reached: ({ newReady, oldPods }) => newReady > ready || oldPods.length === 0,
    });
    yield* workflow.sleepSeconds(ready === 0 ? gateMinutes * 60 : 15);
    requireHealthy(rollout, of);
  }
}

interface Goal {
  readonly limitSeconds: number;
  readonly reached: (rollout: Rollout) => boolean;
}

function* until(workflow: Workflow, of: Of, { limitSeconds, reached }: Goal): Run<Rollout> {
  const deadline = workflow.now().getTime() + limitSeconds * 1000;
  const pause = Math.max(10, Math.ceil(limitSeconds / pollsPerWait));
  for (;;) {
    const rollout = yield* workflow.patiently.readRollout(of);
    if (reached(rollout)) return rollout;
    requireHealthy(rollout, of);
    if (workflow.now().getTime() >= deadline) throw late(of, rollout);
    waiting(workflow, {
      reason: 'operation-in-progress',
      text: `${rollout.newReady} of ${rollout.desired} new pods are ready`,
      until: new Date(deadline).toISOString(),
    });
    yield* workflow.sleepSeconds(pause);
  }
}

function requireHealthy({ problems }: Rollout, { clusterId }: Of): void {
  const [problem] = problems;
  if (problem === undefined) return;
  throw new FailureError({
    code: 'NotVerified',
    message: problem,
    next: 'Look at the events of the workload.',
    target: clusterId,
  });
}

function late({ clusterId }: Of, { newReady, desired }: Rollout): FailureError {
  return new FailureError({
    code: 'DeadlineExceeded',
    message: `${newReady} of ${desired} new pods were ready in time.`,
    next: 'Look at the events of the workload.',
    target: clusterId,
  });
}

/** Puts a template back as the ledger has it and waits until the pods follow. */
export function* restoreWorkload(workflow: Workflow, of: Of): Run<void> {
  const { migrationId, clusterId, workload } = of;
  const { kind, namespace, name } = workload;
  const ref = { kind, namespace, name };
  const { limitSeconds, evict } = yield* workflow.patiently.restoreTemplate({
    migrationId,
    clusterId,
    workload: ref,
  });
  const deadline = workflow.now().getTime() + limitSeconds * 1000;
  const pause = Math.max(10, Math.ceil(limitSeconds / pollsPerWait));
  while (workflow.now().getTime() < deadline) {
    const { newPods, restored } = yield* workflow.patiently.readRollout(of);
    if (restored && newPods.length === 0) return;
    const [pod] = newPods;
    if (evict && pod !== undefined) yield* workflow.patiently.evictPod({ ...of, pod });
    yield* workflow.sleepSeconds(pause);
  }
}
