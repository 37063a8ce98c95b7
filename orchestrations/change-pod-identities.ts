import { clusterIdParts } from '../domain/ids';
import type { ClusterId } from '../domain/ids';
import { FailureError } from '../domain/outcome';
import type { PodIdentityEdit } from '../domain/pod-identity/edits';
import { placeOf } from '../domain/pod-identity/profile';
import { podIdentityFeature } from '../domain/policy';
import type { Wait } from '../domain/progress';
import { changeOf } from './register-feature';
import { settle, waiting } from './steps';
import type { Run, Workflow } from './workflow';

export interface ChangePodIdentitiesInput {
  readonly clusterId: ClusterId;
  readonly edits: readonly PodIdentityEdit[];
  /** Switches the add-on on, too. */
  readonly enable?: { readonly kubenet: boolean };
}

// Azure documents up to ten minutes until a role assignment is honoured.
const patienceMinutes = 10;
const forRole = {
  minutes: patienceMinutes,
  wait: {
    reason: 'rbac-propagation',
    text: 'Azure does not honour the new role on the identity yet',
  },
} as const;
// A flag counts minutes after its provider was registered again, says the documentation of previews.
const forFlag = {
  minutes: 30,
  wait: {
    reason: 'feature-registering',
    text: 'Azure does not honour the flag of the add-on yet',
  },
} as const;
const pollSeconds = 60;

/**
 * Makes edits of the pod identities of a cluster in one write, and waits until Azure has assigned what was added. For
 * ten minutes a refusal over an identity that is being added is taken for a role that Azure does not honour yet;
 * Azure's own check is the evidence. A refusal over the flag makes it register the provider once more: whoever
 * registered the flag may not have come to that.
 *
 * @throws FailureError `NotVerified` when Azure reports success but an entry does not come up.
 */
export function* changePodIdentities(
  workflow: Workflow,
  input: ChangePodIdentitiesInput,
): Run<{ readonly changed: true }> {
  const start = workflow.now().getTime();
  for (let attempt = 1, refreshed = false; ; attempt += 1) {
    try {
      const operation = yield* workflow.activities.writePodIdentity(input);
      yield* settle(workflow, operation, { suffix: `write-${attempt}`, deadlineMinutes: 45 });
      break;
    } catch (error) {
      const why = whatToWaitFor(error, input);
      const deadline = start + (why?.minutes ?? 0) * 60_000;
      if (!why || workflow.now().getTime() >= deadline) throw error;
      if (why === forFlag && !refreshed) yield* refreshProvider(workflow, input);
      refreshed ||= why === forFlag;
      yield* wait(workflow, why.wait, deadline);
    }
  }
  yield* assigned(workflow, input);
  return { changed: true };
}

function whatToWaitFor(error: unknown, input: ChangePodIdentitiesInput) {
  if (isOverFlag(error, input)) return forFlag;
  return isOverAddedIdentity(error, input.edits) ? forRole : undefined;
}

function* refreshProvider(workflow: Workflow, { clusterId }: ChangePodIdentitiesInput): Run<void> {
  const { subscriptionId } = clusterIdParts(clusterId);
  const change = changeOf(workflow, { subscriptionId, feature: podIdentityFeature });
  yield* workflow.activities.registerProvider({ ...change, verb: 'register' });
}

function isOverFlag(error: unknown, { enable }: ChangePodIdentitiesInput): boolean {
  return (
    enable !== undefined && error instanceof FailureError && error.failure.code === 'FeaturePending'
  );
}

/** Entries that were added come up a little after the operation has ended. */
function* assigned(workflow: Workflow, { clusterId, edits }: ChangePodIdentitiesInput): Run<void> {
  const deadline = workflow.now().getTime() + patienceMinutes * 60_000;
  const added = edits.filter(({ edit }) => edit === 'addIdentity').map(placeOf);
  if (added.length === 0) return;
  for (;;) {
    const { podIdentity } = yield* workflow.activities.readCluster({ clusterId });
    const states = new Map(
      podIdentity.entries.map((one) => [placeOf(one), one.provisioningState.toLowerCase()]),
    );
    const rest = added.filter((place) => !isDone(states.get(place)));
    if (rest.length === 0) return;
    const isLost = rest.some((place) => ['failed', undefined].includes(states.get(place)));
    if (isLost || workflow.now().getTime() >= deadline) throw notAssigned(clusterId, rest);
    const text = `Azure assigns ${rest.join(', ')}`;
    yield* wait(workflow, { reason: 'operation-in-progress', text }, deadline);
  }
}

function isDone(state: string | undefined): boolean {
  return state === 'assigned' || state === 'succeeded';
}

function* wait(workflow: Workflow, why: Omit<Wait, 'until'>, deadline: number): Run<void> {
  waiting(workflow, { ...why, until: new Date(deadline).toISOString() });
  yield* workflow.sleepSeconds(pollSeconds);
}

/** Azure names the identity that it may not assign: one that was there before is dead, and no wait helps. */
function isOverAddedIdentity(error: unknown, edits: readonly PodIdentityEdit[]): boolean {
  if (!(error instanceof FailureError) || error.failure.code !== 'Conflict') return false;
  const message = error.failure.message.toLowerCase();
  return edits.some(
    (one) => one.edit === 'addIdentity' && message.includes(one.identity.resourceId.toLowerCase()),
  );
}

function notAssigned(clusterId: ClusterId, places: readonly string[]): FailureError {
  return new FailureError({
    code: 'NotVerified',
    message: `Azure reports the change as done, but these pod identities are not assigned: ${places.join(', ')}.`,
    next: 'Look at podIdentityProfile of the cluster, then ask for the change again.',
    target: clusterId,
  });
}
