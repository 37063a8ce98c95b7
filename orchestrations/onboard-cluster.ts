import { isClusterBusy } from '../domain/cluster';
import type { CreationSpec } from '../domain/creation-spec';
import { armName } from '../domain/ids';
import type { ClusterId } from '../domain/ids';
import { FailureError, failureOf } from '../domain/outcome';
import type { Failure } from '../domain/outcome';
import { creationPolicy, planCreation } from '../domain/plan/creation';
import type { PodIdentityChange } from '../domain/pod-identity/change';
import { planOnboarding } from '../domain/plan/onboarding-plan';
import type { OnboardingPlan } from '../domain/plan/onboarding-plan';
import type { StepKind } from '../domain/plan/steps';
import type { Policy } from '../domain/policy';
import type { PlanRecord, RunMode } from '../domain/records';
import { judge } from '../domain/rules/judge';
import type { Finding } from '../domain/rules/judge';
import type { ClusterSnapshot } from '../domain/snapshot';
import { applyPlan } from './apply-plan';
import type { PlannedCluster } from './apply-step';
import { planPodIdentity, withoutSettling } from './plan-pod-identity';
import type { Run, Workflow } from './workflow';

export interface OnboardClusterInput {
  readonly runId: string;
  readonly clusterId: ClusterId;
  /** `report` stores the plan; `apply` also carries it out. */
  readonly mode: RunMode;
  /** Who asked, and thereby approved the plan of mode `apply`. */
  readonly requestedBy: string;
  readonly policy: Policy;
  /** The last run of this cluster failed: see {@link planOnboarding}. */
  readonly ownFailure: boolean;
  /** The cluster does not exist yet, and is to become this. */
  readonly create?: CreationSpec;
  /** Nothing but this is to be done to the cluster. */
  readonly podIdentity?: PodIdentityChange;
}

export interface OnboardClusterReport {
  readonly state: 'succeeded' | 'failed';
  readonly applied: number;
  readonly failure?: Failure;
}

interface Applied {
  planId?: string;
  steps: number;
}

const busyPollSeconds = 120;
const busyPatienceMinutes = 180;

/**
 * Brings one cluster in order: read, plan, store the plan, carry it out step by step, and read again.
 * It has succeeded when the plan made from the last reading is empty, whatever Azure says.
 *
 * Safe to stop anywhere: every step checks before it changes, and the next run plans from what it
 * finds. Ends with a report, also when a step is refused; the steps before it stay applied.
 */
export function* onboardCluster(
  workflow: Workflow,
  input: OnboardClusterInput,
): Run<OnboardClusterReport> {
  const applied: Applied = { steps: 0 };
  const startedAt = workflow.now().toISOString();
  let failure: Failure | undefined;
  try {
    yield* bringInOrder(workflow, input, applied);
  } catch (error) {
    failure = failureOf(error);
  }
  const report: OnboardClusterReport = {
    state: failure ? 'failed' : 'succeeded',
    applied: applied.steps,
    ...(failure && { failure }),
  };
  const { runId, clusterId } = input;
  const policy = policyOf(input);
  const planId = applied.planId ?? '';
  const endedAt = workflow.now().toISOString();
  const occasion = { asOf: endedAt, cause: runId };
  try {
    yield* workflow.activities.judgeCluster({ clusterId, policy, afterRun: '', ...occasion });
  } catch {
    // What the cluster looks like now is good to know, but not what the run is about.
  }
  yield* conclude(workflow, { runId, clusterId, planId, startedAt, endedAt, ...report });
  workflow.log.info('onboarding.finished', { runId, clusterId, state: report.state });
  return report;
}

/** A run that cannot be written down must not look done: then the instance itself fails. */
function* conclude(
  { activities }: Workflow,
  end: Parameters<Workflow['activities']['concludeRun']>[0],
): Run<void> {
  try {
    yield* activities.concludeRun(end);
  } catch (error) {
    throw new Error(failureOf(error).message, { cause: error });
  }
}

function* bringInOrder(
  workflow: Workflow,
  input: OnboardClusterInput,
  applied: Applied,
): Run<void> {
  const { mode, create } = input;
  workflow.report({ step: 'read', done: 0, total: 1 });
  const {
    cluster,
    plan: wanted,
    findings,
  } = yield* create ? planNewCluster(workflow, input, create) : planPresentCluster(workflow, input);
  const plan = yield* store(workflow, input, { armId: cluster.armId, plan: wanted, findings });
  applied.planId = plan.id;
  const { runId, clusterId } = input;
  workflow.log.info('onboarding.planned', { runId, clusterId, mode, steps: plan.steps.length });
  if (mode === 'report') return;

  const [blocker] = plan.blockers;
  if (blocker) throw new FailureError(blocker);
  // A history of a version that knew no such check has stored a plan without the mark.
  if (plan.preflight && plan.steps.length > 0) {
    yield* workflow.activities.checkRights({ clusterId, planId: plan.id });
  }
  const policy = input.podIdentity ? withoutSettling(input.policy) : policyOf(input);
  yield* applyPlan(workflow, { cluster, plan, policy }, (done) => {
    applied.steps = done;
  });
  yield* verify(workflow, input, { planId: plan.id, latestImages: cluster.latestImages ?? {} });
}

interface Planned {
  readonly cluster: PlannedCluster;
  readonly plan: OnboardingPlan;
  readonly findings: readonly Finding[];
}

function* planPresentCluster(workflow: Workflow, input: OnboardClusterInput): Run<Planned> {
  const { clusterId, mode, ownFailure, podIdentity } = input;
  const policy = policyOf(input);
  const asOf = workflow.now().toISOString();
  const cluster = yield* mode === 'report'
    ? workflow.activities.takeSnapshot({ clusterId, policy, asOf })
    : readWhenIdle(workflow, workflow.activities, input);
  const plan = podIdentity
    ? yield* planPodIdentity(workflow, podIdentity, { snapshot: cluster, policy, ownFailure })
    : planOnboarding(cluster, policy, { asOf, ownFailure });
  return { cluster, plan, findings: judge(cluster, { policy, asOf }).findings };
}

function* planNewCluster(
  workflow: Workflow,
  { clusterId, runId, policy }: OnboardClusterInput,
  spec: CreationSpec,
): Run<Planned> {
  const asOf = workflow.now().toISOString();
  const around = yield* workflow.activities.surveyCreation({ spec, policy, asOf });
  const { targetIdentity, targetKubelet } = around;
  return {
    cluster: {
      id: clusterId,
      armId: spec.cluster,
      name: armName(spec.cluster),
      ...(targetIdentity && { targetIdentity }),
      ...(targetKubelet && { targetKubelet }),
    },
    plan: planCreation(spec, { around, policy, runId, asOf }),
    findings: [],
  };
}

function* store(
  { activities, now }: Workflow,
  { runId, clusterId, mode, requestedBy }: OnboardClusterInput,
  planned: Pick<Planned, 'plan' | 'findings'> & { readonly armId: string },
): Run<PlanRecord> {
  const approvedBy = mode === 'apply' ? requestedBy : '';
  const asOf = now().toISOString();
  return yield* activities.storePlan({ ...planned, runId, clusterId, approvedBy, asOf });
}

/** What is wanted of this cluster: of a new one what its specification says. */
function policyOf({ policy, create }: OnboardClusterInput): Policy {
  return create ? creationPolicy(create, policy) : policy;
}

/** A cluster that somebody works on is left alone until they are done. */
function* readWhenIdle(
  workflow: Workflow,
  activities: Workflow['activities'],
  input: OnboardClusterInput,
): Run<ClusterSnapshot> {
  const { clusterId } = input;
  const policy = policyOf(input);
  const deadline = workflow.now().getTime() + busyPatienceMinutes * 60_000;
  for (;;) {
    const asOf = workflow.now().toISOString();
    const snapshot = yield* activities.takeSnapshot({ clusterId, policy, asOf });
    if (!isClusterBusy(snapshot) || snapshot.stopped) return snapshot;
    if (workflow.now().getTime() > deadline) {
      throw new FailureError({
        code: 'Conflict',
        message: `${snapshot.name} has been busy with another operation for hours.`,
        next: 'Wait until its provisioning state is Succeeded, then onboard it again.',
        target: snapshot.armId,
      });
    }
    const wait = { reason: 'operation-in-progress', text: 'Somebody else changes it' } as const;
    workflow.report({ step: 'read', done: 0, total: 1, wait });
    yield* workflow.sleepSeconds(busyPollSeconds);
  }
}

/**
 * Left to another plan: a flag of the subscription is taken back by whichever cluster is the last to stop
 * using it, and what became superfluous by this run is shown before it is taken away.
 */
const later: readonly StepKind[] = ['unregisterFeature', 'removeRoles'];

/** In order is what the plan would leave nothing to do for. An image released meanwhile is another plan. */
function* verify(
  workflow: Workflow,
  input: OnboardClusterInput,
  { planId, latestImages }: Pick<ClusterSnapshot, 'latestImages'> & { readonly planId: string },
): Run<void> {
  const { clusterId } = input;
  workflow.report({ step: 'verify', done: 1, total: 1, planId });
  const after = yield* readWhenIdle(workflow, workflow.patiently, input);
  const asOf = workflow.now().toISOString();
  const { podIdentity: change, ownFailure } = input;
  const policy = policyOf(input);
  const snapshot = { ...after, latestImages: { ...after.latestImages, ...latestImages } };
  const patient = { activities: workflow.patiently, now: workflow.now };
  const { steps: all } = change
    ? yield* planPodIdentity(patient, change, { snapshot, policy, ownFailure })
    : planOnboarding(snapshot, policy, { asOf });
  const steps = all.filter(({ kind }) => !later.includes(kind));
  if (steps.length === 0) return;
  throw new FailureError({
    code: 'NotVerified',
    message: `Every step ran, but the cluster still needs: ${steps.map(({ kind }) => kind).join(', ')}.`,
    next: 'Somebody may have changed the cluster meanwhile: look at its activity log, then onboard it again.',
    target: clusterId,
  });
}
