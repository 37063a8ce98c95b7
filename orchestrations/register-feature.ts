import { isRegistered } from '../domain/feature-state';
import { FailureError } from '../domain/outcome';
import { waiting } from './steps';
import type { Run, Workflow } from './workflow';

export interface FeatureInput {
  readonly subscriptionId: string;
  readonly feature: string;
}

// The documentation speaks of minutes, up to 15; a flag that needs Microsoft's approval never comes.
const patienceMinutes = 60;
const pollSeconds = 45;

/**
 * Registers a preview flag and refreshes its provider, without which the flag has no effect for
 * hours; then makes sure of both. They are settings of the whole subscription; whoever comes second waits
 * for the first.
 *
 * @throws FailureError `Unsupported` when this cloud or subscription does not offer the flag,
 * `FeaturePending` when it waits for Microsoft's approval, `FeatureVanished` when it is gone after it was
 * asked for, `DeadlineExceeded` when Azure does not get it done.
 */
export function* registerFeature(workflow: Workflow, input: FeatureInput): Run<{ state: string }> {
  const { activities } = workflow;
  const asked = yield* activities.requestFeature(changeOf(workflow, input));
  yield* waitForState(workflow, input, { state: asked.state, settled: isRegistered });
  if (asked.owned) {
    yield* activities.registerProvider({ ...changeOf(workflow, input), verb: 'register' });
  }
  yield* waitForProvider(workflow, input);
  const { state } = yield* activities.readFeature(input);
  if (!isRegistered(state)) throw vanished(input, state);
  return { state };
}

/** A change of a flag, in the name of this run. */
export function changeOf(
  { instanceId, now }: Workflow,
  input: FeatureInput,
): FeatureInput & { readonly runId: string; readonly asOf: string } {
  return { ...input, runId: instanceId, asOf: now().toISOString() };
}

/** Polls a flag until its state is one to settle for. */
export function* waitForState(
  workflow: Workflow,
  input: FeatureInput,
  {
    state: first,
    settled,
  }: { readonly state: string; readonly settled: (state: string) => boolean },
): Run<string> {
  const { activities, now, sleepSeconds } = workflow;
  const deadline = now().getTime() + patienceMinutes * 60_000;
  let state = first;
  while (!settled(state)) {
    if (state === 'Unavailable') throw vanished(input, state);
    if (now().getTime() > deadline) throw stuck(input, state);
    report(workflow, `${input.feature} is ${state}`, deadline);
    yield* sleepSeconds(pollSeconds);
    ({ state } = yield* activities.readFeature(input));
  }
  return state;
}

/** A flag counts once its provider has taken it in. */
function* waitForProvider(workflow: Workflow, input: FeatureInput): Run<void> {
  const { activities, now, sleepSeconds } = workflow;
  const [namespace = ''] = input.feature.split('/');
  const deadline = now().getTime() + patienceMinutes * 60_000;
  for (;;) {
    const { state } = yield* activities.readProvider(input);
    if (isRegistered(state)) return;
    if (now().getTime() > deadline) throw stuck({ ...input, feature: namespace }, state);
    report(workflow, `${namespace} is ${state}`, deadline);
    yield* sleepSeconds(pollSeconds);
  }
}

function report(workflow: Workflow, text: string, deadline: number): void {
  const until = new Date(deadline).toISOString();
  waiting(workflow, { reason: 'feature-registering', text, until });
}

function stuck({ feature, subscriptionId }: FeatureInput, state: string): FailureError {
  const message = `${feature} is still ${state} after ${patienceMinutes} minutes.`;
  const target = `/subscriptions/${subscriptionId}`;
  return new FailureError(
    state.toLowerCase() === 'pending'
      ? {
          code: 'FeaturePending',
          message,
          next: 'Ask Microsoft to approve the flag for the subscription, then onboard again.',
          target,
        }
      : {
          code: 'DeadlineExceeded',
          message,
          next: 'Look at the preview features of the subscription in the Azure portal, then onboard again.',
          target,
        },
  );
}

function vanished({ feature, subscriptionId }: FeatureInput, state: string): FailureError {
  return new FailureError({
    code: 'FeatureVanished',
    message: `${feature} was asked for and is ${state} now.`,
    next: 'Find out who took the flag back, or take it out of the policy: a preview that has ended needs none.',
    target: `/subscriptions/${subscriptionId}`,
  });
}
